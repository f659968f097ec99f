import { describe, expect, it } from 'vitest'
import { potential, row } from '../../../test/fakes/asked-rows.js'
import { SECOND } from '../../engine/units.js'
import type { LabelledRow } from '../actors/actor.js'
import type { Contender, ContenderVerdict } from '../contender.js'
import { contest } from '../contest.js'
import { createRowFacts, labSources } from '../row-facts.js'
import { earnedMicroUsd, metered } from './earnings.js'

const challenge = (proof: NonNullable<ContenderVerdict['proof']>): ContenderVerdict => ({
  verdict: 'challenge',
  reasons: [],
  proof,
})

describe('what an attack costs', () => {
  it('counts what he does, and nothing of what people do', async () => {
    const script: Record<string, ContenderVerdict> = {
      pow: challenge('pow'),
      captcha: challenge('captcha'),
      deny: { verdict: 'deny', reasons: [] },
    }
    const inner: Contender = {
      name: 'scripted',
      decide: ({ deviceId }, _, solved) =>
        (solved ? undefined : script[deviceId ?? '']) ?? { verdict: 'allow', reasons: [] },
      outcome: () => undefined,
    }
    const unable = potential({ solves: { pow: false, captcha: false, channel: false } })
    const asks: [id: string, device: string, what?: typeof unable][] = [
      ['people:1', 'pow'],
      ['people:2', 'allow'],
      ['redteam:1', 'pow'],
      ['redteam:2', 'captcha'],
      ['redteam:3', 'captcha', unable],
      ['redteam:4', 'deny'],
      ['redteam:5', 'allow', potential({ verifiedMs: null })],
    ]
    const rows = asks.map(
      ([id, deviceId, what = potential()], i): LabelledRow => ({
        row: row(id, i * SECOND, { deviceId, potential: what }),
        label: id.startsWith('people') ? 'legit' : 'attack',
        campaign: null,
      }),
    )
    let next = 0
    const { contender, spent } = metered(inner)
    const { attack } = await contest({
      contender,
      rowFacts: createRowFacts(labSources()),
      source: {
        nextAt: () => rows[next]?.row.at ?? Number.POSITIVE_INFINITY,
        ask: () => rows[next++] as LabelledRow,
      },
    })
    expect(attack.sent).toBe(3)
    expect(spent).toEqual({ requests: 5, pow: 1, captcha: 1, verified: 2 })
  })

  it('is taken from his part of the price; only who does not hold the numbers pays for codes', () => {
    const spent = { requests: 1_000, pow: 100, captcha: 10, verified: 5 }
    const revenue = 0.4 * 2_000_000
    const costs = 1_000 * 300 + 100 * 10 + 10 * 2_000
    expect(earnedMicroUsd('range-holder', 2_000_000, spent)).toBeCloseTo(revenue - costs, 6)
    expect(earnedMicroUsd('outsider', 2_000_000, spent)).toBeCloseTo(revenue - costs - 500_000, 6)
  })
})
