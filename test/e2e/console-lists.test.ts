import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY } from '../../src/engine/units.js'
import { type Harness, startHarness } from './harness.js'
import { subscriber } from './stage.js'

let gateway: Harness
beforeEach(async () => {
  gateway = await startHarness({ desk: true })
})
afterEach(() => gateway.close())

const call = (method: string, path: string, body?: unknown) =>
  gateway.call(method, `/v1/console/lists${path}`, body)
const add = (list: string, ...entries: [entry: string, note?: string, expiresAt?: number][]) =>
  call('POST', `/${list}/entries`, {
    entries: entries.map(([entry, note = '', expiresAt = null]) => ({ entry, note, expiresAt })),
  })
const ask = async (to: string) =>
  (await gateway.call('POST', '/v1/verifications', { service: 'signup', to })).body
const entries = async (list: string) =>
  (await call('GET', `?list=${list}`)).body.entries as Record<string, unknown>[]

describe('lists in the console', () => {
  it('are in force at once, with who, why and until when; and count whom they met', async () => {
    const until = gateway.now() + DAY
    const added = await add('deny', ['+23480312*', 'pumped in March', until])
    expect(added.status).toBe(201)
    expect(await ask(subscriber(1))).toMatchObject({ status: 'denied' })
    expect(await entries('deny')).toEqual([
      expect.objectContaining({
        entry: '+23480312*',
        note: 'pumped in March',
        expiresAt: until,
        createdAt: gateway.now(),
      }),
    ])
    await gateway.parts.ledger.commit()
    const hits = await call('GET', '/deny/hits?entry=%2B23480312*')
    expect(hits.body).toMatchObject({ hits: 1, rows: [{ verdict: 'deny', country: 'NG' }] })
    gateway.advance(DAY + 1)
    expect(await entries('deny')).toEqual([])
  })

  it('are added in bulk after a preview that names each wrong line', async () => {
    const text =
      'entry,note,ends\n+23480312*,"a, b",7d\nnonsense\nAS64500;x\nAS64500\n::1,,1999-01-01'
    const { body } = await call('POST', '/deny/preview', { text })
    expect(body.entries).toEqual([
      expect.objectContaining({
        ...{ line: 2, entry: '+23480312*', note: 'a, b', state: 'new', also: null },
        expiresAt: gateway.now() + 7 * DAY,
      }),
      expect.objectContaining({ line: 4, entry: 'AS64500', note: 'x', expiresAt: null }),
    ])
    expect(body.problems.map(({ line }: { line: number }) => line)).toEqual([3, 5, 6])
    await add('deny', ['AS64500'])
    const again = await call('POST', '/allow/preview', { text: 'AS64500' })
    expect(again.body.entries[0]).toMatchObject({ state: 'new', also: 'deny' })
  })

  it('are bounded', async () => {
    const many = Array.from({ length: 5_001 }, (_, i) => `AS${i + 1}`).join('\n')
    const { body } = await call('POST', '/deny/preview', { text: many })
    expect(body.entries).toHaveLength(5_000)
    expect(body.problems).toEqual([expect.objectContaining({ line: 5_001 })])
    expect((await add('deny', ['*'])).status).toBe(400)
    expect((await add('deny', ['AS1', '', gateway.now() - 1])).status).toBe(400)
  })

  it('go back to what they were: added, removed and ended entries', async () => {
    const undo = async (answer: { body: { change: { id: string } } }) =>
      call('POST', `/changes/${answer.body.change.id}/undo`)
    await add('allow', ['AS64500', 'ours'])
    const removed = await call('POST', '/allow/remove', { entries: ['AS64500'] })
    expect(await entries('allow')).toEqual([])
    await undo(removed)
    expect(await entries('allow')).toEqual([
      expect.objectContaining({ entry: 'AS64500', note: 'ours', expiresAt: null }),
    ])
    const expiresAt = gateway.now() + DAY
    const ended = await call('POST', '/allow/expiry', { entries: ['AS64500'], expiresAt })
    expect(await entries('allow')).toEqual([expect.objectContaining({ expiresAt, note: 'ours' })])
    await undo(ended)
    expect(await entries('allow')).toEqual([expect.objectContaining({ expiresAt: null })])
    const added = await add('allow', ['AS64501'])
    expect((await undo(added)).status).toBe(200)
    expect((await undo(added)).status).toBe(404)
    expect(await entries('allow')).toHaveLength(1)
    const actions = await gateway.parts.ledger.actions(10)
    expect(actions.map(({ action }) => action)).toEqual([
      ...['list.undo', 'list.add', 'list.undo', 'list.expire', 'list.undo', 'list.remove'],
      'list.add',
    ])
  })

  it('watch: what they meet is marked and counted, and refused by nobody', async () => {
    const { desk } = gateway
    if (desk === null) throw new Error('the stage has no desk')
    await desk.watch.run()
    await add('watch', ['+23480312*', 'named in a channel'])
    const met = await ask(subscriber(1))
    await ask('+447400123456')
    expect(met.status).toBe('sent')
    await desk.watch.run()
    await desk.watch.run()
    expect(await entries('watch')).toEqual([
      expect.objectContaining({ entry: '+23480312*', hits: 1, lastHitAt: gateway.now() }),
    ])
    expect(desk.watch.met(gateway.now())).toMatchObject([{ entry: '+23480312*', hits: 1 }])
    await desk.alerts.judge()
    const alerts = await desk.alerts.firing()
    expect(JSON.stringify(alerts)).toContain('watch.met')
    expect(desk.watch.met(gateway.now() + DAY)).toEqual([])
    const mark = await desk.watch.markOf(met.decision.id)
    expect(mark).toMatchObject({ entry: '+23480312*', note: 'named in a channel' })
    const decision = await gateway.call('GET', `/v1/console/decisions/${met.decision.id}`)
    expect(decision.body.watched).toEqual({ entry: '+23480312*', note: 'named in a channel' })
    const { body } = await call('GET', '/watch/hits?entry=%2B23480312*')
    expect(body.rows).toEqual([expect.objectContaining({ id: met.decision.id, country: 'NG' })])
  })

  it('are exported as a table that no spreadsheet runs', async () => {
    await add(
      'deny',
      ['device:=cmd()', '=1+1'],
      ['+23480312*', 'a "b", c'],
      ['AS64500', '-1+cmd()'],
    )
    const { body } = await call('GET', '/deny/export')
    expect(body).toContain('+23480312*,"a ""b"", c"')
    expect(body).toContain("device:=cmd(),'=1+1")
    expect(body).toContain("AS64500,'-1+cmd()")
  })
})
