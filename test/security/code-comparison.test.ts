import { beforeEach, describe, expect, test, vi } from 'vitest'

const counts = vi.hoisted(() => ({ hmacs: 0, compared: [] as number[] }))
vi.mock('node:crypto', async (importOriginal) => {
  const crypto = await importOriginal<typeof import('node:crypto')>()
  return {
    ...crypto,
    createHmac: (...args: Parameters<typeof crypto.createHmac>) => {
      counts.hmacs++
      return crypto.createHmac(...args)
    },
    timingSafeEqual: (...args: Parameters<typeof crypto.timingSafeEqual>) => {
      counts.compared.push(args[0].byteLength)
      return crypto.timingSafeEqual(...args)
    },
  }
})

import { KeyRing } from '../../src/http/key-ring.js'
import { createKey, hashSecret } from '../../src/http/keys.js'
import type { KeyRow } from '../../src/ledger/rows.js'
import { errorOf, request, stages, value } from '../e2e/stage.js'

const stage = stages()
beforeEach(() => {
  counts.hmacs = 0
  counts.compared = []
})

/** The work that is done, whatever the answer: keyed hashes, and comparisons with their lengths. */
async function workOf(ask: () => Promise<unknown>): Promise<{ hmacs: number; compared: number[] }> {
  counts.hmacs = 0
  counts.compared = []
  await ask()
  return { hmacs: counts.hmacs, compared: [...counts.compared] }
}

describe('a code is compared', () => {
  test('as a keyed hash in constant time, with the same work whatever there is to compare it with', async () => {
    const { gate, code, advance } = await stage()
    const { id } = value(await gate.start(request())).verification
    const right = code()
    const wrong = right === '000000' ? '000001' : '000000'
    // the first digits right, all wrong, no such verification, one that is over
    const nearly = `${right.slice(0, -1)}${(Number(right.at(-1)) + 1) % 10}`
    const expected = { hmacs: 1, compared: [43, 43] }
    expect(await workOf(() => gate.check(id, wrong))).toEqual(expected)
    expect(await workOf(() => gate.check(id, nearly))).toEqual(expected)
    const absent = `ver_${'0'.repeat(32)}`
    expect(
      await workOf(async () => {
        expect(errorOf(await gate.check(absent, right))).toBe('verification_not_found')
      }),
    ).toEqual(expected)
    expect(
      await workOf(async () => {
        expect(value(await gate.check(id, right)).status).toBe('verified')
      }),
    ).toEqual(expected)
    expect(
      await workOf(async () => {
        expect(errorOf(await gate.check(id, right))).toBe('already_verified')
      }),
    ).toEqual(expected)
    const other = value(await gate.start(request(1))).verification
    advance(3_600_000)
    expect(
      await workOf(async () => {
        expect(errorOf(await gate.check(other.id, right))).toBe('verification_expired')
      }),
    ).toEqual(expected)
  })

  test('and never itself: what is kept of it has its verification in it', async () => {
    const { gate, code, data } = await stage()
    const { id } = value(await gate.start(request())).verification
    await gate.close()
    const { default: Sqlite } = await import('better-sqlite3')
    const raw = new Sqlite(`${data}/ledger.sqlite`, { readonly: true })
    const row = raw.prepare('select code_hash, context from verifications where id = ?').get(id)
    const text = JSON.stringify(row)
    raw.close()
    expect(text).not.toContain(code())
    expect(text).toMatch(/"code_hash":"[\w-]{43}"/)
    expect(text).not.toContain(hashSecret(code()))
  })
})

describe('the secret of a key is compared', () => {
  const random = (bytes: number) => Buffer.alloc(bytes, 5)
  const { row, secret } = createKey({ name: 'a', scopes: ['verify'], now: 0, random, id: 'known' })
  const ring = (rows: KeyRow[]) =>
    new KeyRing({
      ledger: { key: async (id) => rows.find((key) => key.id === id) ?? null },
      clock: () => 0,
      ...{ recheckMs: 1, requestsPerSecond: 10, failuresPerMinute: 1_000 },
    })
  const asked = (id: string, given: string) => `Bearer ${id}:${given}`

  test('as a hash in constant time, once for a right one, a wrong one, and a key that is not there', async () => {
    const keys = ring([row, { ...row, id: 'revoked', revokedAt: 1 }])
    const cases = [
      asked('known', `${secret.slice(0, -1)}x`),
      asked('known', 'y'),
      asked('nobody', secret),
      asked('revoked', secret),
      'Bearer nonsense',
      'Basic !!!',
    ]
    for (const header of cases) {
      const work = await workOf(async () => {
        await expect(keys.prove(header, 's')).rejects.toMatchObject({ code: 'unauthenticated' })
      })
      expect([header, work.compared]).toEqual([header, [43]])
    }
    expect((await workOf(() => keys.prove(asked('known', secret), 's'))).compared).toEqual([43])
  })
})
