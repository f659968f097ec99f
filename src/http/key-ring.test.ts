import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { memoryLedger } from '../ledger/memory/memory.js'
import { type Ledger, LedgerError } from '../ledger/port.js'
import { KeyCopy } from './key-copy.js'
import { KeyRing } from './key-ring.js'
import { accountSid, createKey, hashSecret } from './keys.js'

const T0 = 1_795_000_000_000
let now: number
let reads: number
let ledger: Ledger
let ring: KeyRing
let key: { id: string; secret: string }

beforeEach(async () => {
  now = T0
  reads = 0
  ledger = memoryLedger()
  const { row, secret } = createKey({ name: 'k', scopes: ['verify'], now, random: randomBytes })
  key = { id: row.id, secret }
  await ledger.putKey(row)
  ring = new KeyRing({
    ledger: {
      key: (id) => {
        reads += 1
        return ledger.key(id)
      },
    },
    clock: () => now,
    recheckMs: 5000,
    requestsPerSecond: 100,
    failuresPerMinute: 3,
  })
})

const bearer = (id: string, secret: string) => `Bearer ${id}:${secret}`
const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
const prove = (header: string | undefined, source = '203.0.113.7') =>
  ring.prove(header, source).then(
    (principal) => principal.id,
    (error) => error.code,
  )

test('a new key: an id that Twilio’s SDK takes, 32 random bytes of secret, of which the hash is kept', () => {
  const made = createKey({ name: 'a', scopes: ['*'], now, random: randomBytes })
  expect(made.row.id).toMatch(/^AC[0-9a-f]{32}$/)
  expect(Buffer.from(made.secret, 'base64url')).toHaveLength(32)
  expect(made.row.secretHash).toBe(hashSecret(made.secret))
  expect(JSON.stringify(made.row)).not.toContain(made.secret)
  for (const id of ['', 'a:b', 'x'.repeat(65), 'a b']) {
    expect(() => createKey({ name: 'a', scopes: [], now, random: randomBytes, id })).toThrow(/id/)
  }
})

test('an account SID is the id, or derived from it', () => {
  expect(accountSid(key.id)).toBe(key.id)
  expect(accountSid('shop')).toMatch(/^AC[0-9a-f]{32}$/)
  expect(accountSid('shop')).toBe(accountSid('shop'))
})

describe('credentials', () => {
  test('are taken by Basic and Bearer, and share one bound', async () => {
    const first = await ring.prove(bearer(key.id, key.secret), 's')
    const second = await ring.prove(basic(key.id, key.secret), 's')
    expect(second.bucket).toBe(first.bucket)
    expect(first).toMatchObject({ id: key.id, accountSid: key.id })
  })

  test('once proven cost no read, until it is time to look again', async () => {
    const header = bearer(key.id, key.secret)
    expect(ring.recall(header)).toBeNull()
    await prove(header)
    expect(ring.recall(header)?.id).toBe(key.id)
    expect(reads).toBe(1)
    now += 4999
    expect(ring.recall(header)?.id).toBe(key.id)
    now += 1
    expect(ring.recall(header)).toBeNull()
    await Promise.all(Array.from({ length: 50 }, () => prove(header)))
    expect(reads).toBe(2)
    expect(ring.recall(header)?.id).toBe(key.id)
  })

  test('are told apart from the ones that came last, to the last letter', async () => {
    const other = createKey({ name: 'o', scopes: ['admin'], now, random: randomBytes })
    await ledger.putKey(other.row)
    const headers = [bearer(key.id, key.secret), bearer(other.row.id, other.secret)]
    for (const header of headers) await prove(header)
    for (const _ of [1, 2]) {
      expect(headers.map((header) => ring.recall(header)?.id)).toEqual([key.id, other.row.id])
    }
    const [mine = ''] = headers
    expect(ring.recall(mine)?.id).toBe(key.id)
    const wrong = `${mine.slice(0, -1)}${mine.endsWith('A') ? 'B' : 'A'}`
    for (const header of [wrong, mine.slice(0, -1), `${mine}A`]) {
      expect(ring.recall(header)).toBeNull()
    }
  })

  test('revoked work for no longer than that', async () => {
    const header = bearer(key.id, key.secret)
    await prove(header)
    await ledger.revokeKey(key.id, now)
    now += 5000
    expect(await prove(header)).toBe('unauthenticated')
    expect(ring.recall(header)).toBeNull()
  })

  test('with a secret that was changed stop as well, and new scopes count', async () => {
    const header = bearer(key.id, key.secret)
    const before = await ring.prove(header, 's')
    const row = await ledger.key(key.id)
    if (!row) throw new Error('the key is there')
    await ledger.putKey({ ...row, scopes: ['decide'] })
    now += 5000
    await prove(header)
    expect([...before.scopes]).toEqual(['decide'])
    await ledger.putKey({ ...row, secretHash: hashSecret('other') })
    now += 5000
    expect(await prove(header)).toBe('unauthenticated')
    expect(await prove(bearer(key.id, 'other'))).toBe(key.id)
  })

  test('that a failing source shares with a good client leave the good one alone', async () => {
    const header = bearer(key.id, key.secret)
    await prove(header)
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, i) => prove(bearer(key.id, `guess ${i}`))),
    )
    expect(answers).toEqual([...Array(3).fill('unauthenticated'), 'rate_limited', 'rate_limited'])
    now += 5000
    expect(await prove(header)).toBe(key.id)
    expect(await prove(basic(key.id, key.secret), '203.0.113.8')).toBe(key.id)
    now += 15_000
    expect(await prove(bearer(key.id, 'guess'))).toBe('unauthenticated')
  })

  test('guessed at count together in a ring and in the one apart from it', async () => {
    const scraping = ring.apart(600_000)
    const guess = (asked: KeyRing, secret: string) =>
      asked.prove(bearer(key.id, secret), '203.0.113.7').catch(({ code }) => code)
    for (const asked of [ring, scraping, ring]) {
      expect(await guess(asked, `guess ${reads}`)).toBe('unauthenticated')
    }
    expect([await guess(ring, 'fourth'), await guess(scraping, 'fifth')]).toEqual([
      'rate_limited',
      'rate_limited',
    ])
  })

  test('of an unknown id are read and compared like wrong ones', async () => {
    expect(await prove(bearer('nobody', 'x'))).toBe('unauthenticated')
    expect(reads).toBe(1)
    // the hash that stands for nobody is of a secret; that secret opens nothing
    expect(await prove(bearer('nobody', ''))).toBe('unauthenticated')
  })

  test.each([
    undefined,
    '',
    'Bearer',
    'Basic',
    'Bearer x',
    'Digest a:b',
    `Bearer ${'x'.repeat(2000)}:y`,
  ])('that are none: %s', async (header) => {
    expect(await prove(header)).toBe('unauthenticated')
  })
})

