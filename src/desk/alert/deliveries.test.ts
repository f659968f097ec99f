import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memoryDocuments } from '../../../test/fakes/documents.js'
import { HOUR, MINUTE, SECOND } from '../../engine/units.js'
import { collection } from '../../ledger/collection.js'
import { GIVE_UP_MS } from './backoff.js'
import { createDeliveries, type DeliveryRecord } from './deliveries.js'
import type { AlarmNotice, NoticeKind } from './finding.js'
import type { Handed } from './hand-over.js'
import type { OpenSink } from './sink.js'

const T0 = Date.UTC(2026, 10, 20, 12)
const FINE: Handed = { ok: true, status: 200, answer: 'ok' }
const DOWN: Handed = { ok: false, status: 503, answer: 'down' }
const night = { from: '22:00', to: '07:00', timeZone: 'UTC' }

let now = T0
let store = memoryDocuments()
const queues: { stop: () => Promise<void> }[] = []
beforeEach(() => {
  now = T0
  store = memoryDocuments()
})
afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.stop()
})

const sink = (id: string, more: Partial<OpenSink> = {}): OpenSink => ({
  ...{ id, name: id, enabled: true, place: { type: 'slack' }, secret: null, minimum: 'info' },
  ...{ quiet: null, reports: [], createdAt: 0, ...more },
})
const notice = (
  kind: NoticeKind,
  id = 'a',
  more: Partial<AlarmNotice['alarm']> = {},
): AlarmNotice => ({
  ...{ type: 'alarm', kind, at: now },
  alarm: {
    ...{ id, rule: 'volume.peak', key: id, severity: 'warning', phase: '', title: id, facts: [] },
    ...{ page: '/', service: null, state: 'firing', firedAt: T0, clearSince: null },
    ...{ resolvedAt: null, notifiedAt: T0, ...more },
  },
})

/** A queue over the same documents, as a process that starts has it. */
function open(sinks: OpenSink[], answer: (sink: string) => Handed | Promise<Handed> = () => FINE) {
  const handed: { sink: string; id: string; kind: string; about: string; at: number }[] = []
  const queue = createDeliveries({
    records: collection<DeliveryRecord>(store, 'alert-delivery'),
    sink: (id) => sinks.find((one) => one.id === id) ?? null,
    handOver: async ({ id: to }, what, { id, at }) => {
      const about = what.type === 'alarm' ? what.alarm.id : what.of
      handed.push({ sink: to, id, kind: what.kind, about, at })
      return answer(to)
    },
    clock: () => now,
    random: (bytes) => Buffer.alloc(bytes, 255),
    changed: () => undefined,
    warn: (error) => {
      throw error
    },
  })
  queues.push(queue)
  const turn = async () => {
    queue.tick(sinks.map(({ id }) => id))
    await queue.idle()
  }
  const states = async () => (await queue.list(100)).map(({ value }) => value.state)
  return { queue, handed, turn, states }
}

