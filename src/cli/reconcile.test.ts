import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writePumpedLog } from '../../test/fakes/pumped-log.js'
import { jsonOf, tollgate } from '../../test/fakes/terminal.js'
import { readInvoice } from '../audit/reconcile/read-invoice.js'
import type { Reconciliation } from '../audit/reconcile/reconciliation.js'
import { EXIT } from './fault.js'

let folder: string
const file = (name: string, text: string) => writeFileSync(join(folder, name), text)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-reconcile-'))
  writePumpedLog(folder)
  const sent = readFileSync(join(folder, 'messages.csv'), 'utf8').trimEnd().split('\n').slice(0, -1)
  const never = Array.from(
    { length: 50 },
    (_, i) =>
      `XX${i},2026-08-20T10:00:${String(i).padStart(2, '0')}Z,Shop,+88017${11_000_000 + i},delivered,-0.40,USD,1,,outbound-api`,
  )
  file('billed.csv', [...sent, ...never, ''].join('\n'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const reconcile = (...args: string[]) => tollgate(['reconcile', ...args], { cwd: folder })

describe('tollgate reconcile', () => {
  it('finds what was billed and never sent', async () => {
    const ran = await reconcile('billed.csv', 'messages.csv', '--json', '--fail-above', '5%')
    const result = jsonOf<Reconciliation>(ran)
    expect(ran.exit).toBe(3)
    expect(result.neverSent).toMatchObject({ messages: 50 })
    expect(result.neverSent.money).toBeCloseTo(20, 6)
    expect(result.byCountry[0]?.key).toBe('BD')
    const { exit, out } = await reconcile('billed.csv', 'messages.csv', '--csv', 'differences')
    expect(exit).toBe(EXIT.ok)
    expect(out).toContain('50 billed messages were never sent')
    expect(out).toMatch(/^BD +50 /m)
    expect(readFileSync(join(folder, 'differences/by-country.csv'), 'utf8')).toMatch(/^BD,50,20,/m)
  })

  it('finds what was billed twice', async () => {
    const [head = '', ...sent] = readFileSync(join(folder, 'messages.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(0, -1)
    file('twice.csv', [head, ...sent, ...sent.slice(0, 7), ''].join('\n'))
    const result = jsonOf<Reconciliation>(await reconcile('twice.csv', 'messages.csv', '--json'))
    expect(result.billedTwice.messages).toBe(7)
    expect(result.billed.messages).toBe(sent.length + 7)
  })

  it.each(['utf8', 'utf16le'] as const)('reads an invoice of sums in %s', async (encoding) => {
    const sums =
      '\ufeffMonth;Country;Quantity;Total\n2026-08;Nigeria;"2.500";"125,00"\n2026-08;BD;100;40,00\n'
    writeFileSync(join(folder, 'sums.csv'), sums, encoding)
    const result = jsonOf<Reconciliation>(await reconcile('sums.csv', 'messages.csv', '--json'))
    expect(result.invoice).toBe('sums')
    expect(result.billed).toMatchObject({ messages: 2_600, money: 165 })
    expect(result.neverSent.messages).toBeGreaterThan(100)
  })

  it('says which line of an invoice cannot be read', async () => {
    file('odd.csv', 'period,country,messages,amount\n2026-08,NG,3,1.5\n2026-08,Atlantis,3,1\n')
    const { exit, err } = await reconcile('odd.csv', 'messages.csv')
    expect(exit).toBe(EXIT.usage)
    expect(err).toContain('odd.csv line 3: country "Atlantis"')
    file('odd.csv', 'period,country,messages,amount\n2026-13,NG,3,1.5\n')
    const month = await reconcile('odd.csv', 'messages.csv')
    expect(month.exit).toBe(EXIT.usage)
    expect(month.err).toContain('odd.csv line 2: period "2026-13": write 2026-11')
    expect((await reconcile('nowhere.csv', 'messages.csv')).err).toContain('there is no file')
    const directory = await reconcile('.', 'messages.csv')
    expect(directory.exit).toBe(EXIT.usage)
    expect(directory.err).toContain('is a directory; name its files')
  })

  it.each([
    ['empty-sums.csv', 'period,country,messages,amount\n', 'empty-sums.csv'],
    ['empty-list.csv', 'to,date,price\n', 'empty-list.csv'],
  ])('an invoice that is nothing but a header is told: %s', async (name, text, told) => {
    file(name, text)
    const { exit, err } = await reconcile(name, 'messages.csv')
    expect(exit).toBe(EXIT.usage)
    expect(err).toContain(`${told}: holds a header and no row below it`)
  })

  it('takes no flag that it would make nothing of', async () => {
    for (const flag of ['--outcomes', '--markets', '--usd-rate']) {
      const { exit, err } = await reconcile('billed.csv', 'messages.csv', flag, 'NG')
      expect(exit).toBe(EXIT.usage)
      expect(err).toContain(`unknown option '${flag}'`)
    }
  })

  it('names the flag of the invoice for the columns of the invoice', async () => {
    file('other.csv', 'a,b\nx,y\n')
    const proposed = await reconcile('other.csv', 'messages.csv')
    expect(proposed.err).toContain('--invoice-map to=COLUMN')
    const twice = await reconcile('other.csv', 'messages.csv', '--invoice-map', 'to=a,to=b,at=b')
    expect(twice.err).toContain('--invoice-map: to is given twice')
    expect((await reconcile('messages.csv', 'other.csv')).err).toContain(' --map to=COLUMN')
  })

  it('takes a list of messages for no sums', () => {
    expect(readInvoice(join(folder, 'messages.csv'), 'messages.csv')).toBeNull()
  })
})
