import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ATTACK_MESSAGES, writePumpedLog } from '../../test/fakes/pumped-log.js'
import { jsonOf, tollgate } from '../../test/fakes/terminal.js'
import type { jsonOfResult } from '../audit/report/json.js'
import { loadPolicy } from '../policy/load.js'
import { EXIT } from './fault.js'

type Json = ReturnType<typeof jsonOfResult>

let folder: string
let log: ReturnType<typeof writePumpedLog>
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-audit-'))
  log = writePumpedLog(folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

const cli = (...args: string[]) => tollgate(args, { cwd: folder })
/** Without a replay: what is tested here is the command. */
const audit = (...args: string[]) =>
  cli('audit', 'messages.csv', '--outcomes', 'verified.csv', '--max-replayed', '500', ...args)
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')

describe('tollgate audit', () => {
  it('tells on one screen what was pumped, and writes the report', async () => {
    const { exit, out, err } = await audit('--markets', 'NG,GH')
    expect({ exit, err }).toEqual({ exit: EXIT.ok, err: '' })
    const lines = out.split('\n')
    expect(lines.length).toBeLessThanOrEqual(30)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(130)
    expect(out).toMatch(/^spent +USD 258.00 on 3,400 messages/m)
    expect(out).toMatch(/^fraud +USD 10\d/m)
    expect(out).toMatch(/^since +31 Aug 2026/m)
    expect(out).toContain('Uzbekistan')
    expect(out).toContain('1 row left out (1 bad time)')
    expect(out).toContain('report in tollgate-audit.html')
    expect(read('tollgate-audit.html')).toContain('Uzbekistan')
  })

  it('answers as JSON on standard output alone, in plain numbers', async () => {
    const before = readdirSync(folder)
    const ran = await audit('--markets', 'NG,GH', '--json')
    const json = jsonOf<Json>(ran)
    expect(ran.exit).toBe(EXIT.ok)
    expect(readdirSync(folder)).toEqual(before)
    expect(json).toMatchObject({ rows: 3_400, skipped: 1, spend: { currency: 'USD' } })
    expect(json.spend.total).toBeCloseTo(258, 6)
    const { surely, probably, unclear, share, low, high } = json.fraud
    for (const value of [surely, probably, unclear, share, low, high])
      expect(value).toEqual(expect.any(Number))
    expect(Math.abs(json.fraud.money.value / log.money - 1)).toBeLessThan(0.1)
    expect(low).toBeLessThanOrEqual(share)
    expect(share).toBeLessThanOrEqual(high)
    expect(json.trend).toHaveLength(50)
    const [incident] = json.incidents
    expect(incident?.onset.slice(0, 10)).toBe('2026-08-31')
    expect(incident?.money).toBeCloseTo(log.money, -1)
    expect(incident?.ranges.length).toBeGreaterThan(0)
    expect(json.wouldHaveSaved.length).toBeGreaterThan(3)
    expect(loadPolicy(json.policy).ok).toBe(true)
  })

  it('takes prices that the log does not have from a price list, and says so', async () => {
    const rows = Array.from(
      { length: 50 },
      (_, i) =>
        `+23480312${34_000 + i * 7},2026-08-${String(1 + (i % 28)).padStart(2, '0')} 10:00:0${i % 10}`,
    )
    writeFileSync(join(folder, 'unpriced.csv'), ['to,at', ...rows].join('\n'))
    writeFileSync(join(folder, 'prices.csv'), 'prefix,price,currency\n+234803,0.5,USD\n')
    const { exit, out, err } = await cli(
      ...['audit', 'unpriced.csv', '--map', 'to=to,at=at'],
      ...['--no-html', '--prices', 'prices.csv'],
    )
    expect({ exit, err }).toEqual({ exit: EXIT.ok, err: '' })
    expect(out).toMatch(/^spent +USD 25.00 on 50 messages/m)
    expect(out).toMatch(/^prices +100 % of the messages have no price.*prices.csv/m)
    const wrong = await cli('audit', 'unpriced.csv', '--no-html', '--prices', 'unpriced.csv')
    expect(wrong.exit).toBe(EXIT.usage)
    expect(wrong.err).toContain('unpriced.csv')
  })

  it('ends with 3 when more of the bill is fraud than a job allows', async () => {
    const over = await audit('--no-html', '--fail-above', '5%')
    expect(over.exit).toBe(3)
    expect(over.err).toMatch(/of the bill is fraud, more than 5 %/)
    expect((await audit('--no-html', '--fail-above', '60%')).exit).toBe(EXIT.ok)
    const quiet = await audit('--json', '--fail-above', '5%')
    expect([quiet.exit, jsonOf<Json>(quiet).rows]).toEqual([3, 3_400])
  })

  it('writes every table, and evidence that lists the attack and nothing else', async () => {
    const [incident] = jsonOf<Json>(await audit('--json')).incidents
    const id = incident?.id ?? ''
    const { exit, out } = await audit('--csv', 'tables', '--evidence', id, '--evidence-dir', 'case')
    expect(exit).toBe(EXIT.ok)
    expect(out).toContain('tables in tables')
    expect(out).not.toContain('report in')
    expect(readdirSync(join(folder, 'tables')).sort()).toEqual([
      ...['costs.csv', 'countries.csv', 'defences.csv', 'incident-ranges.csv'],
      ...['incident-timelines.csv', 'incidents.csv', 'operators.csv', 'policy.yaml', 'ranges.csv'],
      ...['skipped.csv', 'summary.csv', 'top-numbers.csv', 'trend-day.csv', 'trend-month.csv'],
      'trend-week.csv',
    ])
    expect(read('tables/summary.csv')).toMatch(/^messages,3400\r$/m)
    const [header, ...rows] = read(`case/evidence-${id}.csv`).trimEnd().split('\r\n')
    expect(header).toBe(
      'number,sent_at,range,country,operator,segments,amount,amount_from,currency,status,error,code_entered,certainty',
    )
    expect(rows).toHaveLength(ATTACK_MESSAGES)
    expect(rows.every((row) => row.startsWith('+99899394'))).toBe(true)
    expect(rows[0]).toContain('2026-08-31T00:00:00.000Z')
    expect(rows[0]).toContain(',UZ,')
    expect(statSync(join(folder, `case/evidence-${id}.csv`)).mode & 0o077).toBe(0)
    const letter = read(`case/evidence-${id}.txt`)
    expect(letter).toContain('Messages     400')
    expect(letter).toContain('USD 108.00')
    expect(letter).not.toMatch(/\+\d{11,}/)
  })

  it('tells of a directory that cannot be made before it reads the log', async () => {
    writeFileSync(join(folder, 'taken'), '')
    for (const flags of [
      ['--csv', 'taken/tables'],
      ['--evidence', 'any', '--evidence-dir', 'taken'],
    ]) {
      const { exit, err } = await audit('--map', 'to=nowhere', ...flags)
      expect(exit).toBe(EXIT.usage)
      expect(err).toContain(`${flags.at(-2)}: ${flags.at(-1)} cannot be made: `)
      expect(err).toContain('taken is no directory\n  name another directory')
    }
  })

  it('keeps every number out of every output with --pseudonymise, and names them alike with a key', async () => {
    writeFileSync(join(folder, 'key'), 'k'.repeat(32))
    const withKey = ['--pseudonymise', '--pseudonym-key-file', 'key']
    const ran = await audit('--json', ...withKey)
    const [incident] = jsonOf<Json>(ran).incidents
    const id = incident?.id ?? ''
    const files = (dir: string) => [
      ...['--html', `${dir}.html`, '--csv', dir, '--evidence', id, '--evidence-dir', dir],
    ]
    const text = await audit(...withKey, ...files('hidden'))
    const outputs = [
      ran.out,
      text.out,
      read('hidden.html'),
      ...readdirSync(join(folder, 'hidden')).map((name) => read(join('hidden', name))),
    ]
    for (const output of outputs) {
      expect(output).not.toMatch(/\d{2,}xx+\d{2,}/)
      for (const number of log.numbers)
        if (output.includes(number.slice(1))) throw new Error(`a number is told: ${number}`)
    }
    const names = (dir: string) =>
      read(`${dir}/evidence-${id}.csv`)
        .split('\r\n')
        .slice(1, 20)
        .map((row) => row.split(',')[0])
    expect(names('hidden')[0]).toMatch(/^n-[0-9a-f]{16}$/)
    const again = ['--evidence', id, '--evidence-dir', 'again']
    await audit(...withKey, ...again)
    expect(names('again')).toEqual(names('hidden'))
    await audit('--pseudonymise', ...again)
    expect(names('again')).not.toEqual(names('hidden'))
    expect(jsonOf<Json>(ran).topNumbers[0]?.number).toMatch(/^n-/)
  })

  it.each([
    [['audit'], 'no log is named'],
    [['audit', 'nowhere.csv'], 'nowhere.csv'],
    [['audit', 'messages.csv', '--sample'], '--sample makes its own log'],
    [['audit', 'messages.csv', '--fail-above', '5'], 'give a share such as 5%'],
    [['audit', 'messages.csv', '--currency', 'euro'], 'ISO 4217'],
    [['audit', 'messages.csv', '--pseudonym-key-file', 'key'], '--pseudonymise'],
    [['audit', 'key'], 'key'],
  ])('%j is a mistake of usage', async (args, told) => {
    writeFileSync(join(folder, 'key'), 'k'.repeat(32))
    const { exit, err, out } = await cli(...args)
    expect(exit).toBe(EXIT.usage)
    expect(err).toContain(told)
    expect(err).not.toMatch(/^\s+at /m)
    expect(out).toBe('')
  })

  it('names the incidents that there are when asked for another', async () => {
    const { exit, err } = await audit('--evidence', 'nope')
    expect(exit).toBe(EXIT.refused)
    expect(err).toMatch(/there is no incident "nope".*\n.*give one of 2026-08-31-1/)
  })

  it.each([
    ['*.csv', 'messages.csv', 'is read too, and would be written over'],
    ['messages.csv', 'verified.csv', 'is read too, and would be written over'],
    ['messages.csv', 'none/report.html', 'cannot be written: there is no directory'],
  ])('of %s is told before it is read that %s %s', async (logs, html, told) => {
    const before = read('messages.csv')
    const { exit, err } = await cli(
      ...['audit', logs, '--outcomes', 'verified.csv', '--html', html],
    )
    expect({ exit, err }).toEqual({ exit: EXIT.usage, err: expect.stringContaining(told) })
    expect(read('messages.csv')).toBe(before)
  })

  it('makes a sample and audits it', async () => {
    const { exit, out } = await cli(
      ...['audit', '--sample', 'made', '--sample-messages', '4000', '--no-html'],
      ...['--max-replayed', '500'],
    )
    expect(exit).toBe(EXIT.ok)
    expect(out).toMatch(/^spent +USD/m)
    expect(readdirSync(join(folder, 'made'))).toContain('messages.csv.gz')
  })
})

describe('tollgate policy suggest', () => {
  it('prints a policy that loads, with markets from the log', async () => {
    const { exit, out } = await cli(
      'policy',
      'suggest',
      'messages.csv',
      '--outcomes',
      'verified.csv',
    )
    expect(exit).toBe(EXIT.ok)
    const loaded = loadPolicy(out)
    expect(loaded.ok && loaded.policy.mode).toBe('monitor')
    expect(out).toMatch(/markets: \[NG, GH\]/)
  })
})
