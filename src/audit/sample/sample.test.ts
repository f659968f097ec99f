import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY } from '../../engine/units.js'
import { parseNumber } from '../../phone/parse.js'
import { type Sample, writeSample } from './sample.js'

const MESSAGES = 12_000
const DAYS = 100
const dir = mkdtempSync(join(tmpdir(), 'tollgate-sample-'))
let sample: Sample
let rows: { sid: string; at: number; to: string; fields: string[]; campaign: string | null }[]
const told: number[] = []

const linesOf = (text: string): string[] => text.trimEnd().split('\n')

beforeAll(async () => {
  sample = await writeSample(join(dir, 'a'), {
    ...{ seed: 7, messages: MESSAGES, days: DAYS },
    onProgress: (done) => told.push(done),
  })
  const campaigns = new Map(
    linesOf(readFileSync(sample.labels, 'utf8')).map((line): [string, string] => {
      const [sid = '', campaign = ''] = line.split(',')
      return [sid, campaign]
    }),
  )
  const [, ...lines] = linesOf(gunzipSync(readFileSync(sample.log)).toString())
  rows = lines.map((line) => {
    const fields = line.split(',')
    const [sid = '', date = '', , to = ''] = fields
    return { sid, to, fields, at: Date.parse(date), campaign: campaigns.get(sid) ?? null }
  })
}, 60_000)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const dayOf = (at: number): number => (at - Date.UTC(2025, 0, 1)) / DAY
const countIn = (fromDay: number, toDay: number, wanted = (_: string): boolean => true): number =>
  rows.filter(
    ({ at, to, campaign }) =>
      campaign === null && dayOf(at) >= fromDay && dayOf(at) < toDay && wanted(to),
  ).length

describe('writeSample', () => {
  it('writes about as many messages as asked for, in the order of time, and says how far it is', () => {
    expect(Math.abs(rows.length / MESSAGES - 1)).toBeLessThan(0.04)
    expect(rows.every(({ at }, i) => i === 0 || at >= (rows[i - 1]?.at ?? 0))).toBe(true)
    expect(new Set(rows.map(({ sid }) => sid)).size).toBe(rows.length)
    expect(told).toEqual([10_000])
  })

  it('writes numbers of real plans and what providers say of messages', () => {
    const plans = rows.map(({ to }) => parseNumber(to).problem)
    expect(plans.filter((problem) => problem !== null)).toEqual([])
    const share = (column: number, value: string): number =>
      rows.filter(({ fields }) => fields[column] === value).length / rows.length
    expect(share(4, 'delivered')).toBeGreaterThan(0.95)
    expect(share(4, 'undelivered')).toBeGreaterThan(0.005)
    expect(share(7, '2')).toBeGreaterThan(0.05)
    expect(share(7, '1')).toBeGreaterThan(0.8)
    const counts = new Map<string, number>()
    for (const { to } of rows) counts.set(to, (counts.get(to) ?? 0) + 1)
    expect([...counts.values()].filter((n) => n > 1).length / counts.size).toBeGreaterThan(0.1)
  })

  it('tells of three attacks what the files hold', () => {
    const money = new Map<string, number>()
    for (const { campaign, fields } of rows)
      if (campaign !== null)
        money.set(campaign, (money.get(campaign) ?? 0) - Number(fields[5]) * 1e6)
    expect(sample.truth.campaigns.map(({ name }) => name)).toEqual([
      'flood-abroad',
      'slow-in-market',
      'rotation',
    ])
    for (const { name, moneyMicroUsd } of sample.truth.campaigns)
      expect(money.get(name)).toBeCloseTo(moneyMicroUsd, -1)
    const countries = new Set(
      rows.flatMap(({ campaign, to }) =>
        campaign === 'rotation' ? [parseNumber(to).country] : [],
      ),
    )
    expect(countries.size).toBeGreaterThan(15)
  })

  it('grows, opens in a country, and triples before the holidays', () => {
    const inMain = (to: string): boolean => !to.startsWith('+351')
    expect(countIn(60, 85, inMain) / countIn(0, 25, inMain)).toBeGreaterThan(1.3)
    expect(countIn(0, 50, (to) => to.startsWith('+351'))).toBeLessThan(3)
    expect(countIn(60, 100, (to) => to.startsWith('+351'))).toBeGreaterThan(100)
    const peak = countIn(90, 96) / 6 / (countIn(76, 88) / 12)
    expect(peak).toBeGreaterThan(2.6)
    expect(peak).toBeLessThan(3.6)
  })

  it('has about three of four people enter their code once, after it was sent', () => {
    const sentTo = new Map<string, number>()
    for (const { to, at } of rows) if (!sentTo.has(to)) sentTo.set(to, at)
    const [, ...entered] = linesOf(readFileSync(sample.outcomes, 'utf8'))
    expect(new Set(entered).size).toBe(entered.length)
    const early = entered.filter((line) => {
      const [number = '', time = ''] = line.split(',')
      return !(Date.parse(time) >= (sentTo.get(number) ?? Number.POSITIVE_INFINITY))
    })
    expect(early).toEqual([])
    expect(entered.length / countIn(0, DAYS)).toBeGreaterThan(0.65)
    expect(entered.length / countIn(0, DAYS)).toBeLessThan(0.85)
  })

  it('writes the same files again, and others with another seed', async () => {
    const options = { messages: 1_500, days: 30 }
    const [one, again, other] = [
      await writeSample(join(dir, 'b'), { ...options, seed: 3 }),
      await writeSample(join(dir, 'c'), { ...options, seed: 3 }),
      await writeSample(join(dir, 'd'), { ...options, seed: 4 }),
    ]
    for (const file of ['log', 'outcomes', 'labels'] as const)
      expect(readFileSync(again[file]).equals(readFileSync(one[file]))).toBe(true)
    expect(readFileSync(other.log).equals(readFileSync(one.log))).toBe(false)
  })

  it('says when the disk does not take it', async () => {
    await expect(writeSample('/dev/null/nowhere', { messages: 100, days: 10 })).rejects.toThrow(
      'the directory /dev/null/nowhere cannot be made: /dev/null is no directory',
    )
  })
})
