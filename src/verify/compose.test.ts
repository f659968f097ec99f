import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { DEFAULT_SERVICE } from '../engine/defaults.js'
import type { Policy } from '../engine/policy.js'
import { memoryLedger } from '../ledger/memory/memory.js'
import type { SharedLineStore } from '../lines/port.js'
import type { Provider } from '../send/port.js'
import { createSender } from '../send/sender.js'
import { type Composed, type ComposeOptions, compose } from './compose.js'
import { MORE, startUpkeep } from './upkeep.js'

const T0 = Date.UTC(2026, 10, 20, 12)
const MINUTE = 60_000
const directory = mkdtempSync(join(tmpdir(), 'tollgate-compose-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const POLICY: Policy = {
  version: 1,
  mode: 'enforce',
  spendCaps: [],
  services: { signup: { ...DEFAULT_SERVICE, name: 'signup', mode: 'enforce', markets: ['NG'] } },
  fallback: null,
}

function sending() {
  const bodies: string[] = []
  const provider: Provider = {
    name: 'own',
    async send({ body, idempotencyKey }) {
      bodies.push(body)
      return { ok: true, providerId: idempotencyKey, priceMicroUsd: null }
    },
    receipts: () => null,
  }
  const code = () => /\d{6}/.exec(bodies.at(-1) ?? '')?.[0] ?? ''
  return { sender: createSender({ providers: [provider] }), code }
}

const request = (n: number) => ({
  service: 'signup',
  to: `+23480312${String(30_000 + n).padStart(5, '0')}`,
  deviceId: `device-${n}`,
})
const utilisation = async ({ gate }: Composed, n = 0) => {
  const assessed = await gate.assess({ service: 'signup', to: request(n).to })
  return assessed.ok ? assessed.value.utilisation : Number.NaN
}
async function start({ gate }: Composed, n: number): Promise<string> {
  const started = await gate.start(request(n))
  if (!started.ok || started.value.verification.status !== 'sent') throw new Error('not sent')
  return started.value.verification.id
}

describe('lines are made again from the ledger', () => {
  test('also where the clock stepped back between charges: each settlement finds its charge', async () => {
    let now = T0
    const { sender, code } = sending()
    const ledger = memoryLedger()
    const options: ComposeOptions = {
      policy: POLICY,
      sender,
      ledger,
      clock: () => now,
      upkeep: false,
    }
    const live = await compose(options)
    const fresh = await utilisation(live)
    await start(live, 50_000)
    now -= 10 * MINUTE
    const id = await start(live, 0)
    now += 5_000
    expect((await live.gate.check(id, code())).ok).toBe(true)
    now = T0 + MINUTE
    const again = await compose(options)
    expect(again.restored).toMatchObject({ charges: 2, settlements: 1 })
    // repaid in full: nothing of it stays reserved
    expect(await utilisation(again)).toBeCloseTo(await utilisation(live), 3)
    expect(await utilisation(again)).toBeLessThan(fresh)
    await live.close()
  })

  test('a message that its session carried counts on its ranges again, where they have rate limits', async () => {
    let now = T0
    const { sender } = sending()
    const rateLimits = (['block', 'operator'] as const).map(
      (subject) => ({ subject, windowMs: 60 * MINUTE, limit: 2, action: 'deny' }) as const,
    )
    const signup = { ...DEFAULT_SERVICE, name: 'signup', mode: 'enforce' as const, rateLimits }
    const options: ComposeOptions = {
      policy: { ...POLICY, services: { signup } },
      ...{ sender, ledger: memoryLedger(), clock: () => now, upkeep: false },
    }
    const live = await compose(options)
    const id = await start(live, 0)
    now += 10_000
    expect(await live.gate.resend(id)).toMatchObject({ ok: true })
    const limits = async ({ gate }: Composed) => {
      const assessed = await gate.assess(request(1))
      return assessed.ok ? assessed.value.reasons.map(({ code }) => code) : []
    }
    const both = expect.arrayContaining(['block.messages', 'operator.messages'])
    expect(await limits(live)).toEqual(both)
    expect(await limits(await compose(options))).toEqual(both)
    await live.close()
  })

  test('a snapshot of more than the ledger has is not believed', async () => {
    let now = T0
    const { sender } = sending()
    const [data, backup] = [join(directory, 'data'), join(directory, 'backup.sqlite')]
    const options: ComposeOptions = {
      policy: POLICY,
      sender,
      data,
      clock: () => now,
      upkeep: false,
    }
    const first = await compose(options)
    await start(first, 0)
    await first.close()
    copyFileSync(join(data, 'ledger.sqlite'), backup)
    const second = await compose(options)
    expect(second.restored).toMatchObject({ snapshotAt: T0, charges: 0 })
    const one = await utilisation(second, 9)
    await start(second, 1)
    expect(await utilisation(second, 9)).toBeGreaterThan(one)
    await second.close()

    copyFileSync(backup, join(data, 'ledger.sqlite'))
    now += 1_000
    const restored = await compose(options)
    expect(restored.restored).toMatchObject({ snapshotAt: null, charges: 1 })
    expect(await utilisation(restored, 9)).toBeCloseTo(one, 3)
    await restored.close()
  })

  test('a right code whose settlement was lost with the process still counts', async () => {
    let now = T0
    const { sender, code } = sending()
    const ledger = memoryLedger()
    const options: ComposeOptions = {
      policy: POLICY,
      sender,
      ledger,
      clock: () => now,
      upkeep: false,
    }
    const live = await compose(options)
    const id = await start(live, 0)
    expect(code()).not.toBe('')
    // what a crash between the two leaves behind: the verification has succeeded, its credit is still reserved
    const row = await ledger.verification(id)
    await ledger.updateVerification(id, row?.version ?? -1, { status: 'verified', updatedAt: now })
    now += 3 * MINUTE
    expect(await live.gate.tick()).toBe(0)
    expect((await ledger.request(row?.requestId ?? ''))?.credit).toBe('earned')
    await live.close()
  })
})

test('the same policy started again keeps its version, another gets the next', async () => {
  const { sender } = sending()
  const ledger = memoryLedger()
  const options = { sender, ledger, upkeep: false } as const
  for (const [policy, version] of [
    [POLICY, 1],
    [POLICY, 1],
    [{ ...POLICY, mode: 'monitor' }, 2],
  ] as const) {
    expect((await compose({ ...options, policy })).gate.policy.version).toBe(version)
  }
  expect((await ledger.policies(9)).map(({ by }) => by)).toEqual(['start', 'start'])
})

test('entries of the operators’ lists hold from the start', async () => {
  const { sender } = sending()
  const ledger = memoryLedger()
  const entry = { list: 'deny', source: 'console', createdAt: T0, expiresAt: null } as const
  await ledger.putListEntry({ ...entry, entry: request(1).to })
  const { gate } = await compose({ policy: POLICY, sender, ledger, clock: () => T0, upkeep: false })
  expect(await gate.assess(request(1))).toMatchObject({ value: { verdict: 'deny' } })
  expect(await gate.assess(request(2))).toMatchObject({ value: { verdict: 'allow' } })
})

test('a gateway that cannot have its data directory leaves no shared store open', async () => {
  const data = join(directory, 'taken')
  const { sender } = sending()
  const first = await compose({ policy: POLICY, sender, data })
  const close = vi.fn()
  const store = { close } as unknown as SharedLineStore
  await expect(
    compose({ policy: POLICY, sender, data, shared: { gateway: 'second', store } }),
  ).rejects.toThrow('in use by another process')
  expect(close).toHaveBeenCalledOnce()
  await first.close()
})

describe('upkeep', () => {
  test('runs each job again and again, never twice at once, and tells failures', async () => {
    vi.useFakeTimers()
    const told: string[] = []
    let slowStarts = 0
    let finish = () => undefined as unknown
    const stop = startUpkeep(
      [
        {
          everyMs: 10,
          run: () => {
            slowStarts++
            return new Promise<void>((resolve) => {
              finish = resolve
            })
          },
        },
        { everyMs: 20, run: async () => Promise.reject(new Error('no')) },
      ],
      ({ message }) => told.push(message),
    )
    await vi.advanceTimersByTimeAsync(45)
    expect(slowStarts).toBe(1)
    expect(told).toEqual(['no', 'no'])
    finish()
    await vi.advanceTimersByTimeAsync(10)
    expect(slowStarts).toBe(2)

    let stopped = false
    const stopping = stop().then(() => {
      stopped = true
    })
    await vi.advanceTimersByTimeAsync(100)
    expect([stopped, slowStarts]).toEqual([false, 2])
    finish()
    await stopping
    expect(stopped).toBe(true)
    vi.useRealTimers()
  })

  test('runs a job that has more to do again at once, until all are to stop', async () => {
    vi.useFakeTimers()
    let rounds = 0
    let finish = (_: unknown) => undefined as unknown
    const round = () =>
      new Promise((resolve) => {
        rounds++
        finish = resolve
      })
    const stop = startUpkeep([{ everyMs: 1_000, run: round }], (error) => {
      throw error
    })
    await vi.advanceTimersByTimeAsync(1_000)
    finish(MORE)
    await vi.advanceTimersByTimeAsync(1)
    expect(rounds).toBe(2)
    finish(undefined)
    await vi.advanceTimersByTimeAsync(900)
    expect(rounds).toBe(2)
    await vi.advanceTimersByTimeAsync(100)
    expect(rounds).toBe(3)
    const stopping = stop()
    finish(MORE)
    await stopping
    expect(rounds).toBe(3)
    vi.useRealTimers()
  })
})
