import { describe, expect, it } from 'vitest'
import { aCharged, aSend, T0 } from '../../test/conformance/ledger-rows.js'
import { memoryLedger } from '../ledger/memory/memory.js'
import type { Ledger } from '../ledger/port.js'
import type { SendRow } from '../ledger/rows.js'
import type { Receipt } from '../send/port.js'
import type { Life } from './context.js'
import { receive, receiveEarly } from './receipts.js'

const message: Partial<SendRow> = {
  ...{ requestId: 'request', status: 'accepted', provider: 'own', providerId: 'm-1' },
}
const told = (status: Receipt['status'], more: Partial<Receipt> = {}): Receipt => ({
  ...{ providerId: 'm-1', status, at: T0, providerCode: null },
  error: status === 'failed' ? 'absent' : null,
  ...more,
})

/** What a gateway does with receipts needs no more of it than this. */
const gateway = (ledger: Ledger, now = () => T0): Life =>
  ({
    ...{ ledger, early: [], clock: now, applied: () => undefined },
    core: { settle: async () => undefined },
  }) as unknown as Life

async function aLedger(row: Partial<SendRow> = {}): Promise<Ledger> {
  const ledger = memoryLedger({ clock: () => T0 })
  await ledger.commit([
    { table: 'requests', row: aCharged('request') },
    { table: 'sends', row: aSend('msg_1', { ...message, ...row }) },
  ])
  return ledger
}
const outcome = async (ledger: Ledger) => ({
  status: (await ledger.send('msg_1'))?.status,
  credit: (await ledger.request('request'))?.credit,
})

const turn = () => new Promise((resolve) => setImmediate(resolve))
const STEPS = ['sendByProvider', 'send', 'settle', 'updateSend'] as const

/** A gateway's way to the ledger, on which it goes one step each time that it is let. */
function stepwise(ledger: Ledger) {
  let go: (() => void) | null = null
  const stepped = { ...ledger }
  for (const step of STEPS)
    stepped[step] = async (...args: unknown[]) => {
      await new Promise<void>((resolve) => {
        go = resolve
      })
      return (ledger[step] as (...args: unknown[]) => Promise<never>)(...args)
    }
  return {
    ledger: stepped as Ledger,
    async step(): Promise<void> {
      go?.()
      go = null
      await turn()
    },
  }
}

const SCHEDULE = 9
/** In which order two gateways take their steps: every one of so many. */
const schedules = Array.from({ length: 2 ** SCHEDULE }, (_, order) =>
  Array.from({ length: SCHEDULE }, (_, i) => (order >> i) & 1),
)

describe('two gateways that are told of one message at once', () => {
  it.each([
    { one: [told('delivered')], other: [told('failed')] },
    { one: [told('failed'), told('delivered')], other: [told('failed')] },
    { one: [told('delivered')], other: [told('failed'), told('failed', { error: 'blocked' })] },
  ])('agree that it was delivered, whoever is first: $one against $other', async (receipts) => {
    const ends = new Set<string>()
    for (const schedule of schedules) {
      const ledger = await aLedger()
      const gateways = [stepwise(ledger), stepwise(ledger)]
      const work = [receipts.one, receipts.other].map((list, i) =>
        receive(gateway(gateways[i]?.ledger ?? ledger), 'own', list),
      )
      let ended = false
      void Promise.all(work).then(() => {
        ended = true
      })
      for (const who of schedule) await gateways[who]?.step()
      while (!ended) for (const each of gateways) await each.step()
      const { status, credit } = await outcome(ledger)
      ends.add(`${status}, ${credit === 'failed' ? credit : 'not failed'}`)
    }
    expect([...ends]).toEqual(['delivered, not failed'])
  })
})

describe('a receipt', () => {
  it('that met a ledger in trouble is heeded when it is told again', async () => {
    const ledger = await aLedger()
    const ill = { ...ledger, settle: async () => Promise.reject(new Error('down')) }
    await expect(receive(gateway(ill), 'own', [told('failed')])).rejects.toThrow('down')
    expect(await receive(gateway(ledger), 'own', [told('failed')])).toBe(1)
    expect(await outcome(ledger)).toEqual({ status: 'failed', credit: 'failed' })
  })
})

describe('a receipt that names the message as it was handed over', () => {
  const named = (status: Receipt['status'], more: Partial<Receipt> = {}) =>
    told(status, { providerId: 'm-9', reference: 'msg_1', ...more })

  it('finds a message whose answer was lost, which has its id from then on', async () => {
    const ledger = await aLedger({ status: 'unknown', providerId: null })
    const life = gateway(ledger)
    expect(await receive(life, 'own', [named('failed')])).toBe(1)
    expect(await outcome(ledger)).toEqual({ status: 'failed', credit: 'failed' })
    expect(await receive(life, 'own', [told('delivered', { providerId: 'm-9' })])).toBe(1)
    expect(await outcome(ledger)).toEqual({ status: 'delivered', credit: 'lost' })
  })

  it('finds it without an id of the provider, and whoever it was handed to when a process died', async () => {
    const ledger = await aLedger({ status: 'unknown', provider: null, providerId: null })
    expect(await receive(gateway(ledger), 'own', [named('delivered', { providerId: null })])).toBe(
      1,
    )
    expect(await ledger.send('msg_1')).toMatchObject({ status: 'delivered', provider: 'own' })
  })

  it('says nothing of a message that another provider took', async () => {
    const ledger = await aLedger()
    expect(await receive(gateway(ledger), 'other', [named('failed')])).toBe(0)
    expect(await outcome(ledger)).toEqual({ status: 'accepted', credit: 'reserved' })
  })

  it('waits for the answer of a message that is under way', async () => {
    const ledger = await aLedger({ status: 'pending', provider: null, providerId: null })
    let now = T0
    const life = gateway(ledger, () => now)
    expect(await receive(life, 'own', [named('failed')])).toBe(0)
    expect(await outcome(ledger)).toEqual({ status: 'pending', credit: 'reserved' })
    await ledger.updateSend('msg_1', { status: 'unknown', provider: 'own' })
    now += 1_000
    await receiveEarly(life)
    expect(await outcome(ledger)).toEqual({ status: 'failed', credit: 'failed' })
  })

  it('leaves the id that the provider gave alone', async () => {
    const ledger = await aLedger()
    expect(await receive(gateway(ledger), 'own', [named('delivered')])).toBe(1)
    expect((await ledger.send('msg_1'))?.providerId).toBe('m-1')
  })
})
