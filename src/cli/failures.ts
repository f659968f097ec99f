import type { Command } from 'commander'
import type { ProviderConfig } from '../send/config.js'
import { DEFAULT_FAILURE } from '../verify/failure.js'
import { columns } from './columns.js'
import type { Config } from './config.js'
import { configFlags, configOf } from './config-flags.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

/** What happens when one thing fails, as configured. */
export interface FailureInForce {
  what: string
  happens: string
  bound: string
  /** keys of `failure` that it goes by, and their values; `set`: other than by default */
  by: { key: string; value: string | number; set: boolean }[]
}

const seconds = (ms: number): string => `${ms / 1_000} s`
const percent = (share: number): string => `${Math.round(1_000 * share) / 10} %`
const mebibytes = (bytes: number): string => `${Math.round(bytes / 104_857.6) / 10} MiB`

/** Everything that can be lost in this deployment, and what its gateway does then. */
export function failuresInForce({
  failure,
  stores,
  send,
}: Pick<Config, 'failure' | 'stores' | 'send'>): FailureInForce[] {
  const by = (...keys: (keyof typeof DEFAULT_FAILURE)[]) =>
    keys.map((key) => {
      const set = failure[key] !== DEFAULT_FAILURE[key]
      // written as an age, such as 10m
      return key === 'spoolMs'
        ? { key: 'spoolAge', value: `${failure.spoolMs / 1_000}s`, set }
        : { key, value: failure[key], set }
    })
  const lines = {
    degraded: {
      happens: `each gateway decides on own lines, with ${percent(failure.share)} of the credit`,
      bound: `see: tollgate policy bound --gateways ${failure.gateways}`,
    },
    closed: { happens: '503 lines_unavailable; nothing is sent', bound: 'nothing is spent' },
    open: { happens: 'DECIDES WITHOUT LINES', bound: 'spend caps and limits only' },
  }[failure.lines]
  const ledger =
    failure.ledger === 'refuse' || stores.ledgerUrl === null
      ? { happens: '503 ledger_unavailable; nothing is sent', bound: 'nothing is spent' }
      : {
          happens: 'new codes are recorded on the own disk and sent; the rest gets 503',
          bound: `${mebibytes(failure.spoolBytes)}, ${seconds(failure.spoolMs)}; then 503`,
        }
  const providers = (send as ProviderConfig[]).filter(({ type }) => type !== 'console')
  return [
    stores.linesUrl === null
      ? { what: 'lines', happens: 'in this process: nothing to lose', bound: '', by: [] }
      : {
          what: 'shared lines',
          ...lines,
          by: by('lines', 'gateways', 'share', 'linesTimeoutMs'),
        },
    {
      what: stores.ledgerUrl === null ? 'ledger' : 'shared ledger',
      ...ledger,
      by: stores.ledgerUrl === null ? [] : by('ledger', 'ledgerTimeoutMs', 'spoolBytes', 'spoolMs'),
    },
    ...providers.map((provider): FailureInForce => {
      const { timeoutMs = 5_000, limits } = provider as Extract<ProviderConfig, { type: 'http' }>
      const { maxConcurrent = 256, queue = 0 } = limits ?? {}
      return {
        what: `provider ${provider.name}`,
        happens:
          failure.unknownSend === 'stop'
            ? 'the next one is asked, unless the message may have gone out'
            : 'the next one is asked, also where the message may have gone out',
        bound: `${seconds(timeoutMs)}, ${maxConcurrent} at once, ${queue} waiting`,
        by: by('unknownSend'),
      }
    }),
    {
      what: 'slow stores',
      happens: '503 stores_slow, and no code leaves for it any more',
      bound: `${seconds(failure.requestMs)} in all for one request`,
      by: by('requestMs'),
    },
    {
      what: 'clock',
      happens: 'a step is logged, counted and shown',
      bound: `from ${seconds(failure.clockStepMs)}`,
      by: by('clockStepMs'),
    },
    {
      what: 'overload',
      happens: '503 overloaded, new codes first',
      bound: `${failure.maxInFlight} at work, event loop ${failure.loopDelayMs} ms late`,
      by: by('maxInFlight', 'loopDelayMs'),
    },
  ]
}

export function addFailures(program: Command, terminal: Terminal): void {
  configFlags(program.command('failures'))
    .description('what this deployment does when something it depends on fails')
    .addHelpText(
      'after',
      `
What cannot be decided or recorded is refused with 503 and Retry-After; no check is ever skipped.
See docs/failure.md.

Examples:
  $ tollgate failures
  $ tollgate failures --config /etc/tollgate/tollgate.yaml --json`,
    )
    .action((_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags>()
      const failures = failuresInForce(configOf(command, terminal))
      answer(terminal, flags, { failures }, () => [
        ...columns(
          [{ title: 'what fails' }, { title: 'what happens' }, { title: 'bound' }],
          failures.map(({ what, happens, bound }) => [what, happens, bound]),
        ),
        '',
        ...failures
          .flatMap(({ by }) => by)
          .filter(({ key }, i, all) => all.findIndex((one) => one.key === key) === i)
          .map(({ key, value, set }) => `failure.${key}: ${value}${set ? '' : '  (default)'}`),
      ])
    })
}
