import type { Command } from 'commander'
import { pairs } from './columns.js'
import { ENVIRONMENT } from './config-env.js'
import { configFlags, configOf } from './config-flags.js'
import { portOf } from './flag-values.js'
import { greetingText } from './greeting.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

/** A second signal, or this time, ends a shutdown that hangs, ms. */
const SHUTDOWN_MS = 20_000
/** Connections that proxies keep for the next request are used this often, or hardly at all, ms. */
const DRAIN_MS = 1_000

export function addServe(program: Command, terminal: Terminal): void {
  configFlags(program.command('serve'))
    .description('run the gateway: API, console, embedded store')
    .option('-p, --port <port>', 'port to listen on (default: 7700; 0 takes a free one)', portOf)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--policy <file>', 'policy file; changes take effect without a restart')
    .option('--prices <file>', 'price file of your provider: CSV, Twilio or Vonage JSON')
    .addHelpText(
      'after',
      () => `
Flags are stronger than the environment, and that than the file. Keys of tollgate.yaml:

${settingsText().join('\n')}

TOLLGATE_BOOTSTRAP_KEY=<id>:<secret> makes a first key with all scopes. TOLLGATE_SECRET is the key that
codes and challenges are signed with (default: <data>/server.key, made on the first start). Every name can
be given as a file too, as container platforms hand out secrets: TOLLGATE_SECRET_FILE=/run/secrets/key.
The answer is printed on standard output; the log goes to standard error, JSON lines.
SIGHUP reads the policy again; SIGTERM and SIGINT stop after the requests in flight.

Examples:
  $ tollgate serve
  $ tollgate serve --policy policy.yaml --port 8080
  $ tollgate serve --config /etc/tollgate/tollgate.yaml --json`,
    )
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags>()
      const config = configOf(command, terminal)
      const { startGateway } = await import('./gateway.js')
      const gateway = await startGateway({
        config,
        env: terminal.env,
        clock: terminal.now,
        // JSON on standard output stays JSON
        write: flags.json ? terminal.err : terminal.out,
      })
      const ended = untilSignal(() => gateway.reload())
      answer(terminal, flags, gateway.greeting, () => greetingText(gateway.greeting))
      const signal = await ended
      terminal.err(`${signal}: stopping after the requests in flight`)
      const late = setTimeout(() => {
        terminal.err(
          `not stopped after ${SHUTDOWN_MS / 1_000} s; what was recorded is safe, leaving`,
        )
        process.exit(1)
      }, SHUTDOWN_MS)
      process.once(signal === 'SIGHUP' ? 'SIGINT' : signal, () => process.exit(1))
      await gateway.close(DRAIN_MS)
      clearTimeout(late)
      terminal.err('stopped')
    })
}

/** Every key of the deployment file, with its name in the environment. */
const settingsText = (): string[] =>
  pairs(
    ENVIRONMENT.map(({ name, path, schema }): [string, string] => [
      `  ${path.join('.')}`,
      `${name}: ${schema.description ?? ''}`,
    ]),
  )

/** Resolves with the signal that asks for the end. */
function untilSignal(reload: () => Promise<void>): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
    process.on('SIGHUP', (signal) => {
      // with a terminal it says that the terminal was closed, without one it is the operator's word for "read again"
      if (process.stdin.isTTY) resolve(signal)
      else void reload()
    })
  })
}
