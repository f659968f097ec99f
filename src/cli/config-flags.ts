import type { Command } from 'commander'
import { type Config, type ConfigFlags, loadConfig } from './config.js'
import type { Terminal } from './terminal.js'

/**
 * Where a command finds the installation.
 * @param data what its help says of --data
 */
export const configFlags = (command: Command, data = 'data directory (default: ./data)'): Command =>
  command
    .option('-c, --config <file>', 'deployment file (default: tollgate.yaml here, if there is one)')
    .option('--data <dir>', data)

export const configOf = (command: Command, terminal: Terminal): Config =>
  loadConfig(command.optsWithGlobals<ConfigFlags>(), {
    env: terminal.env,
    cwd: terminal.cwd,
    warn: terminal.err,
  })
