import type { Command } from 'commander'
import { type Config, type ConfigFlags, loadConfig } from './config.js'
import type { Terminal } from './terminal.js'

/** Where a command finds the installation. */
export const configFlags = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'deployment file (default: tollgate.yaml here, if there is one)')
    .option('--data <dir>', 'data directory (default: ./data)')

export const configOf = (command: Command, terminal: Terminal): Config =>
  loadConfig(command.optsWithGlobals<ConfigFlags>(), {
    env: terminal.env,
    cwd: terminal.cwd,
    warn: terminal.err,
  })
