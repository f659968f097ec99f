import { createHash } from 'node:crypto'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { describe, expect, it } from 'vitest'
import { createPow, POW_COST, powAttempts } from './pow.js'
import { solvePow } from './solve.js'

const secret = Buffer.alloc(32, 7)
const subject = { service: 'signup', number: '+2348031234567', verificationId: 'v1' }
/** Not the time of the machine: expiry must follow the clock that is passed in. */
const now = 1_000_000_000_000
const options = { cost: POW_COST.min, ttlMs: 60_000, now }

interface Solved {
  challenge: { parameters: Record<string, unknown> & { data: Record<string, unknown> } }
  solution: { counter: number; derivedKey: string }
}
const open = (solution: string) => JSON.parse(Buffer.from(solution, 'base64').toString()) as Solved
const close = (solved: unknown) => Buffer.from(JSON.stringify(solved)).toString('base64')

/** Bytes that repeat from a seed, so that a failing run can be repeated. */
function seeded(seed: string) {
  let block = Buffer.from(seed)
  return (bytes: number) => {
    block = createHash('sha256').update(block).digest()
    return block.subarray(0, bytes)
  }
}

describe('proof of work', () => {
  const pow = createPow({ secret })

  it('lets its solution through, names its id and its end', async () => {
    const issued = await pow.issue(subject, options)
    const answer = await pow.verify(subject, await solvePow(issued.payload), now)
    expect(answer).toEqual({ ok: true, id: issued.id, expiresAt: now + 60_000 })
    expect(issued.expiresAt).toBe(now + 60_000)
  })

  it('tells a replay by its id: each challenge has its own, each solution keeps it', async () => {
    const [one, two] = await Promise.all([pow.issue(subject, options), pow.issue(subject, options)])
    expect(one.id).not.toBe(two.id)
    const solution = await solvePow(one.payload)
    const used = new Set<string>()
    for (const expected of ['accepted', 'replayed']) {
      const answer = await pow.verify(subject, solution, now)
      if (!answer.ok) throw new Error(answer.problem)
      expect(used.has(answer.id) ? 'replayed' : 'accepted').toBe(expected)
      used.add(answer.id)
    }
  })

  it('is worth nothing for another number, service or verification', async () => {
    const solution = await solvePow((await pow.issue(subject, options)).payload)
    for (const other of [
      { number: '+2348031234568' },
      { service: 'login' },
      { verificationId: 'v2' },
      { service: 'signup","+234', number: '8031234567' },
    ]) {
      const answer = await pow.verify({ ...subject, ...other }, solution, now)
      expect(answer).toEqual({ ok: false, problem: 'foreign' })
    }
  })

  it('expires by the clock it is given, at the millisecond', async () => {
    const solution = await solvePow((await pow.issue(subject, options)).payload)
    expect((await pow.verify(subject, solution, now + 59_999)).ok).toBe(true)
    expect(await pow.verify(subject, solution, now + 60_000)).toEqual({
      ok: false,
      problem: 'expired',
    })
    expect((await pow.verify(subject, solution, now - 3_600_000)).ok).toBe(true)
  })

  it('refuses work that was not done', async () => {
    const solved = open(await solvePow((await pow.issue(subject, options)).payload))
    const flipped = solved.solution.derivedKey.replace(/.$/, (c) => (c === '0' ? '1' : '0'))
    const guess = close({ ...solved, solution: { counter: 1, derivedKey: flipped } })
    expect(await pow.verify(subject, guess, now)).toEqual({ ok: false, problem: 'wrong' })
  })

  it('refuses a challenge that was changed or signed with another key', async () => {
    const solved = open(await solvePow((await pow.issue(subject, options)).payload))
    const changes: Record<string, unknown>[] = [
      { data: { ...solved.challenge.parameters.data, expiresAt: now + 9_000_000 } },
      { data: { ...solved.challenge.parameters.data, id: 'another' } },
      { keyPrefix: '0'.repeat(32) },
      { extra: 1 },
    ]
    for (const change of changes) {
      const { parameters } = solved.challenge
      const forged = {
        ...solved,
        challenge: { ...solved.challenge, parameters: { ...parameters, ...change } },
      }
      expect(await pow.verify(subject, close(forged), now), JSON.stringify(change)).toEqual({
        ok: false,
        problem: 'wrong',
      })
    }
    const stranger = createPow({ secret: Buffer.alloc(32, 8) })
    expect(await stranger.verify(subject, close(solved), now)).toEqual({
      ok: false,
      problem: 'wrong',
    })
  })

  it('calls everything else malformed, however hostile', async () => {
    const solved = open(await solvePow((await pow.issue(subject, options)).payload))
    const hostile = [
      '',
      'x',
      'not base64 at all!',
      'A'.repeat(100_000),
      close(null),
      close([]),
      close({ challenge: {}, solution: {} }),
      close({ ...solved, solution: { counter: '1', derivedKey: solved.solution.derivedKey } }),
      close({ ...solved, solution: { counter: -1, derivedKey: solved.solution.derivedKey } }),
      close({ ...solved, challenge: { ...solved.challenge, signature: [1] } }),
      close({
        ...solved,
        challenge: {
          ...solved.challenge,
          parameters: { ...solved.challenge.parameters, cost: 1_000_000_000 },
        },
      }),
      Buffer.from('['.repeat(3_000)).toString('base64'),
      Buffer.from([0xff, 0xfe, 0x00]).toString('base64'),
    ]
    for (const solution of hostile) {
      const answer = await pow.verify(subject, solution, now)
      expect(answer, solution.slice(0, 60)).toEqual({ ok: false, problem: 'malformed' })
    }
  })

  it('shows the browser no number and no service', async () => {
    const { payload } = await pow.issue(subject, options)
    const shown = JSON.stringify(payload)
    expect(shown).not.toContain('8031234567')
    expect(shown).not.toContain('signup')
  })

  it('takes the key of the counter the solver named, worked out again', async () => {
    const solved = open(await solvePow((await pow.issue(subject, options)).payload))
    const counted = solved.solution.counter
    const { derivedKey } = await deriveKey(
      solved.challenge.parameters as never,
      Buffer.from(String(solved.challenge.parameters.salt), 'hex'),
      Buffer.concat([
        Buffer.from(String(solved.challenge.parameters.nonce), 'hex'),
        Buffer.from(counted.toString(16).padStart(8, '0'), 'hex'),
      ]),
    )
    expect(Buffer.from(derivedKey).toString('hex')).toBe(solved.solution.derivedKey)
  })

  it('grows with its cost, evenly between nothing and twice the mean', async () => {
    expect(powAttempts(1)).toBe(3_000)
    expect(powAttempts(4)).toBe(4 * powAttempts(1))
    expect(powAttempts(0)).toBe(powAttempts(POW_COST.min))
    expect(powAttempts(Number.POSITIVE_INFINITY)).toBe(powAttempts(POW_COST.max))
    expect(() => powAttempts(Number.NaN)).toThrow(/cost/)

    const random = seeded('counters')
    const repeatable = createPow({ secret, random })
    const counters: number[] = []
    for (let i = 0; i < 20; i++) {
      const solution = await solvePow((await repeatable.issue(subject, options)).payload)
      counters.push(open(solution).solution.counter)
    }
    const mean = counters.reduce((sum, c) => sum + c, 0) / counters.length
    const expected = powAttempts(POW_COST.min)
    // 20 even draws: standard error 13 % of the mean.
    expect(mean).toBeGreaterThan(0.6 * expected)
    expect(mean).toBeLessThan(1.4 * expected)
    expect(Math.max(...counters)).toBeLessThan(2 * expected)
  })

  it('refuses a server key too short to be one', () => {
    expect(() => createPow({ secret: Buffer.from('short') })).toThrow(/5 bytes.*openssl/)
  })

  it('stops working when told to', async () => {
    const { payload } = await pow.issue(subject, { ...options, cost: POW_COST.max })
    await expect(solvePow(payload, AbortSignal.abort('closed'))).rejects.toThrow(/stopped/)
  })
})
