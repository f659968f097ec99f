import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { torn } from './damage.js'
import { oddText } from './odd.js'

const FOLDER = new URL('../fixtures/logs/', import.meta.url)
/** Message logs as providers write them. */
const WHOLE = readdirSync(FOLDER)
  .sort()
  .map((name) => readFileSync(new URL(name, FOLDER)))

/** A log whose fields were exchanged for others: as many columns as before, in rows as before. */
const refilled = fc
  .tuple(
    fc.constantFrom(...WHOLE),
    fc.array(fc.tuple(fc.nat(2_000), oddText), { minLength: 1, maxLength: 4 }),
  )
  .map(([log, changes]) => {
    // a field is what stands between commas, quotes and line ends
    const parts = log.toString('utf8').split(/([",\n])/)
    for (const [at, text] of changes) parts[(at * 2) % parts.length] = text
    return Buffer.from(parts.join(''))
  })

/** Of the day that the gateway under test has sent on. */
const OF_THE_DAY = `sid,date_sent,to,status,price,price_unit
SM1,2026-11-21T12:10:00Z,+2348051230000,delivered,-0.05,USD
`
export const wholeLogs = fc.constantFrom(...WHOLE, Buffer.from(OF_THE_DAY))

/** Message logs that somebody has been at. */
export const logFiles: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...WHOLE) },
  { weight: 4, arbitrary: torn(fc.constantFrom(...WHOLE)) },
  { weight: 4, arbitrary: refilled },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)) },
)
