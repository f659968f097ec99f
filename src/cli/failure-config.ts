import { type Static, Type } from '@sinclair/typebox'
import { LINES_POLICIES } from '../lines/degraded/fail-safe.js'
import { parseDuration } from '../policy/units.js'
import { DEFAULT_FAILURE, type FailurePolicy } from '../verify/failure.js'
import { usageFault } from './fault.js'

const one = <const T extends readonly string[]>(names: T, description: string) =>
  Type.Optional(
    Type.Union(
      names.map((name) => Type.Literal(name as T[number])),
      { description: `${names.join(', ')}: ${description}` },
    ),
  )
const whole = (minimum: number, maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, maximum, description }))

/** `failure` of the deployment file: what happens when something is lost that a gateway depends on. */
export const FailureFile = Type.Object(
  {
    lines: one(LINES_POLICIES, 'the shared store of lines is lost; default degraded'),
    gateways: whole(
      1,
      1_000,
      'gateways on one store at most; each decides alone on its share; default 2',
    ),
    share: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'part of the credit that each gives alone, over 0 to 1; default 1/gateways',
      }),
    ),
    linesTimeoutMs: whole(10, 10_000, 'ms for one call to the store of lines; default 250'),
    ledger: one(['refuse', 'spool'], 'the shared ledger is lost; default refuse'),
    ledgerTimeoutMs: whole(100, 60_000, 'ms for a commit before it is spooled; default 2000'),
    spoolBytes: whole(65_536, 2 ** 36, 'bytes of the spool at most; default 67108864'),
    spoolAge: Type.Optional(
      Type.String({
        pattern: '^(\\d+(\\.\\d+)?[smhd])+$',
        description: 'age of its oldest record at most, e.g. 10m, the default',
      }),
    ),
    unknownSend: one(
      ['stop', 'next'],
      'a message may have gone out: no other, or one of the next provider; default stop',
    ),
    requestMs: whole(
      100,
      600_000,
      'ms that a request waits for its stores before it gets 503; default 10000',
    ),
    clockStepMs: whole(100, 3_600_000, 'ms of a step of the clock that is told; default 2000'),
    maxInFlight: whole(8, 1_000_000, 'requests at work from which new ones get 503; default 1000'),
    loopDelayMs: whole(
      10,
      60_000,
      'ms the event loop may be late before new ones get 503; default 300',
    ),
  },
  { additionalProperties: false },
)

/** @throws CliFault for values that do not go together */
export function failureConfig(written: Static<typeof FailureFile> = {}): FailurePolicy {
  const { spoolAge, gateways = DEFAULT_FAILURE.gateways, ...rest } = written
  const age = spoolAge === undefined ? { value: DEFAULT_FAILURE.spoolMs } : parseDuration(spoolAge)
  if (!('value' in age)) throw usageFault(`failure.spoolAge: ${age.wrong}`, age.hint)
  const policy = { ...DEFAULT_FAILURE, share: 1 / gateways, ...rest, gateways, spoolMs: age.value }
  const { ledger, ledgerTimeoutMs, requestMs } = policy
  if (ledger === 'spool' && ledgerTimeoutMs >= requestMs)
    throw usageFault(
      `failure.ledgerTimeoutMs is ${ledgerTimeoutMs} and failure.requestMs ${requestMs}: requests would be answered 503 before anything is spooled`,
      'make failure.requestMs the longer one, by some seconds',
    )
  return policy
}
