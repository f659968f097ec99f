import { describe, expect, test } from 'vitest'
import { solvePow } from '../../src/index.js'
import { enforce, errorOf, MINUTE, request, SECOND, stages, value, wrongCode } from './stage.js'

const newStage = stages()

describe('a code is requested, sent and checked', () => {
  test('the right code verifies, once', async () => {
    const { gate, messages, code } = await newStage()
    const started = value(await gate.start({ ...request(), tags: { form: 'a' } }))
    expect(started.verification).toMatchObject({ status: 'sent', sends: 1, tags: { form: 'a' } })
    expect(started.decision).toMatchObject({ verdict: 'allow', mode: 'enforce' })
    expect(messages()).toHaveLength(1)
    expect(messages()[0]).toMatchObject({ to: request().to })
    const { id } = started.verification
    expect((await gate.find('signup', request().to))?.id).toBe(id)

    expect(value(await gate.check(id, code())).status).toBe('verified')
    expect(errorOf(await gate.check(id, code()))).toBe('already_verified')
    expect(errorOf(await gate.resend(id))).toBe('already_verified')
    expect(await gate.find('signup', request().to)).toBeNull()
    const { timeline } = value(await gate.get(id))
    expect(timeline.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['start: allow', 'message accepted', 'verified']),
    )
  })

  test('wrong codes are counted to the limit; then the right one does not help either', async () => {
    const { gate, code } = await newStage()
    const { id } = value(await gate.start(request())).verification
    const wrong = wrongCode(code())
    for (const checksLeft of [4, 3, 2, 1, 0]) {
      expect(value(await gate.check(id, wrong))).toMatchObject({ status: 'wrong_code', checksLeft })
    }
    expect(errorOf(await gate.check(id, code()))).toBe('too_many_checks')
    expect(errorOf(await gate.check(id, 'abc'))).toBe('invalid_code_format')
    expect(errorOf(await gate.check('ver_none', code()))).toBe('verification_not_found')
  })

  test('a code of another verification repays the number, and is not taken for one of this', async () => {
    const { gate, code } = await newStage()
    const one = value(await gate.start(request())).verification
    const two = value(await gate.start(request())).verification
    expect(value(await gate.check(one.id, code(0))).status).toBe('verified')
    const verified = async (id: string) =>
      value(await gate.get(id)).timeline.filter(({ event }) => event === 'verified')
    expect(await verified(one.id)).toMatchObject([{ detail: null }])
    expect(value(await gate.get(two.id)).status).toBe('sent')
    expect(await verified(two.id)).toMatchObject([
      { detail: 'the number, and not by a code of this verification' },
    ])
  })

  test('no message goes out whose code nobody could enter any more', async () => {
    const { gate, messages, code } = await newStage()
    const { id } = value(await gate.start(request())).verification
    for (let tries = 0; tries < 5; tries++) value(await gate.check(id, wrongCode(code())))
    expect(errorOf(await gate.resend(id))).toBe('too_many_checks')
    expect(messages()).toHaveLength(1)
  })

  test('of 40 concurrent wrong codes no more are tried than are allowed', async () => {
    const { gate, code } = await newStage()
    const { id } = value(await gate.start(request())).verification
    const wrong = wrongCode(code())
    const results = await Promise.all(Array.from({ length: 40 }, () => gate.check(id, wrong)))
    expect(results.filter((result) => result.ok).length).toBeLessThanOrEqual(5)
    expect(value(await gate.get(id)).checks).toBe(results.filter((result) => result.ok).length)
  })

  test('after its time a code is worth nothing', async () => {
    const { gate, code, advance } = await newStage()
    const { id, expiresAt } = value(await gate.start(request())).verification
    advance(10 * MINUTE)
    expect(errorOf(await gate.check(id, code()))).toBe('verification_expired')
    const other = value(await gate.start(request(9))).verification
    expect(other.expiresAt).toBe(expiresAt + 10 * MINUTE)
    advance(10 * MINUTE)
    await gate.tick()
    expect(value(await gate.get(other.id)).status).toBe('expired')
    expect(errorOf(await gate.resend(other.id))).toBe('verification_expired')
  })

  test('20 concurrent right checks: exactly one succeeds', async () => {
    const { gate, code } = await newStage()
    const { id } = value(await gate.start(request())).verification
    const results = await Promise.all(Array.from({ length: 20 }, () => gate.check(id, code())))
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    const others = new Set(results.map(errorOf).filter((error) => error !== null))
    expect([...others].every((error) => ['already_verified', 'conflict'].includes(error))).toBe(
      true,
    )
  })

  test('10 concurrent resends: each that is told so sent one message, the others none', async () => {
    const { gate, messages, code } = await newStage()
    const { id } = value(await gate.start(request())).verification
    const results = await Promise.all(Array.from({ length: 10 }, () => gate.resend(id)))
    const sent = results.filter(
      (result) => result.ok && result.value.verification.status === 'sent',
    )
    const allowed = sent.filter((result) => result.ok && result.value.decision.verdict === 'allow')
    expect(allowed.length).toBeGreaterThanOrEqual(1)
    expect(messages()).toHaveLength(1 + allowed.length)
    expect(new Set(messages().map(({ idempotencyKey }) => idempotencyKey)).size).toBe(
      messages().length,
    )
    expect(value(await gate.get(id)).sends).toBe(messages().length)
    expect(value(await gate.check(id, code())).status).toBe('verified')
  })

  test('the code before the newest is still good, for a message that was overtaken; older ones are not', async () => {
    const { gate, code, advance } = await newStage({ policy: enforce({ rateLimits: [] }) })
    const { id } = value(await gate.start(request())).verification
    for (let again = 0; again < 2; again++) {
      advance(5 * SECOND)
      value(await gate.resend(id))
    }
    const [first, second] = [code(0), code(1)]
    if (first !== second && first !== code(2))
      expect(value(await gate.check(id, first)).status).toBe('wrong_code')
    expect(value(await gate.check(id, second)).status).toBe('verified')
  })

  test('messages end at their limit, cancelled ones are over, others approve by other means', async () => {
    const roomy = enforce({ rateLimits: [], distinct: [] })
    const { gate, messages } = await newStage({ policy: roomy })
    const { id } = value(await gate.start({ ...request(), riskCheck: false })).verification
    for (let sends = 2; sends <= 5; sends++)
      expect(value(await gate.resend(id)).verification.sends).toBe(sends)
    expect(errorOf(await gate.resend(id))).toBe('too_many_sends')
    expect(messages()).toHaveLength(5)
    expect(value(await gate.cancel(id)).status).toBe('cancelled')
    expect(errorOf(await gate.check(id, '000000'))).toBe('verification_cancelled')

    const other = value(await gate.start({ ...request(3), riskCheck: false })).verification
    expect(value(await gate.approve(other.id)).status).toBe('verified')
    expect(errorOf(await gate.cancel(other.id))).toBe('already_verified')
  })
})

