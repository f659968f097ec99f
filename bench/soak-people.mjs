// Who asks in the soak: an hour of a platform under attack, out of the laboratory, asked again every hour. The same people come back,
// so that what the gateway remembers of them is complete after the first hour, and what grows after it is a leak.
import { HOUR } from '../dist/engine/units.js'
import { scenarioNamed } from '../dist/lab/scenarios/catalogue.js'
import { openScenario } from '../dist/lab/scenarios/scenario.js'

const SCENARIO = 'one-block-many-proxies'

/** Lines and bounds as they are by default; limits on one person are as wide as it takes to come back every hour. */
export const SOAK_POLICY = `version: 1
mode: enforce
services:
  signup:
    markets: [DE, FR, ES, IT, GB, PL, NL]
    rateLimits:
${['number', 'ip', 'device', 'account'].map((per) => `      - { per: ${per}, window: 1h, max: 100, action: challenge }`).join('\n')}
`

/** @param count requests of the hour; the platform is as large as it takes */
export function hourOfRequests(count, seed) {
  const scenario = scenarioNamed(SCENARIO)
  if (scenario === undefined) throw new Error(`there is no scenario ${SCENARIO}`)
  const perDay = 20_000
  // the busiest hour of a day has about a twelfth of it
  const scale = Math.max(1, (count * 16) / perDay)
  const { source, attackFrom } = openScenario(scenario, { seed, scale })
  const rows = []
  while (source.nextAt() < attackFrom + HOUR / 2) source.ask()
  while (rows.length < count && source.nextAt() < Number.POSITIVE_INFINITY) {
    const { row, label } = source.ask()
    if (row.retryOf !== null) continue
    const body = {
      service: 'signup',
      to: row.to,
      code: '271828',
      context: Object.fromEntries(
        ['ip', 'deviceId', 'accountId', 'sessionId', 'userAgent']
          .map((name) => [name, row[name]])
          .filter(([, value]) => value !== null),
      ),
    }
    const verifies = label === 'legit' && row.potential.verifiedMs !== null
    rows.push({ body: JSON.stringify(body), label, verifies })
  }
  return rows
}
