import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Harness, startHarness } from './harness.js'
import { subscriber } from './stage.js'

let gateway: Harness
beforeEach(async () => {
  gateway = await startHarness({ desk: true })
})
afterEach(() => gateway.close())

const TEXT = `version: 1
mode: enforce
services:
  signup:
    markets: [NG]
    challenge: { cost: 0.01, maxCost: 0.01 }
`
const call = (method: string, path: string, body?: unknown) =>
  gateway.call(method, `/v1/console/policy${path}`, body)
const publish = (text: string, base: number, more: object = {}) =>
  call('POST', '/publish', { text, base, note: 'tried', ...more })

async function person(n: number): Promise<void> {
  const started = await gateway.call('POST', '/v1/verifications', {
    service: 'signup',
    to: subscriber(n * 177),
    context: { ip: `105.112.${n}.7` },
  })
  gateway.advance(20_000)
  await gateway.call('POST', `/v1/verifications/${started.body.id}/check`, { code: gateway.code() })
}

async function replayed(id: string) {
  for (;;) {
    const { body } = await call('GET', `/replays/${id}`)
    if (body.state !== 'running') return body
    await new Promise(setImmediate)
  }
}

describe('the policy in the console', () => {
  it('is checked with line and column, and told with what it changes and can cost', async () => {
    expect((await publish(TEXT, 1)).body).toEqual({ ok: true, version: 2 })
    const wrong = await call('POST', '/check', { text: TEXT.replace('[NG]', '[XX]') })
    expect(wrong.body).toMatchObject({
      ok: false,
      errors: [{ line: 5, column: 15, path: 'services.signup.markets[0]' }],
    })
    const right = await call('POST', '/check', { text: `${TEXT}    fraudBudget: 5 USD\n` })
    expect(right.body.differences).toEqual([
      { path: 'services.signup.fraudBudget', before: '50.00 USD', after: '5.00 USD' },
    ])
    const { body: view } = await call('GET', '')
    expect(view).toMatchObject({
      version: 2,
      text: TEXT,
      note: 'tried',
      builtIn: false,
      file: null,
    })
    const [before, after] = [view.check.bounds[0], right.body.bounds[0]]
    expect(after.all.dayMicroUsd).toBeLessThan(before.all.dayMicroUsd)
    expect(before.countries[0]).toMatchObject({ country: 'NG', market: true })
  })

  it('is replayed before it is published, and its samples are requests of the ledger', async () => {
    await publish(TEXT, 1)
    for (let n = 0; n < 5; n++) await person(n)
    const text = `${TEXT}    countries: { NG: hold }\n`
    const started = await call('POST', '/replays', { text, days: 7, enforce: false })
    expect(started.status).toBe(201)
    const { state, result } = await replayed(started.body.id)
    expect(state).toBe('done')
    expect(result.current).toMatchObject({ requests: 5, sent: 5, verified: 5 })
    expect(result.proposed).toMatchObject({ held: 5, sent: 0, verifiedRefused: 5 })
    const [sample] = result.changed
    const shown = await gateway.call('GET', `/v1/console/decisions/${sample.id}`)
    expect(shown.status).toBe(200)
    expect((await call('GET', '/replays/rep_000000000000000000000000')).status).toBe(404)
  })

  it('that refuses everybody needs the word that the gateway made', async () => {
    await publish(TEXT, 1)
    for (let n = 0; n < 5; n++) await person(n)
    const text = `${TEXT}    countries: { NG: deny }\n`
    const warned = await publish(text, 2)
    expect(warned.body).toMatchObject({ ok: false, why: 'warning', impact: { requests: 5 } })
    expect((await publish(text, 2, { confirmation: 'REFUSE' })).body.why).toBe('warning')
    const { phrase } = warned.body
    expect((await publish(text, 2, { confirmation: phrase })).body).toEqual({
      ok: true,
      version: 3,
    })
    const refused = await gateway.call('POST', '/v1/verifications', {
      service: 'signup',
      to: subscriber(9),
    })
    expect(refused.body.status).toBe('denied')
  })

  it('is shown to whoever was slower, and rolled back to any version', async () => {
    await publish(TEXT, 1)
    await publish(`${TEXT}    session: 5m\n`, 2)
    const late = await publish(`${TEXT}    fraudBudget: 5 USD\n`, 2)
    expect(late.body).toMatchObject({
      ok: false,
      why: 'conflict',
      theirs: { version: 3 },
      changed: [{ path: 'services.signup.session' }],
    })
    expect(late.body.merged).toContain('session: 5m')
    expect(late.body.merged).toContain('fraudBudget: 5 USD')
    const back = await call('POST', '/versions/2/roll-back', { base: 3, note: 'as it was' })
    expect(back.body).toEqual({ ok: true, version: 4 })
    const { body } = await call('GET', '/versions')
    expect(body.versions.map(({ version }: { version: number }) => version)).toEqual([4, 3, 2, 1])
    const detail = await call('GET', '/versions/4')
    expect(detail.body).toMatchObject({ text: TEXT, note: 'as it was' })
    expect(detail.body.differences).toHaveLength(1)
  })

  it('says what is wrong with a body, and takes a policy of a megabyte', async () => {
    expect((await publish(TEXT, 1, { note: '  ' })).status).toBe(400)
    expect((await call('POST', '/replays', { text: 'a: [', days: 7, enforce: false })).status).toBe(
      400,
    )
    const long = `${TEXT}# ${'x'.repeat(900_000)}\n`
    expect((await call('POST', '/check', { text: long })).body.ok).toBe(true)
    expect((await call('POST', '/check', { text: 'x'.repeat(1_100_000) })).status).toBe(400)
  })
})

describe('the checklist in the console', () => {
  const rows = async (): Promise<Map<string, { state: string }>> => {
    const { body } = await gateway.call('GET', '/v1/console/checklist')
    return new Map(body.rows.map((row: { id: string; state: string }) => [row.id, row]))
  }

  it('is evaluated on what is configured, and follows it', async () => {
    await publish(TEXT, 1)
    expect((await rows()).get('spend-caps')?.state).toBe('fail')
    await publish(TEXT.replace('mode', 'spendCaps: [{ per: day, max: 900 USD }]\nmode'), 2)
    const now = await rows()
    expect(now.get('spend-caps')?.state).toBe('pass')
    expect(now.get('ratio-alarm')?.state).toBe('fail')
  })

  it('takes the word of a person where a gateway cannot see', async () => {
    expect((await rows()).get('backups')?.state).toBe('confirm')
    const path = '/v1/console/checklist/backups/confirm'
    const confirmed = await gateway.call('POST', path, { note: 'nightly, read back in May' })
    expect(confirmed.status).toBe(204)
    expect((await rows()).get('backups')).toMatchObject({ state: 'pass' })
    const [action] = await gateway.parts.ledger.actions(1)
    expect(action).toMatchObject({ action: 'checklist.confirm', target: 'backups' })
    const other = await gateway.call('POST', '/v1/console/checklist/enforce/confirm', { note: 'x' })
    expect(other.status).toBe(400)
  })
})
