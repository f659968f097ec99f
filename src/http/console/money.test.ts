import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openStage, type Stage } from '../../../test/console/stage.js'
import { DAY, HOUR } from '../../engine/units.js'
import type { Role } from '../access.js'
import type { InvoiceView, MoneyView } from './money-view.js'
import type { ReportsView, ReportView } from './reports-view.js'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ historyMs: 16 * HOUR, sessionsPerDay: 300 })
  stage.pass(DAY - 11 * HOUR + HOUR)
  await stage.settle()
  await stage.desk.reports.run()
}, 120_000)
afterAll(() => stage.close())

async function call<T>(role: Role, method: string, path: string, body?: FormData | object) {
  const { name, value } = await stage.cookie(role)
  const form = body instanceof FormData
  const response = await fetch(`${stage.url}/v1/console/${path}`, {
    method,
    headers: {
      ...{ cookie: `${name}=${value}`, origin: stage.url, 'x-tollgate-console': '1' },
      ...(body !== undefined && !form && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, text, body: (text === '' ? null : JSON.parse(text)) as T }
}

const upload = (bytes: string | Buffer, name = 'invoice.csv'): FormData => {
  const form = new FormData()
  form.append('file', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)]), name)
  return form
}

describe('money', () => {
  it('adds up: verified, wasted and open are the spend, by day and by country', async () => {
    const { status, body } = await call<MoneyView>('viewer', 'GET', 'money')
    expect(status).toBe(200)
    const { totals, days, countries } = body
    expect(totals.spendMicroUsd).toBeGreaterThan(0)
    expect(totals.verifiedMicroUsd + totals.wastedMicroUsd + totals.openMicroUsd).toBe(
      totals.spendMicroUsd,
    )
    for (const rows of [days, countries])
      expect(rows.reduce((sum, row) => sum + row.spendMicroUsd, 0)).toBe(totals.spendMicroUsd)
    expect(body.caps.map(({ period, limitMicroUsd }) => [period, limitMicroUsd])).toEqual([
      ['month', 9_000e6],
      ['day', 400e6],
    ])
    expect(body.caps[0]?.usedMicroUsd).toBe(totals.spendMicroUsd)
    expect(body.costs[0]).toMatchObject({ totalMicroUsd: totals.spendMicroUsd })
    expect(body.costs[1]?.totalMicroUsd).toBeCloseTo(
      totals.spendMicroUsd + totals.verified * 50_000,
    )
    expect(body.months).toContain(body.month)
  })

  it('refuses a month that is none', async () => {
    for (const month of ['2026-13', '26-11', '2026-11;drop', ''])
      expect((await call('viewer', 'GET', `money?month=${month}`)).status).toBe(400)
  })
})