describe('an idempotency key', () => {
  test('gives the same answer and sends one message, also after a restart', async () => {
    const stage = await newStage()
    const keyed = { ...request(), idempotencyKey: 'form-1' }
    const first = value(await stage.gate.start(keyed))
    const again = value(await stage.gate.start(keyed))
    expect(again.verification.id).toBe(first.verification.id)
    expect(again.decision.id).toBe(first.decision.id)
    await stage.restart()
    expect(value(await stage.gate.start(keyed)).verification.id).toBe(first.verification.id)
    expect(stage.messages()).toHaveLength(1)
    expect(errorOf(await stage.gate.start({ ...keyed, to: request(5).to }))).toBe(
      'idempotency_mismatch',
    )
    // the key is the caller's own: another API key may use the same word
    value(await stage.gate.start({ ...keyed, apiKeyId: 'other' }))
    expect(stage.messages()).toHaveLength(2)
  })

  test("of a resend is the caller's own too", async () => {
    const { gate, messages, advance } = await newStage()
    const { id } = value(await gate.start(request())).verification
    advance(5 * SECOND)
    const again = { apiKeyId: 'one', idempotencyKey: 'again' }
    for (const options of [again, again, { ...again, apiKeyId: 'other' }])
      value(await gate.resend(id, options))
    expect(messages()).toHaveLength(3)
  })

  test('concurrently: one is at work, the others are told so', async () => {
    const { gate, messages } = await newStage()
    const keyed = { ...request(), idempotencyKey: 'form-1' }
    const results = await Promise.all(Array.from({ length: 8 }, () => gate.start(keyed)))
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    expect(new Set(results.map(errorOf))).toEqual(new Set([null, 'idempotency_in_progress']))
    expect(messages()).toHaveLength(1)
  })

  test('is given back when nothing came of it', async () => {
    const { gate } = await newStage()
    const keyed = { ...request(), idempotencyKey: 'form-1' }
    expect(errorOf(await gate.start({ ...keyed, service: 'unheard' }))).toBe('unknown_service')
    expect(value(await gate.start(keyed)).verification.status).toBe('sent')
  })
})

