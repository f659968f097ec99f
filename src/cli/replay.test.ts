import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nigerian, potential, row } from '../../test/fakes/asked-rows.js'
import { jsonOf, tollgate } from '../../test/fakes/terminal.js'
import type { Comparison } from '../lab/replay-compare.js'
import type { ReplayScore } from '../lab/score.js'
import { EXIT } from './fault.js'

let folder: string
const file = (name: string, text: string) => writeFileSync(join(folder, name), text)
const lines = (rows: readonly object[]): string =>
  rows.map((r) => `${JSON.stringify(r)}\n`).join('')

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-replay-'))
  const policy = (budget: string) =>
    `version: 1\nmode: enforce\nservices:\n  signup:\n    markets: [NG]\n    fraudBudget: ${budget}\n`
  file('narrow.yaml', policy('2 USD'))
  file('wide.yaml', policy('500 USD'))
  const solves = { pow: false, captcha: false, channel: false }
  const rows = [
    ...Array.from({ length: 20 }, (_, i) => row(`p${i}`, i * 60_000, { to: nigerian(i * 7) })),
    ...Array.from({ length: 60 }, (_, i) =>
      row(`x${i}`, 86_400_000 + i * 5_000, {
        to: `+44740012${String(i * 37).padStart(4, '0')}`,
        potential: potential({ verifiedMs: null, solves }),
      }),
    ),
  ]
  file('traffic.ndjson', lines(rows))
  file(
    'labels.ndjson',
    lines(rows.map(({ id }) => ({ id, label: id.startsWith('p') ? 'legit' : 'attack' }))),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

const replay = (...args: string[]) => tollgate(['replay', ...args], { cwd: folder })

it.each(['--out', '--html'])('%s into a folder that is not there is told', async (flag) => {
  const path = join(folder, 'none', 'x')
  const ran = await replay('traffic.ndjson', '--policy', 'narrow.yaml', flag, path)
  expect(ran).toMatchObject({
    exit: EXIT.usage,
    err: expect.stringContaining(`${flag}: ${path} cannot be written: there is no directory`),
  })
})

it.each([
  [['--out', 'traffic.ndjson'], '--out: traffic.ndjson is read too'],
  [['--html', './traffic.ndjson'], '--html: ./traffic.ndjson is read too'],
  [['--labels', 'labels.ndjson', '--out', 'labels.ndjson'], '--out: labels.ndjson is read too'],
  [['--policy', 'wide.yaml', '--html', 'wide.yaml'], '--html: wide.yaml is read too'],
  [['--out', 'same', '--html', 'same'], '--html: same is what --out writes too'],
  [['--html', '.'], '--html: . is a directory'],
  [['--data', '.', '--out', 'wide.yaml'], '--out: wide.yaml is a file of the data directory'],
])('%j leaves every file as it was', async (flags, told) => {
  const kept = ['traffic.ndjson', 'labels.ndjson', 'wide.yaml']
  const texts = () => kept.map((name) => readFileSync(join(folder, name), 'utf8'))
  const before = texts()
  const { exit, err } = await replay('traffic.ndjson', ...flags)
  expect({ exit, err }).toEqual({ exit: EXIT.usage, err: expect.stringContaining(told) })
  expect(texts()).toEqual(before)
})

it.each([
  ['', 'holds no rows; one JSON object a line is expected'],
  [
    'id,at,to\n',
    ':1: no JSON; one object a line is expected. Message logs in CSV are for: tollgate audit',
  ],
])('traffic that is %j is told, and no decisions are written', async (text, told) => {
  file('none', text)
  const ran = await replay('none', '--out', 'never')
  expect(ran).toMatchObject({ exit: EXIT.usage, err: expect.stringContaining(told) })
  expect(existsSync(join(folder, 'never'))).toBe(false)
})

const labelled = ['--labels', 'labels.ndjson'] as const

describe('tollgate replay', () => {
  it('sums up by day and by country, in text and as JSON', async () => {
    const args = ['traffic.ndjson', '--policy', 'narrow.yaml', ...labelled]
    const score = jsonOf<ReplayScore & { incidents: unknown[] }>(await replay(...args, '--json'))
    expect(score.byDay.map(({ day, all }) => [day, all.requests])).toEqual([
      ['2026-11-16', 20],
      ['2026-11-17', 60],
    ])
    expect(score.byCountry.map(({ country, all }) => [country, all.requests])).toEqual([
      ['GB', 60],
      ['NG', 20],
    ])
    expect(score.byCountry[1]?.legit).toEqual(score.legit)
    expect(score.byDay[1]?.attack).toEqual(score.attack)
    expect(score.incidents).toEqual(expect.any(Array))
    const { out, err } = await replay(...args)
    expect(err).toBe('')
    expect(out).toMatch(/^day +requests +sent/m)
    expect(out).toMatch(/^2026-11-17 +60 /m)
    expect(out).toMatch(/^GB +60 /m)
  })

  it('shows its progress where there is a terminal to show it on, and clears it', async () => {
    const shown: string[] = []
    const args = ['replay', 'traffic.ndjson', '--policy', 'narrow.yaml']
    await tollgate(args, { cwd: folder, progress: (text) => shown.push(text) })
    expect(shown).toEqual(['80 rows, 2026-11-17T00:04', ''])
  })

  it('runs the rules of somebody else on the same file', async () => {
    const args = ['traffic.ndjson', '--policy', 'narrow.yaml', ...labelled, '--json']
    const peer = jsonOf<ReplayScore>(await replay(...args, '--peer', 'aws-sample'))
    expect(peer.attack?.requests).toBe(60)
    expect(Object.keys(peer.byReason)).toContain('PHONE_PREFIX_VELOCITY')
    expect((await replay('--peer', 'list')).out.split('\n')).toContain('gitlab-dial-code')
    expect(await replay(...args, '--peer', 'nobody')).toMatchObject({ exit: EXIT.usage })
  })

  it('compares two policies', async () => {
    const args = ['traffic.ndjson', '--compare', 'narrow.yaml', 'wide.yaml', ...labelled]
    const { first, second, changed, differences } = jsonOf<Comparison>(
      await replay(...args, '--json'),
    )
    expect(second.attack?.sent ?? 0).toBeGreaterThan(first.attack?.sent ?? 0)
    expect(changed).toBeGreaterThan(0)
    expect(differences.reduce((sum, { requests }) => sum + requests, 0)).toBe(changed)
    const more = differences.reduce((sum, { moreMicroUsd }) => sum + moreMicroUsd, 0)
    expect(more).toBe(second.all.sentMicroUsd - first.all.sentMicroUsd)
    const { out } = await replay(...args)
    expect(out).toMatch(/^attack +narrow\.yaml +60 /m)
    expect(out).toMatch(/answered differently \(narrow\.yaml -> wide\.yaml\)/)
    const alike = await replay('traffic.ndjson', '--compare', 'wide.yaml', 'wide.yaml')
    expect(alike.out).toContain('Both answer every request alike.')
  })

  it('writes a timeline', async () => {
    const args = ['traffic.ndjson', '--policy', 'narrow.yaml', ...labelled]
    const { exit, out } = await replay(...args, '--html', 'timeline.html')
    expect({ exit, out }).toMatchObject({
      exit: EXIT.ok,
      out: expect.stringMatching(/timeline in/),
    })
    const html = readFileSync(join(folder, 'timeline.html'), 'utf8')
    expect(html).toContain('traffic.ndjson through narrow.yaml')
    expect(html).toContain('+44740012')
  })

  it.each([
    [[], /no traffic is named/],
    [['traffic.ndjson', '--compare', 'a.yaml'], /takes two policy files and was given 1/],
    [['traffic.ndjson', '--compare', 'a', 'b', '--peer', 'x'], /--compare and --peer do not go/],
    [['nowhere.ndjson'], /there is no file nowhere\.ndjson/],
    [['.'], /traffic: \. is a directory/],
    [['traffic.ndjson', '--labels', '.'], /--labels: \. is a directory/],
    [['traffic.ndjson', '--labels', 'no.ndjson'], /there is no file no\.ndjson/],
  ])('%j is a mistake that it explains', async (args, message) => {
    const { exit, err } = await replay(...args)
    expect({ exit, err }).toMatchObject({ exit: EXIT.usage, err: expect.stringMatching(message) })
  })
})
