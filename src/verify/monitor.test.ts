import { expect, it } from 'vitest'
import { MINUTE, SECOND } from '../engine/units.js'
import { memoryLedger } from '../ledger/memory/memory.js'
import { loadPolicy } from '../policy/load.js'
import type { Sender } from '../send/port.js'
import { compose } from './compose.js'

const T0 = Date.UTC(2026, 10, 2, 12)
const PRICE = 110_000

const sender = {
  send: async () => ({ ok: true, provider: 'test', providerId: 'm', priceMicroUsd: null }),
} as unknown as Sender

// dear messages use up the credit of a block before failures enough have matured to be evidence by themselves
it.each([
  ['monitor', 'each once'],
  ['monitor', 'each again'],
  ['monitor', 'beside others'],
  ['enforce', 'each once'],
  ['enforce', 'each again'],
  ['enforce', 'beside others'],
] as const)(
  'an attack is named in %s mode, though what goes over the lines has no outcome: %s',
  async (mode, how) => {
    const loaded = loadPolicy(
      `version: 1\nmode: ${mode}\nservices:\n  signup:\n    markets: [NG, GH, KE]\n`,
    )
    if (!loaded.ok) throw new Error('the policy of this test')
    let now = T0
    const ledger = memoryLedger({ clock: () => now })
    const { gate, core, lines, close } = await compose({
      ...{ policy: loaded.policy, sender, clock: () => now, upkeep: false, ledger },
    })
    let asked = 0
    if (how === 'beside others') {
      const charge = lines.charge.bind(lines)
      // once each block has had its first message, some find twice that somebody else was faster
      lines.charge = (query, demand, at) =>
        asked++ >= 63 && asked % 4 < 2 ? false : charge(query, demand, at)
    }
    let denied = 0
    const start = async (to: string, i: number, waitMs: number) => {
      const source = { ip: `105.112.${i % 200}.${i % 250}`, deviceId: `d${i}` }
      const asked = { service: 'signup', to, priceMicroUsd: PRICE, code: '123456', ...source }
      const begun = await gate.start(asked)
      if (!begun.ok) throw new Error(begun.error.message)
      if (begun.value.decision.would === 'deny') denied++
      now += waitMs
      await gate.tick()
      const { verification } = begun.value
      if (how === 'each again' && waitMs < 5 * SECOND && verification.status === 'sent')
        await gate.resend(verification.id, { code: '123456' })
      return verification
    }
    for (let i = 0; i < 60; i++) {
      const { id, status } = await start(`+234803${100 + 7 * i}${1000 + 31 * i}`, i, 5 * SECOND)
      if (status === 'sent' && i % 4 !== 3) await gate.check(id, '123456')
    }
    for (let i = 0; i < 150; i++)
      await start(`+234${805_100 + (i % 3)}${1000 + 11 * i}`, 1_000 + i, 3 * SECOND)

    const [incident] = core.detector.incidents()
    expect(incident?.ranges.map(({ key }) => key).join()).toContain('+234805100')
    if (mode === 'monitor') {
      expect(denied).toBeGreaterThan(100)
      // it goes on, and every message of it was paid for
      expect(incident).toMatchObject({ state: 'open', savedMicroUsd: 0, refusedNumbers: 0 })
    } else expect(incident?.savedMicroUsd).toBeGreaterThan(0)

    now += 3 * MINUTE
    await gate.tick()
    const [{ ranges = [], lostMicroUsd } = {}] = core.detector.incidents()
    const lost = await ledger.requests({ from: T0, to: now, credit: ['lost'], limit: 1_000 })
    const inRanges = lost.filter(({ number }) => ranges.some(({ key }) => number.startsWith(key)))
    expect(inRanges.length).toBeGreaterThan(mode === 'monitor' ? 80 : 5)
    expect(lostMicroUsd).toBe(inRanges.length * PRICE)
    await close()
  },
)
