import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { skipped, why } from '../fakes/chromium.js'
import { openBusyDay } from './busy-day.js'
import { onStage } from './on-stage.js'

/** What a click saves: the file's name, and its rows by the titles of their columns. */
async function saved(page: Page, click: () => Promise<void>) {
  const [download] = await Promise.all([page.waitForEvent('download'), click()])
  const text = readFileSync(await download.path(), 'utf8')
  expect(text.startsWith('\uFEFF')).toBe(true)
  const [titles = [], ...rows] = text
    .slice(1)
    .trimEnd()
    .split('\r\n')
    // one of a provider has a comma in its name
    .map((line) => line.replace(/"[^"]*"/g, 'a name').split(','))
  return {
    name: download.suggestedFilename(),
    rows: rows.map((row) => Object.fromEntries(titles.map((title, i) => [title, row[i] ?? '']))),
  }
}

const sum = (rows: readonly Record<string, string>[], title: string): number =>
  rows.reduce((total, row) => total + Number(row[title]), 0)

describe.skipIf(skipped)(`tables that people take away${why}`, () => {
  const scene = onStage('viewer', openBusyDay)

  it.each([
    ['day', 'days'],
    ['country', 'countries'],
    ['operator', 'operators'],
    ['provider', 'providers'],
  ])('money by %s adds up to what the page shows', async (by, table) => {
    const page = await scene.open('/money')
    const spend = /Spend\s*USD ([\d,.]+)/.exec(await page.locator('main').innerText())?.[1] ?? ''
    await page.getByRole('button', { name: 'CSV' }).click()
    const { name, rows } = await saved(page, () =>
      page.getByRole('menuitem', { name: `By ${by}` }).click(),
    )
    expect(name).toBe(`tollgate-money-2026-11-${table}.csv`)
    expect(sum(rows, 'spend_usd').toFixed(2)).toBe(spend.replace(',', ''))
    for (const row of rows)
      expect(
        sum([row], 'verified_usd') + sum([row], 'wasted_usd') + sum([row], 'open_usd'),
      ).toBeCloseTo(sum([row], 'spend_usd'))
  })

  it('incidents and reports are saved whole', async () => {
    const incidents = await scene.open('/incidents')
    const found = await saved(incidents, () =>
      incidents.getByRole('button', { name: 'CSV' }).click(),
    )
    expect(found.name).toBe('tollgate-incidents.csv')
    expect(found.rows.map(({ incident, state }) => [incident, state])).toEqual(
      scene.stage.gate.incidents().map(({ id, state }) => [id, state]),
    )
    const reports = await scene.open('/reports')
    const shown = await reports
      .getByRole('table', { name: 'Reports' })
      .getByRole('link')
      .allInnerTexts()
    const kept = await saved(reports, () => reports.getByRole('button', { name: 'CSV' }).click())
    expect(kept.rows.map(({ of }) => of)).toEqual(shown)
    expect(shown.length).toBeGreaterThan(0)
  })

  it('decisions are those of the page, and the file says when there are more', async () => {
    const page = await scene.open('/decisions')
    const csv = () => page.getByRole('button', { name: 'CSV' }).click()
    const table = page.getByRole('table', { name: 'Decisions' })
    const shown = async () =>
      (
        await table
          .locator('a[href^="/decisions/"]')
          .evaluateAll((links) => links.map((link) => String(link.getAttribute('href'))))
      ).map((href) => href.replace('/decisions/', ''))
    const first = await saved(page, csv)
    expect(first.name).toBe('tollgate-decisions-newest-50.csv')
    expect(first.rows.map(({ decision }) => decision)).toEqual(await shown())
    // a viewer's numbers are masked, here as there
    for (const { number = '' } of first.rows) expect(number).not.toMatch(/[0-9]{9}/)
    await page.getByRole('button', { name: 'More' }).click()
    await expect.poll(async () => (await shown()).length).toBe(100)
    const second = await saved(page, csv)
    expect(second.name).toBe('tollgate-decisions-newest-100.csv')
    expect(second.rows.map(({ decision }) => decision)).toEqual(await shown())
  })

  it('the audit log is that of the page', async () => {
    await scene.tab.context.addCookies([await scene.stage.cookie('admin')])
    const page = await scene.open('/settings/audit')
    const { name, rows } = await saved(page, () =>
      page.getByRole('button', { name: 'CSV' }).click(),
    )
    expect(name).toBe('tollgate-audit-log.csv')
    const actions = await scene.stage.desk.ledger.actions(200)
    expect(rows.map(({ entry, action }) => [entry, action])).toEqual(
      actions.map(({ seq, action }) => [String(seq), action]),
    )
    expect(rows.length).toBeGreaterThan(0)
  })

  it('nothing went wrong', () => {
    expect(scene.tab.troubles).toEqual([])
    expect(scene.stage.faults).toEqual([])
  })
})