describe('a queue', () => {
  it('knows what waits and since when, without what waits for the end of quiet hours', async () => {
    const asleep = sink('asleep', { quiet: { from: '00:00', to: '23:59', timeZone: 'UTC' } })
    const down = sink('down')
    let answer = DOWN
    const { queue, turn } = open([asleep, down], () => answer)
    await queue.add(asleep, notice('firing'))
    await queue.add(down, notice('firing'))
    now += SECOND
    await queue.add(down, notice('firing', 'b'))
    await turn()
    const of = (id: string) => queue.waiting().find((one) => one.sink === id)
    expect(of('down')).toMatchObject({ count: 2, oldestAt: T0 })
    expect(of('asleep')).toMatchObject({ count: 0, oldestAt: null })
    answer = FINE
    now += MINUTE
    await turn()
    expect(of('down')).toMatchObject({ count: 0, oldestAt: null })
    now += MINUTE
    expect(queue.waiting()).toEqual([])
  })

  it('keeps a message before it is tried, and once', async () => {
    const a = sink('a')
    const { queue, handed, turn, states } = open([a])
    await queue.add(a, notice('firing'))
    expect(await states()).toEqual(['waiting'])
    expect(handed).toHaveLength(0)
    await turn()
    expect(await states()).toEqual(['delivered'])
    await turn()
    // a crash between keeping the alarm and keeping that it was told puts it here again
    await queue.add(a, notice('firing'))
    await turn()
    expect(handed).toHaveLength(1)
  })

  it('tries until it is delivered, later and later, under one id', async () => {
    const a = sink('a')
    let answer = DOWN
    const { queue, handed, turn, states } = open([a], () => answer)
    await queue.add(a, notice('firing'))
    for (let i = 0; i < 3 * 3600; i++) {
      await turn()
      now += SECOND
    }
    const gaps = handed.slice(1).map(({ at }, i) => at - (handed[i]?.at ?? 0))
    expect(gaps.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000])
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30 * MINUTE + SECOND)
    answer = FINE
    now += 30 * MINUTE
    await turn()
    expect(await states()).toEqual(['delivered'])
    expect(new Set(handed.map(({ id }) => id)).size).toBe(1)
  })

  it('gives up after 72 hours, says so, and can be told to try again', async () => {
    const a = sink('a')
    let answer = DOWN
    const { queue, turn, states } = open([a], () => answer)
    const id = await queue.add(a, notice('firing'))
    await turn()
    now += GIVE_UP_MS - 1
    await turn()
    expect(await states()).toEqual(['waiting'])
    now += HOUR
    await turn()
    expect((await queue.list(1))[0]?.value).toMatchObject({ state: 'failed', answer: 'down' })
    answer = FINE
    expect(await queue.retry(id ?? '')).toBe(true)
    await turn()
    expect(await states()).toEqual(['delivered'])
    expect(await queue.retry(id ?? '')).toBe(false)
  })

  it('loses nothing when the process dies in the middle of an attempt', async () => {
    const a = sink('a')
    const before = open([a], () => new Promise<Handed>(() => undefined))
    await before.queue.add(a, notice('firing', 'one'))
    now += 1
    await before.queue.add(a, notice('firing', 'two'))
    before.queue.tick(['a'])
    await new Promise((resolve) => setImmediate(resolve))
    expect(before.handed).toHaveLength(1)
    queues.length = 0

    const after = open([a])
    await after.turn()
    // the one under way may have arrived: it is left for half a minute
    expect(after.handed.map(({ about }) => about)).toEqual(['two'])
    now += 30 * SECOND
    await after.turn()
    expect(after.handed.map(({ about }) => about)).toEqual(['two', 'one'])
    expect(after.handed[1]?.id).toBe(before.handed[0]?.id)
    expect(await after.states()).toEqual(['delivered', 'delivered'])
  })

  it('of one sink does not wait for another', async () => {
    const sinks = [sink('slow'), sink('fast')]
    let release = (_: Handed): void => undefined
    const hangs = new Promise<Handed>((resolve) => {
      release = resolve
    })
    const { queue, handed } = open(sinks, (to) => (to === 'slow' ? hangs : FINE))
    for (const to of sinks) await queue.add(to, notice('firing'))
    queue.tick(['slow', 'fast'])
    await new Promise((resolve) => setImmediate(resolve))
    await queue.add(sinks[1] as OpenSink, notice('firing', 'b'))
    await new Promise((resolve) => setImmediate(resolve))
    queue.tick(['slow', 'fast'])
    await new Promise((resolve) => setImmediate(resolve))
    expect(handed.map(({ sink: to }) => to)).toEqual(['slow', 'fast', 'fast'])
    release(FINE)
    await queue.idle()
  })

  it('never tells the end of an alert before its beginning', async () => {
    const a = sink('a')
    let answer = DOWN
    const { queue, handed, turn } = open([a], () => answer)
    await queue.add(a, notice('firing'))
    await turn()
    now += 1
    await queue.add(a, notice('resolved'))
    now += 1
    await queue.add(a, notice('firing', 'b'))
    await turn()
    expect(handed.map(({ about, kind }) => `${about} ${kind}`)).toEqual(['a firing', 'b firing'])
    answer = FINE
    now += MINUTE
    await turn()
    expect(handed.slice(2).map(({ about, kind }) => `${about} ${kind}`)).toEqual([
      'a firing',
      'a resolved',
      'b firing',
    ])
  })

  it('is bounded: of too many the oldest are given up', async () => {
    const a = sink('a')
    const { queue } = open([a], () => DOWN)
    for (let i = 0; i < 503; i++) {
      now += 1
      await queue.add(a, notice('firing', `alarm-${i}`))
    }
    const all = await queue.list(1_000)
    expect(all.filter(({ value }) => value.state === 'waiting')).toHaveLength(500)
    const failed = all.filter(({ value }) => value.state === 'failed')
    expect(
      failed.map(({ value }) => value.notice.type === 'alarm' && value.notice.alarm.id),
    ).toEqual(['alarm-2', 'alarm-1', 'alarm-0'])
  })

  it('drops what waits for a sink that is gone', async () => {
    const { queue, turn, states } = open([])
    await queue.add(sink('a'), notice('firing'))
    queue.tick(['a'])
    await turn()
    await queue.idle()
    expect(await states()).toEqual(['dropped'])
  })
})

describe('in quiet hours', () => {
  const a = sink('a', { quiet: night })
  beforeEach(() => {
    now = Date.UTC(2026, 10, 20, 23)
  })

  it('what is critical passes, the rest waits for the morning', async () => {
    const { queue, handed, turn } = open([a])
    await queue.add(a, notice('firing', 'minor'))
    await queue.add(a, notice('firing', 'major', { severity: 'critical' }))
    await turn()
    expect(handed.map(({ about }) => about)).toEqual(['major'])
    now = Date.UTC(2026, 10, 21, 6, 59)
    await turn()
    expect(handed).toHaveLength(1)
    now = Date.UTC(2026, 10, 21, 7)
    await turn()
    expect(handed.map(({ about }) => about)).toEqual(['major', 'minor'])
  })

  it('what is over by the morning is not told at all', async () => {
    const { queue, handed, turn, states } = open([a])
    await queue.add(a, notice('firing'))
    now += HOUR
    await queue.add(a, notice('reminder'))
    now += HOUR
    await queue.add(a, notice('resolved', 'a', { state: 'resolved' }))
    now = Date.UTC(2026, 10, 21, 8)
    await turn()
    expect(handed).toHaveLength(0)
    expect(await states()).toEqual(['dropped'])
  })

  it('the end of what was told before waits for the morning and is told', async () => {
    const { queue, handed, turn } = open([a])
    now = Date.UTC(2026, 10, 20, 21)
    await queue.add(a, notice('firing'))
    await turn()
    now = Date.UTC(2026, 10, 20, 23)
    await queue.add(a, notice('resolved'))
    await turn()
    expect(handed.map(({ kind }) => kind)).toEqual(['firing'])
    now = Date.UTC(2026, 10, 21, 7)
    await turn()
    expect(handed.map(({ kind }) => kind)).toEqual(['firing', 'resolved'])
  })
})
