import { expect, it } from 'vitest'
import { aCharged, aRequest } from '../../../test/conformance/ledger-rows.js'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import { openSqliteLedger } from '../../ledger/sqlite/open.js'
import { usualPeaks } from '../../report/usual-peaks.js'
import { capsOf, observe } from './observe.js'

const NOW = Date.UTC(2026, 10, 20, 12, 20)
const gate = { policy: { policy: { services: {}, spendCaps: [] } } } as never

it('watches every service that asks, also one of hundreds and one that the policy does not name', async () => {
  const ledger = await openSqliteLedger({ file: ':memory:', numbers: 'clear', clock: () => NOW })
  let made = 0
  const sends = (service: string, at: number, count: number, country = 'NG') =>
    Array.from({ length: count }, () => ({
      table: 'requests' as const,
      row: { ...aCharged(`r${made++}`, { at, service }), country },
    }))
  const quarter = NOW - 5 * MINUTE
  await ledger.commit([
    ...Array.from({ length: 300 }, (_, i) => sends(`busy-${i}`, NOW - 3 * HOUR, 2)).flat(),
    ...sends('attacked', quarter, 30, 'LV'),
    ...sends('attacked', quarter, 5, 'NG'),
    { table: 'requests', row: aRequest('late', { at: NOW, service: 'attacked' }) },
    { table: 'requests', row: aRequest('usual', { at: NOW - 3 * DAY, service: 'attacked' }) },
  ])
  while ((await ledger.rollUp(1_000, NOW)) > 0);
  const { services } = await observe(
    { ledger, gate, peaks: usualPeaks(ledger), isLow: ({ sends }) => sends > 20 },
    NOW,
    (error) => {
      throw error
    },
  )
  expect(services).toHaveLength(301)
  expect(services?.find(({ service }) => service === 'attacked')).toMatchObject({
    fiveMinutes: 1,
    usual: { hourly: 1, days: 1 },
    quarter: { sends: 35, verified: 0 },
    worst: [
      { country: 'LV', sends: 30 },
      { country: 'NG', sends: 5 },
    ],
    day: { sends: 35 },
  })
  expect(services?.find(({ service }) => service === 'busy-7')).toMatchObject({
    ...{ quarter: { sends: 0 }, hour: { sends: 0 }, day: { sends: 2 }, worst: [], usual: null },
  })
  await ledger.close()
})

it('tells of each cap whether it holds; of one over all services, where any enforces', async () => {
  const day = { scope: 'service', period: 'day', limitMicroUsd: 1 }
  const service = (name: string, mode: string) => ({ name, mode, spendCaps: [day] })
  const modes = async (login: string) => {
    const services = { signup: service('signup', 'monitor'), login: service('login', login) }
    const spendCaps = [{ ...day, scope: 'global' }]
    const policy = { services, fallback: null, spendCaps }
    const parts = { ledger: { top: async () => [] }, gate: { policy: { policy } } } as never
    return (await capsOf(parts, 0)).map(({ service, mode }) => [service, mode])
  }
  expect(await modes('enforce')).toEqual([
    [null, 'enforce'],
    ['signup', 'monitor'],
    ['login', 'enforce'],
  ])
  expect((await modes('monitor'))[0]).toEqual([null, 'monitor'])
})