describe('a challenge', () => {
  const abroad = enforce({ countries: { GB: 'challenge' } })
  const british = (n: number) => ({ ...request(n), to: `+4474001${String(20_000 + n)}` })
  const solved = async (payload: Record<string, unknown> | undefined) => ({
    type: 'pow',
    solution: await solvePow(payload ?? {}),
  })

  test('holds the message back until its work is done, and works once', async () => {
    const { gate, messages, code } = await newStage({ policy: abroad })
    const started = value(await gate.start(british(1)))
    const { id } = started.verification
    expect(started.verification.status).toBe('challenge_required')
    expect(started.decision.reasons[0]?.code).toBe('country.challenge')
    expect(messages()).toHaveLength(0)
    expect(errorOf(await gate.check(id, '123456'))).toBe('not_sent_yet')
    expect(errorOf(await gate.resend(id))).toBe('not_sent_yet')

    const solution = await solved(started.challenge?.payload)
    expect(value(await gate.solve(id, solution)).verification).toMatchObject({ status: 'sent' })
    expect(messages()).toHaveLength(1)
    expect(errorOf(await gate.solve(id, solution))).toBe('challenge_used')
    expect(messages()).toHaveLength(1)
    expect(value(await gate.check(id, code())).status).toBe('verified')
  })

  test('solved ten times at once lets one message through', async () => {
    const { gate, messages } = await newStage({ policy: abroad })
    const started = value(await gate.start(british(1)))
    const solution = await solved(started.challenge?.payload)
    const results = await Promise.all(
      Array.from({ length: 10 }, () => gate.solve(started.verification.id, solution)),
    )
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    expect(messages()).toHaveLength(1)
  })

  test('of another verification, out of time, wrong or unreadable: each is told apart, none sends', async () => {
    const { gate, messages, advance } = await newStage({ policy: abroad })
    const [one, two] = [value(await gate.start(british(1))), value(await gate.start(british(2)))]
    const solution = await solved(one.challenge?.payload)
    const of = (id: string, given: string, type = 'pow') =>
      gate.solve(id, { type, solution: given })
    expect(errorOf(await of(two.verification.id, solution.solution))).toBe('challenge_foreign')
    expect(errorOf(await of(one.verification.id, 'nonsense'))).toBe('challenge_malformed')
    expect(errorOf(await of(one.verification.id, solution.solution, 'captcha'))).toBe(
      'challenge_malformed',
    )
    const tampered = JSON.parse(Buffer.from(solution.solution, 'base64').toString())
    tampered.solution.derivedKey = '0'.repeat(64)
    const forged = Buffer.from(JSON.stringify(tampered)).toString('base64')
    expect(errorOf(await of(one.verification.id, forged))).toBe('challenge_wrong')
    advance(5 * MINUTE)
    expect(errorOf(await of(one.verification.id, solution.solution))).toBe('challenge_expired')
    expect(messages()).toHaveLength(0)
  })
})