describe('an invoice', () => {
  const lines = async (): Promise<string[]> => {
    const rows = await stage.desk.ledger.requests({ limit: 1_000, credit: ['earned', 'lost'] })
    return rows.map(
      ({ number, at, priceMicroUsd }) =>
        `${number},${new Date(at).toISOString()},${priceMicroUsd / 1e6},USD,delivered`,
    )
  }
  const HEAD = 'to,date,price,currency,status'
  const MAPPED = `money/invoice?map=${encodeURIComponent('to=to,at=date,price=price,currency=currency,status=status')}`

  it('that bills what was sent leaves nothing in question; five messages more are found', async () => {
    const sent = await lines()
    expect(sent.length).toBeGreaterThan(50)
    const fair = await call<InvoiceView>(
      'analyst',
      'POST',
      MAPPED,
      upload([HEAD, ...sent].join('\n')),
    )
    expect(fair.status).toBe(200)
    expect(fair.body.result.neverSent.messages).toBe(0)
    expect(fair.body.result.billed.messages).toBe(sent.length)

    const last = sent[0]?.split(',')[1] ?? ''
    const more = Array.from(
      { length: 5 },
      (_, i) => `+23480612345${10 + i},${last},0.3,USD,delivered`,
    )
    const packed = gzipSync([HEAD, ...sent, ...more].join('\n'))
    const padded = await call<InvoiceView>(
      'analyst',
      'POST',
      MAPPED,
      upload(packed, 'invoice.csv.gz'),
    )
    expect(padded.body.result.neverSent).toMatchObject({ messages: 5 })
    expect(padded.body.result.neverSent.money).toBeCloseTo(1.5)
    expect(padded.body.csv['by-country.csv']).toContain('NG')
    expect(padded.text).not.toContain('+234806123451')
  })

  it('says in what currency it is, and what of it could not be compared', async () => {
    const sent = await lines()
    const check = async (path: string, text: string[]) =>
      (await call<InvoiceView>('analyst', 'POST', path, upload(text.join('\n')))).body
    const { result: mixed } = await check(MAPPED, [
      HEAD,
      ...sent.map((line, i) => (i === 0 ? line.replace('USD', 'EUR') : line)),
    ])
    expect(mixed).toMatchObject({ currency: 'USD', billed: { messages: sent.length - 1 } })
    expect(mixed.notes).toContain('Of the invoice 1 row was left out (1 other currency).')
    const sums = ['period,country,messages,amount,currency', '2026-11,NG,10,1.10,EUR']
    const { result: euros } = await check('money/invoice', sums)
    expect(euros).toMatchObject({ currency: 'EUR', billed: { money: 1.1 } })
    expect(euros.notes.join()).toContain('prices in USD and the invoice in EUR')
    const both = await check('money/invoice', [...sums, '2026-11,GH,10,1.10,USD'])
    expect(both).toMatchObject({ detail: expect.stringContaining('line 3: billed in USD, and') })
    const named = await check('money/invoice', [
      'period,country,messages,amount',
      '2026-11,NG,10,£1.10',
    ])
    expect(named.result.currency).toBe('GBP')
  })

  it('that finds no room on the disk keeps no other one from being compared', async () => {
    const invoice = [HEAD, ...(await lines())].join('\n')
    vi.stubEnv('TMPDIR', '/nowhere')
    const { status } = await call('analyst', 'POST', MAPPED, upload(invoice))
    vi.unstubAllEnvs()
    expect(status).toBe(500)
    expect((await call('analyst', 'POST', MAPPED, upload(invoice))).status).toBe(200)
  })

  it('that cannot be understood is refused in words, without the place of a file', async () => {
    const unknown = await call(
      'analyst',
      'POST',
      'money/invoice',
      upload(`${HEAD}\n${(await lines())[0]}`),
    )
    expect(unknown.text).toContain('columns to=to,at=date,price=price')
    for (const form of [upload('hello'), upload(''), upload('x'.repeat(1_000), 'a.csv.gz')]) {
      const { status, text } = await call('analyst', 'POST', 'money/invoice', form)
      expect(status).toBe(400)
      expect(text).not.toContain('/tmp')
    }
    const sums = 'period,country,messages,amount\n2026-11,Atlantis,3,1'
    const { status, text } = await call('analyst', 'POST', 'money/invoice', upload(sums))
    expect(status).toBe(400)
    expect(text).toContain('Atlantis')
  })

  it('is for analysts', async () => {
    expect((await call('viewer', 'POST', 'money/invoice', upload('a'))).status).toBe(403)
  })
})

describe('reports', () => {
  it('show numbers to analysts and masks to viewers', async () => {
    const { body } = await call<ReportsView>('viewer', 'GET', 'reports')
    const id = body.rows[0]?.id ?? ''
    expect(id).toMatch(/^daily-2026-11-/)
    const whole = await call<ReportView>('analyst', 'GET', `reports/${id}`)
    const masked = await call<ReportView>('viewer', 'GET', `reports/${id}`)
    const numbers = ({ body: view }: typeof whole) =>
      view.kind === 'daily' ? (view.sources?.numbers.map(({ key }) => key) ?? []) : []
    expect(numbers(whole).length).toBeGreaterThan(0)
    expect(numbers(whole).every((number) => /^\+\d{8,}$/.test(number))).toBe(true)
    expect(numbers(masked).every((number) => /^\+\d{5}\*+\d\d$/.test(number))).toBe(true)
    for (const number of numbers(whole)) expect(masked.text).not.toContain(number)
  })

  it('have today so far, and none of what never was', async () => {
    const today = await call<ReportView>('viewer', 'GET', 'reports/today')
    expect(today.body).toMatchObject({ kind: 'daily', preview: true })
    expect((await call('viewer', 'GET', 'reports/daily-2020-01-01')).status).toBe(404)
    expect((await call('viewer', 'GET', 'reports/..%2f..%2fetc')).status).toBe(400)
  })

  it('take another time zone from administrators', async () => {
    const zone = (role: Role, timeZone: string) =>
      call(role, 'PUT', 'reports/time-zone', { timeZone })
    expect((await zone('analyst', 'Africa/Lagos')).status).toBe(403)
    expect((await zone('admin', 'Mars/Base')).status).toBe(400)
    expect((await zone('admin', 'Africa/Lagos')).status).toBe(200)
    expect((await call<ReportsView>('viewer', 'GET', 'reports')).body.timeZone).toBe('Africa/Lagos')
  })
})
