import { expect, it } from 'vitest'
import type { Incident, NamedRange } from '../../engine/detect/change.js'
import { isSameIncident } from './same-incident.js'

const range = (level: NamedRange['level'], key: string, operatorRange = 'NG/MTN'): NamedRange => ({
  ...{ level, key, operatorRange, country: 'NG' },
  ...{ sent: 20, verified: 0, expected: 14, evidence: 20 },
})
const incident = (ranges: NamedRange[], more: Partial<Incident> = {}): Incident => ({
  ...{ id: 'inc_1', kind: 'attack', state: 'open', service: 'signup', countries: ['NG'] },
  ...{ ranges, sources: [], firstSendAt: 0, openedAt: 0, containedAt: null, closedAt: null },
  ...{ closedAs: null, lostMicroUsd: 0, savedMicroUsd: 0, refusedNumbers: 0, falsePositives: 0 },
  ...more,
})

it.each<[string, Incident, Incident, boolean]>([
  [
    'a block and one of its sub-blocks',
    incident([range('block', '+234805100')]),
    incident([range('subBlock', '+2348051001')]),
    true,
  ],
  [
    'the operator that holds the block',
    incident([range('operator', 'NG/MTN')]),
    incident([range('block', '+234805100')]),
    true,
  ],
  [
    'all of abroad and a country',
    incident([range('abroad', '*')]),
    incident([range('country', 'TJ')]),
    true,
  ],
  [
    'other blocks',
    incident([range('block', '+234805100')]),
    incident([range('block', '+234805200')]),
    false,
  ],
  [
    'another service',
    incident([range('block', '+234805100')]),
    incident([range('block', '+234805100')], { service: 'login' }),
    false,
  ],
  [
    'an attack and an outage',
    incident([range('country', 'NG')]),
    incident([], { kind: 'outage' }),
    false,
  ],
  [
    'two outages of a route',
    incident([], { kind: 'outage' }),
    incident([], { kind: 'outage' }),
    true,
  ],
])('%s', (_, a, b, same) => {
  expect([isSameIncident(a, b), isSameIncident(b, a)]).toEqual([same, same])
})
