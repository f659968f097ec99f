import { type Command, InvalidArgumentError } from 'commander'
import type { Event } from '../demo/programme.js'
import type { Change } from '../engine/detect/change.js'
import { pairs } from './columns.js'
import { duration } from './duration.js'
import { usageFault } from './fault.js'
import { countOf, portOf } from './flag-values.js'
import { usd } from './money.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

interface DemoFlags extends GlobalFlags {
  port: number
  host: string
  speed: number
  scenario?: string
  attack: boolean
  days?: number
  seed: number
}

/** A day in a minute and a half; faster is a flicker. */
const FASTEST = 1_000

function speedOf(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 1 && value <= FASTEST) return value
  throw new InvalidArgumentError(`give a number from 1 to ${FASTEST}`)
}

export function addDemo(program: Command, terminal: Terminal): void {
  program
    .command('demo')
    .description(
      'show it at work: the gateway and its console on simulated traffic, attacks included',
    )
    .option('-p, --port <port>', 'port to listen on; 0 takes a free one', portOf, 7700)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--speed <x>', 'simulated time over real time', speedOf, 30)
    .option(
      '--scenario <name>',
      "an attack of the laboratory instead of the demo's own (tollgate simulate --list)",
    )
    .option('--no-attack', 'normal days only')
    .option(
      '--days <n>',
      'days of history (default: as many as this machine plays in some seconds)',
      countOf,
    )
    .option('--seed <n>', 'the same seed gives the same people and attackers', countOf, 1)
    .addHelpText(
      'after',
      `
Nothing leaves this process and nothing is written: the ledger is in memory, the telephones are simulated.
Whoever opens the page from this machine is signed in as an administrator of the simulation.

Examples:
  $ tollgate demo
  $ tollgate demo --scenario captcha-farm-100 --speed 60`,
    )
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<DemoFlags>()
      const chosen = await eventsOf(flags)
      const { startDemo } = await import('./demo-gateway.js')
      const started = performance.now()
      terminal.err('making some days of normal traffic first')
      const demo = await startDemo({
        ...chosen,
        host: flags.host,
        port: flags.port,
        speed: flags.speed,
        seed: flags.seed,
        ...(flags.days !== undefined && { historyDays: flags.days }),
        now: terminal.now(),
        realNow: () => performance.now(),
        logLevel: flags.debug ? 'info' : 'silent',
        onHistory: (done, requests) =>
          terminal.progress?.(
            `history ${Math.round(100 * done)} %, ${requests.toLocaleString('en')} requests`,
          ),
        onEvent: (event, what, at) => terminal.err(eventText(event, what, at)),
        onChange: (change, at) => {
          const text = changeText(change)
          if (text !== null) terminal.err(`${clockOf(at)}  ${text}`)
        },
      })
      terminal.progress?.('')
      const { url, historyDays } = demo
      const ended = untilSignal()
      answer(
        terminal,
        flags,
        { url, simulation: true, speed: flags.speed, historyDays, requests: demo.requests() },
        () => [
          `SIMULATION, ready after ${duration(performance.now() - started)}. No message leaves, nothing is kept.`,
          '',
          ...pairs([
            ['console', `${url}/`],
            ['history', `${historyDays} days, ${demo.requests().toLocaleString('en')} requests`],
            ['time', `${flags.speed} times as fast as real time`],
          ]).map((line) => `  ${line}`),
          '',
          ...(chosen.events?.length === 0
            ? ['Normal days only. Ctrl+C ends it.']
            : ['An attack begins in half a minute. Ctrl+C ends it.']),
          '',
        ],
      )
      await Promise.race([ended, demo.live()])
      await demo.close()
      terminal.err('stopped; everything is gone')
    })
}

async function eventsOf({ scenario, attack }: DemoFlags) {
  if (!attack) return { events: [] }
  if (scenario === undefined) return {}
  const [{ SCENARIOS, scenarioNamed }, { eventOf }] = await Promise.all([
    import('../lab/scenarios/catalogue.js'),
    import('../demo/programme.js'),
  ])
  const found = scenarioNamed(scenario)
  const playable = SCENARIOS.filter(({ actors }) => actors.length > 0)
  if (found === undefined || !playable.includes(found))
    throw usageFault(
      `no scenario "${scenario}" with somebody to play`,
      `choose one of: ${playable.map(({ name }) => name).join(', ')}`,
    )
  return { events: [eventOf(found)], platform: found.platform }
}

const clockOf = (at: number): string => new Date(at).toISOString().slice(11, 19)

const eventText = ({ kind, title }: Event, what: 'begins' | 'ends', at: number): string =>
  `${clockOf(at)}  ${kind === 'attack' ? 'attack' : 'trap'} ${what}${what === 'begins' ? `: ${title}` : ''}`

/** What is worth a line of a newcomer's terminal. */
function changeText(change: Change): string | null {
  if (change.type !== 'incident' || change.event === 'updated') return null
  const { event, incident } = change
  const { lostMicroUsd, savedMicroUsd, refusedNumbers, countries } = incident
  const where = countries.join(', ')
  return `${incident.kind} incident ${event}${where === '' ? '' : ` in ${where}`}: lost ${usd(lostMicroUsd)}, saved ${usd(savedMicroUsd)} by refusing ${refusedNumbers.toLocaleString('en')} numbers`
}

const untilSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.once(signal, () => resolve())
  })
