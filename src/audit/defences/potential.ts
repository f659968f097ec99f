import { DEFAULT_SERVICE } from '../../engine/defaults.js'
import { SECOND } from '../../engine/units.js'
import { createRandom } from '../../lab/random.js'
import type { Potential } from '../../lab/traffic.js'
import { OUTCOME, STATUS } from '../message-log.js'
import type { Judged } from './judged.js'
import type { Survey } from './survey.js'

/**
 * From send to code where the log does not say when it was entered: lognormal fitted to published shares (68 % within
 * 30 s, 91 % within 60 s), never later than the usual life of a code.
 */
const VERIFY_MEDIAN_MS = 20.7 * SECOND
const VERIFY_SIGMA = 0.794
const VERIFY_MOST_MS = 590 * SECOND
const READ_MS = 2 * SECOND
const DELIVERED_MS = 3 * SECOND
/** Messages with a known outcome that a country needs to speak for its own unknown ones. */
const ENOUGH = 30

/** Spreads neighbouring rows over the seeds. */
const seedOf = (row: number, stream: number): number => Math.imul(row + 1, 0x9e3779b1) ^ stream
const OUTCOME_STREAM = 0x5eed
const PERSON_STREAM = 0xface

const PERSON = { pow: true, captcha: true, channel: true }
const MACHINE = { pow: false, captcha: false, channel: false }

/**
 * What would have become of each message, had it been sent: from the log where it says, else drawn once and for all by
 * its row. People are taken to solve every challenge.
 * @param attackersSolve whether whoever pumps does, too @default false
 */
export function potentialsOf(
  { log, places }: Survey,
  { probability }: Judged,
  markets: readonly string[],
  attackersSolve = false,
) {
  const { outcome, status } = log.columns
  const { countryOfRow, countries } = places
  const known = new Float64Array(countries.length)
  const entered = new Float64Array(countries.length)
  for (let row = 0; row < log.size; row++) {
    const said = outcome[row] as number
    if (said === OUTCOME.unknown) continue
    const at = countryOfRow(row)
    known[at] = (known[at] as number) + 1 - (probability[row] as number)
    if (said === OUTCOME.verified) entered[at] = (entered[at] as number) + 1
  }
  const { prior } = DEFAULT_SERVICE
  const usual = countries.map((name, at) =>
    (known[at] as number) >= ENOUGH
      ? Math.min(1, (entered[at] as number) / (known[at] as number))
      : markets.length === 0 || markets.includes(name)
        ? prior.markets
        : prior.elsewhere,
  )

  /** Whether the code would have been entered. */
  function verifies(row: number): boolean {
    const said = outcome[row] as number
    if (said !== OUTCOME.unknown) return said === OUTCOME.verified
    if (status[row] === STATUS.failed) return false
    const p = usual[countryOfRow(row)] as number
    return createRandom(seedOf(row, OUTCOME_STREAM)).next() < (1 - (probability[row] as number)) * p
  }

  return {
    attackersSolve,
    verifies,
    /** conversion of what is not pumped, by country of the survey; where the log is silent, the policy's prior */
    usual: usual as readonly number[],
    of(row: number): Potential {
      const random = createRandom(seedOf(row, PERSON_STREAM))
      const pumped = random.chance(probability[row] as number)
      const verified = verifies(row)
      const verifiedMs = random.lognormal(VERIFY_MEDIAN_MS, VERIFY_SIGMA)
      const failed = status[row] === STATUS.failed && !verified
      return {
        deliveredMs: DELIVERED_MS,
        deliveryError: failed ? 'failed' : null,
        verifiedMs: verified
          ? Math.round(Math.min(VERIFY_MOST_MS, Math.max(READ_MS, verifiedMs)))
          : null,
        solves: pumped && !attackersSolve ? MACHINE : PERSON,
        activates: verified,
      }
    },
    /** A number whose last digits the log masks, with digits drawn by its row: it is somebody, nobody knows who. */
    numberOf(row: number): string {
      const digits = log.columns.number[row] as number
      const masked = log.columns.masked[row] as number
      if (masked === 0) return `+${digits}`
      return `+${digits + createRandom(seedOf(row, masked)).below(10 ** masked)}`
    },
  }
}

export type Potentials = ReturnType<typeof potentialsOf>
