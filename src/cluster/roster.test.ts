import { describe, expect, it } from 'vitest'
import { memoryLedger } from '../ledger/memory/memory.js'
import { createRoster, type Roster, rosterOf } from './roster.js'

const of = (...shares: number[]) => shares.map((share, i) => ({ gateway: `g${i}`, share }))

describe('what gateways give together', () => {
  it('is the whole credit once where as many run as are configured', () => {
    expect(rosterOf(of(1 / 3, 1 / 3, 1 / 3), 3)).toMatchObject({ says: null, tooMuch: false })
    expect(rosterOf(of(0.75, 0.25), 2)).toMatchObject({ says: null, tooMuch: false })
  })
  it('is too much with one more, and says what to set', () => {
    const { says, tooMuch } = rosterOf(of(0.5, 0.5, 0.5), 2)
    expect(tooMuch).toBe(true)
    expect(says).toContain('3 gateways run')
    expect(says).toContain('150 %')
    expect(says).toContain('failure.gateways to 3')
  })
  it('is less with fewer, which is no trouble', () => {
    expect(rosterOf(of(0.25), 4)).toMatchObject({ tooMuch: false, share: 0.25 })
    expect(rosterOf(of(0.25), 4).says).toContain('challenged sooner')
  })
})

describe('gateways that run', () => {
  const stage = () => {
    let now = 1_000_000
    const ledger = memoryLedger({ clock: () => now })
    const told: Roster[] = []
    const gateway = (name: string, gateways = 2) =>
      createRoster({
        ledger,
        holder: name,
        self: { gateway: name, share: 1 / gateways },
        gateways,
        clock: () => now,
        warn: (roster) => told.push(roster),
      })
    return { gateway, told, pass: (ms: number) => (now += ms) }
  }

  it('know each other, and miss who left or died', async () => {
    const { gateway, pass } = stage()
    const [a, b, c] = [gateway('a'), gateway('b'), gateway('c')]
    for (const one of [a, b, c, a]) await one.job.run()
    expect(
      a
        .now()
        .members.map(({ gateway: name }) => name)
        .sort(),
    ).toEqual(['a', 'b', 'c'])
    await b.leave()
    await b.job.run()
    await a.job.run()
    expect(a.now().members).toHaveLength(2)
    pass(25_000)
    await a.job.run()
    expect(a.now().members.map(({ gateway: name }) => name)).toEqual(['a'])
  })

  it('warn once of too many, not while one replaces another, and are in trouble until it is mended', async () => {
    const { gateway, told, pass } = stage()
    const all = [gateway('a'), gateway('b'), gateway('c')]
    const [a, , c] = all
    const beats = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 10_000) {
        pass(10_000)
        for (const one of all) await one.job.run()
      }
    }
    await beats(50_000)
    expect(told).toHaveLength(0)
    expect(a?.condition()).toMatchObject({ state: 'ok', figures: { running: 3, configured: 2 } })
    await beats(120_000)
    // each of them says so in its own log, once
    expect(told).toHaveLength(3)
    expect(a?.condition()).toMatchObject({ name: 'gateways', state: 'degraded' })
    expect(a?.condition().says).toContain('failure.gateways to 3')
    await c?.leave()
    await beats(10_000)
    expect(a?.condition()).toMatchObject({
      state: 'ok',
      says: '',
      figures: { running: 2, share: 1 },
    })
    expect(told).toHaveLength(3)
  })
})
