import { expect, test } from 'vitest'
import { SECOND } from '../engine/units.js'
import { createConditions, type Dependency } from '../verify/conditions.js'
import { logConditions } from './conditions-log.js'

test('the log says once from when to when a store was in trouble, and of a peak nothing', async () => {
  const states = new Map<string, Dependency['state']>([
    ['ledger', 'ok'],
    ['load', 'ok'],
  ])
  const conditions = createConditions()
  conditions.add(() =>
    [...states].map(([name, state]) => ({
      ...{ name, state, since: null, figures: {} },
      says: state === 'ok' ? '' : `The ${name} is ${state}.`,
    })),
  )
  let now = 0
  const told: unknown[] = []
  const tell = (level: string) => (what: object, text: string) =>
    void told.push([level, what, text])
  const { run } = logConditions(conditions, { warn: tell('warn'), info: tell('info') }, () => now)
  for (const [ledger, load] of [
    ['ok', 'ok'],
    ['lost', 'degraded'],
    ['lost', 'ok'],
    ['degraded', 'ok'],
    ['ok', 'ok'],
    ['ok', 'ok'],
    ['lost', 'ok'],
  ] as const) {
    now += SECOND
    states.set('ledger', ledger).set('load', load)
    await run()
  }
  const dependency = 'ledger'
  expect(told).toEqual([
    ['warn', { dependency, state: 'lost' }, 'The ledger is lost.'],
    ['warn', { dependency, state: 'degraded' }, 'The ledger is degraded.'],
    ['info', { dependency, state: 'ok', forMs: 3 * SECOND }, 'ledger is well again'],
    ['warn', { dependency, state: 'lost' }, 'The ledger is lost.'],
  ])
})
