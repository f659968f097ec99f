import { Command, CommanderError } from 'commander'
import { addAudit } from './audit.js'
import { addBench } from './bench.js'
import { addDecide } from './decide.js'
import { addDemo } from './demo.js'
import { addDoctor } from './doctor.js'
import { addFailures } from './failures.js'
import { type CliFault, EXIT, type ExitCode, faultOf, usageFault } from './fault.js'
import { addKeys } from './keys.js'
import { addNumbers } from './numbers.js'
import { addPolicy } from './policy.js'
import { addPrivacy } from './privacy.js'
import { addReconcile } from './reconcile.js'
import { addReplay } from './replay.js'
import { addReport } from './report.js'
import { addSecret } from './secret-replace.js'
import { addServe } from './serve.js'
import { shown } from './shown.js'
import { addSimulate } from './simulate.js'
import type { GlobalFlags, Terminal } from './terminal.js'
import { addUsers } from './users.js'
import { VERSION } from './version.js'

const MORE = 'see tollgate --help'

/** Runs one command line. @returns what the process ends with */
export async function run(args: readonly string[], given: Terminal): Promise<ExitCode> {
  const terminal = commandless(given)
  const flags = flagsOf(args)
  const program = programFor(terminal, flags)
  try {
    await program.parseAsync([...args], { from: 'user' })
    return EXIT.ok
  } catch (error) {
    if (!(error instanceof CommanderError)) return tell(error, flags, terminal)
    if (error.exitCode === 0) return EXIT.ok
    return flags.json ? tell(misused(error), flags, terminal) : EXIT.usage
  }
}

/** What commander says of a command line to people, for whoever asked for JSON. */
function misused(error: CommanderError): CliFault {
  const message =
    error.code === 'commander.help' ? 'no command is named' : error.message.replace(/^error: /, '')
  return usageFault(message, MORE, error)
}

/** Whatever a verb tells, none of it is a command to the terminal. */
const commandless = ({ out, err, progress, ...rest }: Terminal): Terminal => ({
  ...rest,
  out: (text) => out(shown(text)),
  err: (text) => err(shown(text)),
  progress: progress === null ? null : (text) => progress(shown(text)),
})

// Flags are read from the line itself: parsing may not have come far enough to know them.
const flagsOf = (args: readonly string[]): GlobalFlags => ({
  json: args.includes('--json'),
  debug: args.includes('--debug'),
})

function tell(error: unknown, flags: GlobalFlags, terminal: Terminal): ExitCode {
  const fault = faultOf(error)
  if (flags.json) {
    if (!fault.told)
      terminal.out(
        JSON.stringify({ error: { message: fault.message, mend: fault.mend, exit: fault.exit } }),
      )
  } else {
    terminal.err(`tollgate: ${fault.message}`)
    if (fault.mend !== null) terminal.err(`  ${fault.mend}`)
  }
  if (flags.debug) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      terminal.err(cause.stack ?? String(cause))
  }
  return fault.exit
}

/** A variable of the shell that is not set leaves an empty word: `--data "$DIR"` would be the working directory. */
function refuseEmpty(command: Command): void {
  const isEmpty = (given: unknown): boolean =>
    Array.isArray(given) ? given.some(isEmpty) : typeof given === 'string' && given.trim() === ''
  const empty = [
    ...command.options.flatMap((option) =>
      isEmpty(command.getOptionValue(option.attributeName())) ? [option.long ?? option.flags] : [],
    ),
    ...command.registeredArguments.flatMap((argument, i) =>
      isEmpty(command.processedArgs[i]) ? [`<${argument.name()}>`] : [],
    ),
  ]
  if (empty.length > 0)
    throw usageFault(`${empty.join(', ')}: nothing is given`, 'give a value, or leave it out')
}

function programFor(terminal: Terminal, { json }: GlobalFlags): Command {
  const program = new Command('tollgate')
    .description('Gateway for phone verification that refuses SMS pumping.')
    .version(VERSION, '-V, --version')
    .option('--json', 'answer as JSON on standard output')
    .option('--debug', 'show where in the code an error came from')
    .showSuggestionAfterError()
    .showHelpAfterError(`(${MORE})`)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.out(text.replace(/\n$/, '')),
      writeErr: (text) => {
        if (!json) terminal.err(text.replace(/\n$/, ''))
      },
    })
    .exitOverride()
    .hook('preAction', (_, command) => refuseEmpty(command))
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 the answer is no, 2 command line or configuration, 3 ledger or data directory;
of audit and reconcile: 3 more than --fail-above allows.

Examples:
  $ tollgate audit messages.csv
  $ tollgate demo
  $ tollgate serve
  $ tollgate decide +2348031234567 --ip 105.112.3.4
  $ tollgate policy bound policy.yaml
  $ tollgate replay traffic.ndjson --policy policy.yaml --out decisions.ndjson`,
    )
  for (const add of [
    addServe,
    addDemo,
    addDecide,
    addReplay,
    addSimulate,
    addAudit,
    addReconcile,
    addReport,
    addBench,
    addPolicy,
    addKeys,
    addUsers,
    addNumbers,
    addSecret,
    addPrivacy,
    addDoctor,
    addFailures,
  ])
    add(program, terminal)
  return program
}
