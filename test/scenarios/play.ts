import { USD } from '../../src/engine/units.js'
import { createRandom } from '../../src/lab/random.js'
import { createDecider } from '../../src/lab/replay.js'
import { memoryLines } from '../../src/lines/memory/memory.js'
import { createNetwork } from '../../src/network/source.js'
import { createPhone } from '../../src/phone/parse.js'
import { createCore } from '../../src/verify/core.js'
import {
  type Actor,
  type Expected,
  policyOf,
  read,
  type Scenario,
  type Variant,
} from './scenario.js'
import { rowsOf } from './traffic.js'

const phone = createPhone()
const network = createNetwork()

export interface Played {
  /** by actor; the actors of the background together are `background` */
  counts: Record<string, Expected>
  /** reasons of what was not allowed, by actor and code */
  reasons: Record<string, Record<string, number>>
  legit: Expected
}

const nothing = (): Expected => ({ asked: 0, sent: 0, usd: 0, challenged: 0, denied: 0 })

/** One variant of a scenario through the production core under virtual time. */
export async function play(scenario: Scenario, variant: Variant): Promise<Played> {
  const around =
    scenario.background === null || variant.background === false
      ? []
      : read<Actor[]>(scenario.background)
  const groups = new Map(around.map((actor) => [actor.name, 'background']))
  const changed = scenario.actors.map((actor) => ({ ...actor, ...variant.actors?.[actor.name] }))
  const actors = [...around, ...changed]
  const labels = new Map(actors.map((actor) => [actor.name, actor.label]))
  const outages = variant.outages ?? scenario.outages ?? []
  const rows: ReturnType<typeof rowsOf> = []
  for (const [i, actor] of actors.entries()) {
    for (const row of rowsOf(actor, outages, createRandom(scenario.seed * 1_000 + i)))
      rows.push(row)
  }
  rows.sort((a, b) => a.at - b.at)

  const core = createCore({
    policy: policyOf(scenario),
    policyVersion: 1,
    lines: memoryLines({ seed: scenario.seed }),
    facts: {
      parseNumber: phone.parse,
      sourceFacts: network.sourceFacts,
      priceOf: ({ country }) => Math.round((scenario.prices[country] ?? 0.1) * USD),
      numberKey: (e164) => e164,
    },
  })
  const { decide, finish } = createDecider(core)
  const played: Played = { counts: {}, reasons: {}, legit: nothing() }
  for (const row of rows) {
    const decided = await decide(row)
    if (decided === null) continue
    const group = groups.get(row.actor) ?? row.actor
    played.counts[group] ??= nothing()
    const sides = [played.counts[group]]
    if (labels.get(row.actor) === 'legit') sides.push(played.legit)
    const { verdict, sent, reasons } = decided.decision
    for (const side of sides) {
      side.asked++
      if (sent) side.sent++
      if (sent) side.usd += decided.priceMicroUsd
      if (verdict === 'challenge') side.challenged++
      if (verdict === 'deny') side.denied++
    }
    if (verdict === 'allow') continue
    played.reasons[group] ??= {}
    const by = played.reasons[group]
    for (const { code } of reasons) by[code] = (by[code] ?? 0) + 1
  }
  await finish()
  for (const side of [...Object.values(played.counts), played.legit]) side.usd /= USD
  return played
}