test('a ledger that is lost is told as such, however often, and is no failure of who asks', async () => {
  let lost = true
  const refusing = new KeyRing({
    ledger: {
      key: (id) =>
        lost ? Promise.reject(new LedgerError('lost', 'nothing listens there')) : ledger.key(id),
    },
    clock: () => now,
    ...{ recheckMs: 5_000, requestsPerSecond: 100, failuresPerMinute: 3 },
  })
  const asked = () => refusing.prove(bearer(key.id, key.secret), '203.0.113.7')
  for (let i = 0; i < 5; i++) await expect(asked()).rejects.toThrow(LedgerError)
  lost = false
  expect((await asked()).id).toBe(key.id)
})

test('a key that was proven lately works while the ledger is lost, where that is wanted, and not for ever', async () => {
  let lost = false
  const spooling = new KeyRing({
    ledger: {
      key: (id) =>
        lost ? Promise.reject(new LedgerError('lost', 'nothing listens there')) : ledger.key(id),
    },
    clock: () => now,
    recheckMs: 5_000,
    withoutLedgerMs: 600_000,
    requestsPerSecond: 100,
    failuresPerMinute: 3,
  })
  const header = bearer(key.id, key.secret)
  const asked = () => spooling.prove(header, '203.0.113.7').then(({ id }) => id)
  expect(await asked()).toBe(key.id)
  lost = true
  now += 5_000
  expect(await asked()).toBe(key.id)
  // who was never proven cannot be now
  await expect(spooling.prove(bearer('other', 'secret'), '203.0.113.8')).rejects.toThrow(
    LedgerError,
  )
  await ledger.revokeKey(key.id, now)
  now += 594_000
  expect(await asked()).toBe(key.id)
  now += 6_000
  await expect(asked()).rejects.toThrow(LedgerError)
  lost = false
  await expect(asked()).rejects.toMatchObject({ code: 'unauthenticated' })
})

test('a key that this gateway has not met works while the ledger is lost, by a copy, and not for ever', async () => {
  let lost = false
  const revoked = createKey({ name: 'r', scopes: ['verify'], now, random: randomBytes })
  await ledger.putKey({ ...revoked.row, revokedAt: now })
  const copy = new KeyCopy(ledger, () => now)
  await copy.renew()
  const spooling = new KeyRing({
    ledger: {
      key: (id) =>
        lost ? Promise.reject(new LedgerError('lost', 'nothing listens there')) : ledger.key(id),
    },
    ...{ clock: () => now, copy, recheckMs: 5_000, withoutLedgerMs: 600_000 },
    ...{ requestsPerSecond: 100, failuresPerMinute: 2 },
  })
  const asked = (id: string, secret: string, source = '203.0.113.7') =>
    spooling.prove(bearer(id, secret), source).then(
      (principal) => principal.id,
      (error) => error.code ?? error.fault,
    )
  lost = true
  now += 599_000
  expect(await asked(key.id, key.secret)).toBe(key.id)
  expect(await asked(revoked.row.id, revoked.secret)).toBe('unauthenticated')
  // one that was made since may be as good as any: the ledger alone knows
  expect(await asked('made-since', 'secret', '203.0.113.8')).toBe('lost')
  // what the copy has is guessed at like what the ledger has
  for (const answer of ['unauthenticated', 'unauthenticated', 'rate_limited'])
    expect(await asked(key.id, 'a guess', '203.0.113.9')).toBe(answer)
  // proven by the copy, and no longer than that
  now += 1_000
  expect(spooling.recall(bearer(key.id, key.secret))?.id).toBe(key.id)
  now += 5_000
  expect(await asked(key.id, key.secret)).toBe('lost')
})
