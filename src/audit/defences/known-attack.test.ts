import { expect, it } from 'vitest'
import { labelledLog } from '../../../test/fakes/labelled-log.js'
import { ATTACKS } from '../../lab/scenarios/attacks.js'
import { loadPolicy } from '../../policy/load.js'
import { analyse } from '../analyse/analyse.js'
import { costModels } from '../costs/cost-models.js'
import { suggestPolicy } from '../suggest/suggest-policy.js'
import { wouldHaveSaved } from './would-have-saved.js'

it('from a log with a known attack to what would have stopped it, its costs and a policy', async () => {
  const scenario = ATTACKS.find(({ name }) => name === 'four-blocks')
  if (scenario === undefined) throw new Error('no scenario four-blocks')
  const truth = labelledLog(scenario, { scale: 0.03, days: 9 })
  const { log, markets } = truth
  const judged = analyse(log, { markets, currency: 'USD' })
  let pumped = 0
  for (let row = 0; row < log.size; row++)
    pumped += (truth.probability[row] ?? 0) * ((log.columns.priceMicro[row] ?? 0) / 1e6)

  const savings = await wouldHaveSaved(log, judged, { markets, maxReplayed: 2_000 })
  const gate = savings.find(({ defence }) => defence === 'tollgate')
  expect(gate?.saved).toBeGreaterThan(0.85 * pumped)
  expect(gate?.saved).toBeLessThan(1.15 * pumped)
  expect(gate?.touched).toBeLessThan(0.02)

  const { models } = costModels(log, judged, { markets, ...(gate && { saving: gate }) })
  const total = (name: string) => models.find((model) => model.name === name)?.total ?? Number.NaN
  expect(total('per_message')).toBeCloseTo(judged.spend.total, 6)
  expect(total('with_gate')).toBeLessThan(total('per_message') - 0.8 * pumped)
  expect(total('per_success')).toBeGreaterThan(total('per_message'))

  const { yaml } = suggestPolicy(log, judged, { markets })
  const policy = loadPolicy(yaml)
  if (!policy.ok) throw new Error(yaml)
  const listed = policy.defaults.lists.deny.map((entry) => entry.slice(0, -1))
  const attacked = Array.from({ length: log.size }, (_, row) => row)
    .filter((row) => truth.certainty[row] === 3)
    .map((row) => `+${log.columns.number[row]}`)
  const covered = attacked.filter((number) => listed.some((prefix) => number.startsWith(prefix)))
  expect(covered.length / attacked.length).toBeGreaterThan(0.9)
})
