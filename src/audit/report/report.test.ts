import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditResult } from '../../../test/fakes/audit-result.js'
import type { AuditResult } from '../audit-result.js'
import type { Heat } from './heat.js'
import { renderReport } from './render-report.js'

const CHROMIUM = process.env.TOLLGATE_CHROMIUM ?? '/usr/bin/chromium'
const absent = !existsSync(CHROMIUM)
const skipped = absent && process.env.TOLLGATE_REQUIRE_CHROMIUM !== '1'
const why = skipped ? ` (skipped: no Chromium at ${CHROMIUM}; set TOLLGATE_CHROMIUM)` : ''
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const NOW = Date.UTC(2026, 10, 21)
const HOSTILE = '"><script>document.title="owned"</script><img src=x onerror=alert(1)>'

const heat: Heat = {
  step: 'week',
  columns: ['2026-03-02', '2026-03-09', '2026-03-16'],
  rows: [
    {
      key: '+99899394',
      label: `+99899394 ${HOSTILE}`,
      fraud: 900,
      cells: Float64Array.from([0, 800, 100]),
    },
  ],
}

/** Every text that a stranger's file can bring into the report. */
function hostile(): AuditResult {
  const result = auditResult()
  const [incident] = result.incidents
  const [place] = result.countries
  const [saving] = result.wouldHaveSaved
  if (incident === undefined || place === undefined || saving === undefined)
    throw new Error('empty')
  return {
    ...result,
    files: [{ path: HOSTILE, format: HOSTILE, rows: 1, bytes: 1 }],
    skipped: [{ why: HOSTILE, rows: 3, examples: [HOSTILE] }],
    markets: { codes: [HOSTILE], declared: true },
    spend: { ...result.spend, currency: HOSTILE },
    incidents: [{ ...incident, id: HOSTILE, countries: [HOSTILE], because: [HOSTILE] }],
    countries: [{ ...place, key: HOSTILE, name: HOSTILE }],
    operators: [{ ...place, key: HOSTILE, name: HOSTILE, country: HOSTILE }],
    ranges: result.ranges.map((range) => ({ ...range, key: HOSTILE, operator: HOSTILE })),
    topNumbers: [{ number: HOSTILE, country: HOSTILE, messages: 2, spend: 1, verified: 0 }],
    wouldHaveSaved: [{ ...saving, title: HOSTILE, source: `javascript:${HOSTILE}` }],
    costs: { models: [], breakEven: HOSTILE },
    policy: `# ${HOSTILE}\n</code></pre>`,
    limits: [HOSTILE],
    trend: { ...result.trend, sentence: HOSTILE },
  }
}

