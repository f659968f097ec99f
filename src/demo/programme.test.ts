import { describe, expect, it } from 'vitest'
import { MINUTE } from '../engine/units.js'
import { scenarioNamed } from '../lab/scenarios/catalogue.js'
import { createWorld } from '../lab/world/create-world.js'
import { eventOf, openEvent, PROGRAMME } from './programme.js'

const AT = Date.UTC(2026, 10, 21, 12)

describe('the programme', () => {
  const world = createWorld()

  it('has attacks of different kinds and a crowd that is none, each over within an hour', () => {
    expect(new Set(PROGRAMME.map(({ name }) => name)).size).toBe(PROGRAMME.length)
    expect(PROGRAMME[0]?.kind).toBe('attack')
    expect(PROGRAMME.some(({ kind }) => kind === 'trap')).toBe(true)
    for (const { lastsMs } of PROGRAMME) expect(lastsMs).toBeLessThanOrEqual(60 * MINUTE)
  })

  it.each(PROGRAMME.map((event) => [event.name, event] as const))(
    '%s asks from its beginning to its end, and other numbers in the next round',
    (_, event) => {
      const numbers = (round: number): Set<string> => {
        const found = new Set<string>()
        for (const actor of openEvent(event, AT, world, round))
          for (let n = 0; n < 300 && actor.nextAt() < AT + event.lastsMs; n++) {
            expect(actor.nextAt()).toBeGreaterThanOrEqual(AT)
            const { row, label } = actor.ask()
            expect(label).toBe(event.kind === 'attack' ? 'attack' : 'legit')
            found.add(row.to)
            actor.told?.(row, 'sent')
          }
        return found
      }
      const first = numbers(1)
      expect(first.size).toBeGreaterThan(30)
      expect(numbers(1)).toEqual(first)
      expect([...numbers(2)].filter((to) => first.has(to)).length).toBeLessThan(first.size / 10)
    },
  )

  it('plays a scenario of the laboratory from its first moment on', () => {
    const scenario = scenarioNamed('probe-then-burst')
    if (scenario === undefined) throw new Error('the laboratory has no such scenario any more')
    const event = eventOf(scenario)
    const [actor] = openEvent(event, AT, world, 1)
    const first = actor?.nextAt() ?? 0
    expect(first).toBeGreaterThanOrEqual(AT)
    // its probes come over four hours, eighteen hours before its burst is over
    expect(first).toBeLessThan(AT + 240 * MINUTE)
    expect(event.lastsMs).toBe(19 * 60 * MINUTE)
  })
})
