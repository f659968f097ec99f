import { describe, expect, it } from 'vitest'
import { until } from '../../test/fakes/redis-server.js'
import { CODE, type Stage, TAKEN, twoGateways } from '../../test/fakes/two-gateways.js'
import { HOUR, MINUTE, SECOND } from '../engine/units.js'
import { memoryLines } from '../lines/memory/memory.js'

const TO = '+2348031234567'

/** One more message to the number, taken by its provider. @returns the verification */
async function sent(s: Stage): Promise<string> {
  const begun = s.gates[0]?.start({ service: 'signup', to: TO, code: CODE })
  await until('the message is with the provider', () => s.waiting.length === 1)
  s.answer(0, TAKEN)
  const result = await begun
  if (result?.ok !== true) throw new Error('not sent')
  s.wait(5 * SECOND)
  return result.value.verification.id
}

/** Three messages after the code of a session with two was entered. */
async function afterwards() {
  const s = twoGateways([memoryLines({ seed: 1 })])
  await sent(s)
  const id = await sent(s)
  expect(await s.gates[0]?.check(id, CODE)).toMatchObject({ ok: true })
  const ids = [await sent(s), await sent(s), await sent(s)]
  return { s, ids }
}

describe('a session that has verified', () => {
  it('carries no other message: its ranges have earned the first one', async () => {
    const { s } = await afterwards()
    for (const owed of await s.owed(TO)) expect(owed).toBeCloseTo(3, 3)
    s.wait(15 * MINUTE)
    await s.gates[0]?.tick()
    for (const { earned, lost } of await s.standing(TO))
      expect([earned, lost]).toEqual([expect.closeTo(1, 1), expect.closeTo(3, 1)])
  })

  it('has a code entered again repay all of it, and earn nothing more', async () => {
    const { s, ids } = await afterwards()
    expect(await s.gates[0]?.check(ids[2] ?? '', CODE)).toMatchObject({ ok: true })
    expect(await s.owed(TO)).toEqual([0, 0, 0])
    for (const { earned } of await s.standing(TO)) expect(earned).toBeCloseTo(1, 3)
  })

  it.each([-1, 1])(
    'carries none either where the application that says so has a clock that is an hour off: %i h',
    async (hours) => {
      const s = twoGateways([memoryLines({ seed: 1 })])
      const id = await sent(s)
      const [row] = await s.ledger.requests({ verificationId: id, limit: 1 })
      const told = { id, kind: 'verified' as const, at: (row?.at ?? 0) + hours * HOUR }
      expect(await s.gates[0]?.report([told])).toMatchObject([{ accepted: true }])
      await sent(s)
      for (const owed of await s.owed(TO)) expect(owed).toBeCloseTo(1, 3)
    },
  )
})