describe.skipIf(skipped)(`the report in a browser${why}`, () => {
  let browser: Browser
  let folder: string
  const pages = new Map<string, string>()

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-report-'))
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    const year = auditResult()
    const long = year.wouldHaveSaved.map((saving, i) => ({
      ...saving,
      title: `Verify-ratio alarm: ${'wider than there is room for, '.repeat(i + 1)}`,
    }))
    const results = { year, hostile: hostile(), long: { ...year, wouldHaveSaved: long } }
    for (const [name, result] of Object.entries(results)) {
      const file = join(folder, `${name}.html`)
      const shown = name === 'long' ? { now: NOW } : { now: NOW, heat }
      writeFileSync(file, await renderReport(result, shown))
      pages.set(name, `file://${file}`)
    }
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })

  async function open(name: string, width: number, colorScheme: 'light' | 'dark') {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    const said: string[] = []
    const asked: string[] = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(error.message))
    page.on('dialog', (dialog) => said.push(dialog.message()))
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(pages.get(name) ?? '')
    return { page, said, asked }
  }

  it.each([
    [1_280, 'light'],
    [1_280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)(
    'at %d pixels, %s: silent, self-contained, accessible, no wider than the screen',
    async (width, scheme) => {
      const { page, said, asked } = await open('year', width, scheme)
      await page.evaluate(AXE)
      const faults = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: {
            run(): Promise<{
              violations: { id: string; impact: string; nodes: { html: string }[] }[]
            }>
          }
        }
        const { violations } = await axe.run()
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
      })
      expect(faults).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      expect(said).toEqual([])
      expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([pages.get('year')])
      await page.close()
    },
  )

  it('cuts nothing off: tables of the widest screen and labels of charts', async () => {
    for (const width of [1_280, 390]) {
      const { page } = await open('long', width, 'light')
      const cut = await page.evaluate(`(() => {
        const labels = [...document.querySelectorAll('figure svg text')].filter((text) => {
          const { left, right, width } = text.getBoundingClientRect()
          const chart = text.closest('svg').getBoundingClientRect()
          return width > 0 && (left < chart.left - 1 || right > chart.right + 1)
        })
        const tables = [...document.querySelectorAll('.scroll')].filter(
          (table) => innerWidth > 1000 && table.scrollWidth > table.clientWidth,
        )
        return [...labels, ...tables].map((cut) => cut.textContent.slice(0, 60))
      })()`)
      expect(cut).toEqual([])
      await page.close()
    }
  })

  it('offers the policy as a file and changes its chart without a script', async () => {
    const { page } = await open('year', 1_280, 'light')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByText('Download tollgate-policy.yaml').click(),
    ])
    expect(download.suggestedFilename()).toBe('tollgate-policy.yaml')
    expect(readFileSync(await download.path(), 'utf8')).toBe(auditResult().policy)
    const shown = (step: string) => page.locator(`.pane.${step}`).isVisible()
    expect([await shown('week'), await shown('month')]).toEqual([true, false])
    await page.getByText('Months', { exact: true }).click()
    expect([await shown('week'), await shown('month')]).toEqual([false, true])
    await page.close()
  })

  it('takes text of a hostile log for text', async () => {
    const { page, said } = await open('hostile', 1_280, 'light')
    expect(await page.locator('script, img, [onerror]').count()).toBe(0)
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0)
    expect(await page.title()).toContain('SMS pumping audit')
    expect(await page.getByText(HOSTILE).count()).toBeGreaterThan(10)
    expect(said).toEqual([])
    await page.close()
  })

  it('draws in the colours of the theme', async () => {
    const colours: string[] = []
    for (const scheme of ['light', 'dark'] as const) {
      const { page } = await open('year', 1_280, scheme)
      colours.push(
        await page.evaluate(
          "getComputedStyle(document.querySelector('.pane.week .wide text')).fill",
        ),
      )
      await page.close()
    }
    expect(new Set(colours).size).toBe(2)
  })
})

describe('the report', () => {
  it('is small whatever was found', async () => {
    const result = auditResult()
    const many = <T>(items: readonly T[], n: number): T[] =>
      Array.from({ length: n }, (_, i) => items[i % items.length] as T)
    const html = await renderReport(
      {
        ...result,
        incidents: many(result.incidents, 400),
        countries: many(result.countries, 220),
        operators: many(result.operators, 3_000),
        ranges: many(result.ranges, 1_000),
        trend: { ...result.trend, day: many(result.trend.day, 3_650) },
      },
      { now: NOW, heat },
    )
    expect(html.length).toBeLessThan(3e6)
  })

  it('says beside the answer that much could not be read', async () => {
    const result = auditResult()
    const skipped = [{ why: 'bad_time', rows: result.rows, examples: [] }]
    const html = await renderReport({ ...result, skipped }, { now: NOW })
    expect(html).toMatch(
      /id="answer".*50\u00a0% of the rows could not be read.*<dl class="facts">/s,
    )
    expect(await renderReport(result, { now: NOW })).not.toContain('could not be read')
  })

  it('says so where nothing was found', async () => {
    const result = auditResult({ incidents: [], ranges: [], wouldHaveSaved: [] })
    const none = { value: 0, low: 0, high: 12 }
    const html = await renderReport(
      {
        ...result,
        fraud: {
          ...result.fraud,
          surely: 0,
          probably: 0,
          money: none,
          share: 0,
          low: 0,
          high: 0.0002,
        },
        countries: result.countries.map((place) => ({ ...place, fraud: 0 })),
      },
      { now: NOW },
    )
    expect(html).toContain('>Nothing</p>')
    expect(html).toContain('at most USD\u00a012')
    expect(html).not.toContain('NaN')
    expect(html).not.toContain('Infinity')
  })
})
