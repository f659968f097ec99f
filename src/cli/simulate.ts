import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { SCENARIOS, scenarioNamed } from '../lab/scenarios/catalogue.js'
import { openScenario, type ScenarioData } from '../lab/scenarios/scenario.js'
import { pairs } from './columns.js'
import { usageFault } from './fault.js'
import { countOf } from './flag-values.js'
import { writeScenario, writtenText } from './simulate-files.js'
import { drive, drivenText } from './simulate-live.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

interface SimulateFlags extends GlobalFlags {
  list?: boolean
  seed: number
  scale: number
  days?: number
  service: string
  out?: string
  live?: string
  key?: string
  rate: number
  limit?: number
}

const positive =
  (most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() !== '' && value > 0 && value <= most) return value
    throw new InvalidArgumentError(`give a number above 0, at most ${most}`)
  }

/** Most that one key may ask of one node in a second by default; a gateway set otherwise says so by 429. */
const RATE_MOST = 10_000

export function addSimulate(program: Command, terminal: Terminal): void {
  program
    .command('simulate')
    .argument('[scenario]', 'name of a scenario; --list shows them')
    .description('make labelled traffic: into files for replay, or live against a gateway')
    .option('--list', 'list the scenarios')
    .option('--seed <n>', 'the same seed gives the same traffic', countOf, 1)
    .option('--scale <x>', "multiple of the people's usual number", positive(1_000), 1)
    .option('--days <n>', "days in all (default: the scenario's)", positive(3_660))
    .option('--service <name>', 'service of the policy that is asked', 'signup')
    .option('--out <dir>', 'write traffic.ndjson and labels.ndjson there')
    .option('--live <url>', 'ask the gateway at this URL')
    .option('--key <id:secret>', 'API key with scopes decide and outcomes, for --live')
    .option('--rate <n>', 'requests a second, for --live', positive(RATE_MOST), 10)
    .option('--limit <n>', 'stop after so many requests, for --live', countOf)
    .addHelpText(
      'after',
      `
Files are an open loop: attackers who move on when they are refused are told that everything was
sent. Against a gateway the loop is closed: they see its answers.

--live asks POST /v1/decisions at the given rate, whatever the hour of the scenario, and reports what
becomes of what was allowed (failed, verified, activated) by POST /v1/outcomes in the order of the
scenario's own clock: when its time has come, outcomes come. The gateway's own clock is not
compressed, so its windows and maturity are real time. Challenges are not solved.

Examples:
  $ tollgate simulate --list
  $ tollgate simulate four-blocks --seed 7 --out traffic/
  $ tollgate simulate four-blocks --live http://127.0.0.1:7700 --key "$KEY_ID:$KEY_SECRET" --rate 50`,
    )
    .action(async (name: string | undefined, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<SimulateFlags>()
      if (flags.list === true) return list(terminal, flags)
      const scenario = wanted(name)
      const opened = openScenario(scenario, {
        seed: flags.seed,
        scale: flags.scale,
        ...(flags.days !== undefined && { days: flags.days }),
      })
      const { service } = flags
      const progress =
        terminal.progress === null
          ? {}
          : { onProgress: (text: string) => terminal.progress?.(text) }
      if (flags.live !== undefined) {
        const { url, key } = gatewayOf(flags.live, flags.key)
        const { rate, limit = Number.POSITIVE_INFINITY } = flags
        const { source } = opened
        const summary = await drive({ source, service, url, key, rate, limit, ...progress })
        terminal.progress?.('')
        return answer(terminal, flags, { scenario: scenario.name, ...summary }, () =>
          drivenText(summary),
        )
      }
      if (flags.out === undefined)
        throw usageFault(
          'where should the traffic go?',
          'give --out <dir> for files, or --live <url> for a gateway',
        )
      const out = resolve(terminal.cwd, flags.out)
      const summary = await writeScenario({ opened, service, out, ...progress })
      terminal.progress?.('')
      answer(terminal, flags, { scenario: scenario.name, ...summary }, () =>
        writtenText(summary, flags.out ?? out),
      )
    })
}

function list(terminal: Terminal, flags: GlobalFlags): void {
  const shown = SCENARIOS.map(({ name, kind, title, platform, days, set }) => ({
    ...{ name, kind, title, platform, days, set },
  }))
  answer(terminal, flags, shown, () =>
    (['clean', 'trap', 'attack'] as const).flatMap((kind) => {
      const some = SCENARIOS.filter((scenario) => scenario.kind === kind)
      return [
        `${kind}:`,
        ...pairs(some.map(({ name, title }) => [`  ${name}`, title] as const)),
        '',
      ]
    }),
  )
}

function wanted(name: string | undefined): ScenarioData {
  if (name === undefined)
    throw usageFault('which scenario?', 'name one, or list them: tollgate simulate --list')
  const scenario = scenarioNamed(name)
  if (scenario === undefined)
    throw usageFault(`there is no scenario "${name}"`, 'list them: tollgate simulate --list')
  return scenario
}

function gatewayOf(live: string, key: string | undefined): { url: URL; key: string } {
  if (!URL.canParse(live) || !/^https?:$/.test(new URL(live).protocol))
    throw usageFault(`--live: "${live}" is no http URL`, 'such as http://127.0.0.1:7700')
  if (key === undefined || !/^[^:]+:.+$/.test(key))
    throw usageFault(
      '--live needs --key <id>:<secret>',
      'make one: tollgate keys create --name simulate --scopes decide,outcomes',
    )
  return { url: new URL(live), key }
}
