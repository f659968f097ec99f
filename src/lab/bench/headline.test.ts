import { describe, expect, it } from 'vitest'
import { result } from '../../../test/fakes/bench-results.js'
import { cellOf } from './cell.js'
import { atFixedHarm, pointOf } from './curve.js'
import { beatenIn, headlines } from './headline.js'
import { createResults } from './results.js'

/** Two contenders, three attacks and a trap, three seeds. */
const all = [1, 2, 3].flatMap((seed) =>
  ['tollgate', 'peer'].flatMap((contender) => [
    ...['a', 'b', 'c'].map((scenario, i) =>
      result({
        seed,
        contender,
        scenario,
        leaked: contender === 'peer' ? 500_000 : 10_000 * (i + 1),
        lost: contender === 'peer' ? 0 : 1,
      }),
    ),
    result({ seed, contender, scenario: 'trap', kind: 'trap', lost: contender === 'peer' ? 8 : 0 }),
  ]),
)

describe('a headline', () => {
  const [ours, theirs] = headlines(createResults(all), 'tollgate')

  it('takes leak over attacks and harm over everything', () => {
    expect(ours).toMatchObject({
      contender: 'tollgate',
      medianLeak: { value: 0.02 },
      worstLeak: { value: 0.03 },
      worstScenario: 'c',
      lost: { value: 3 / 4_000 },
      against: null,
    })
    expect(theirs).toMatchObject({ lost: { value: 8 / 4_000 }, worstLeak: { value: 0.5 } })
    expect(theirs?.worstCountry).toMatchObject({ country: 'NG', scenario: 'trap', lost: 0.008 })
  })

  it('compares on the same seeds', () => {
    expect(theirs?.against?.medianLeak.value).toBeCloseTo(0.48)
    expect(theirs?.against?.lost).toMatchObject({ low: 0.00125, high: 0.00125 })
  })
})

it('compares only seeds that everybody has played, and scenarios too', () => {
  const short = all.filter((r) => !(r.seed === 2 && r.contender === 'peer' && r.scenario === 'b'))
  expect(createResults(short).seeds).toEqual([1, 3])
  const fewer = all.filter((r) => !(r.contender === 'peer' && r.scenario === 'b'))
  expect(createResults(fewer).scenarios).toEqual(['a', 'c', 'trap'])
  expect(createResults(all, ['peer']).contenders).toEqual(['peer'])
})

it('tells of every attack in which another is better at no more harm', () => {
  const ours = cellOf([result({ leaked: 20_000, lost: 1, challenged: 1 })])
  const by = (contender: string, part: object) => cellOf([result({ contender, ...part })])
  const beaten = beatenIn(
    [
      ours,
      by('better', { leaked: 10_000, lost: 1, challenged: 1 }),
      by('harmful', { leaked: 10_000, lost: 2 }),
      by('asking', { leaked: 10_000, challenged: 2 }),
      by('leaking', { leaked: 30_000 }),
    ],
    'tollgate',
  )
  expect(beaten.map(({ by }) => by)).toEqual(['better'])
})

it('draws both axes', () => {
  const results = createResults(all)
  const point = pointOf(results, 'tollgate')
  expect(point).toMatchObject({ lost: 3 / 4_000, denied: 3 / 4_000 })
  expect(point.leak).toBeCloseTo(0.02)
})

it('chooses the setting at fixed harm on one set and shows it on the other', () => {
  const played = (set: 'tune' | 'report', setting: string, leaked: number, lost: number) => [
    { ...result({ contender: setting, scenario: `${set}-flood`, leaked }), set },
    { ...result({ contender: setting, scenario: `${set}-trap`, kind: 'trap', lost }), set },
  ]
  const curves = [
    { name: 'a', settings: ['tight', 'wide'] },
    { name: 'b', settings: ['harsh'] },
  ]
  const tune = [
    ...played('tune', 'tight', 20_000, 1),
    ...played('tune', 'wide', 90_000, 0),
    ...played('tune', 'harsh', 0, 2),
  ]
  const report = [
    ...played('report', 'tight', 50_000, 3),
    ...played('report', 'wide', 10_000, 0),
    ...played('report', 'harsh', 0, 0),
  ]
  // tight leaks least of those within 0.1 % on the tuning set: what the other set would have chosen does not count
  expect(atFixedHarm([...tune, ...report], curves)).toMatchObject({
    chosenOn: 'tune',
    reportedOn: 'report',
    rows: [
      { name: 'a', point: { contender: 'tight', leak: 0.05 } },
      { name: 'b', point: null },
    ],
  })
  expect(atFixedHarm(tune, curves)).toMatchObject({ chosenOn: 'tune', reportedOn: 'tune' })
  expect(atFixedHarm([result()], curves)).toBeNull()
})
