import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../src/engine/units.js'
import { openBrowser, skipped, why } from '../fakes/chromium.js'
import { loaded, openTab, type Tab } from './browser.js'
import { openStage, type Stage } from './stage.js'

const WAIT = { timeout: 15_000 }

describe.skipIf(skipped)(`figures of an open page${why}`, () => {
  let browser: Browser
  let stage: Stage
  let tab: Tab

  beforeAll(async () => {
    ;[stage, browser] = await Promise.all([openStage({ historyMs: 2 * HOUR }), openBrowser()])
    tab = await openTab(browser, stage, 'viewer')
  })
  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })

  it.each([
    ['spend caps', '/money', /signup, per day.*?USD ([\d.,]+)/],
    ['what a service did today', '/settings/services', /Today.*?([\d,]+) requests/],
  ])('%s on %s grows as messages are sent', async (_what, path, figure) => {
    const { page, troubles } = tab
    await page.goto(`${stage.url}${path}`)
    await loaded(page)
    await page.getByText('Live', { exact: true }).waitFor()
    const read = async () => {
      const [, figured = ''] = figure.exec((await page.locator('main').textContent()) ?? '') ?? []
      return Number(figured.replaceAll(',', ''))
    }
    const before = await read()
    expect(before).toBeGreaterThan(0)
    await stage.playFor(15 * MINUTE)
    await expect.poll(read, WAIT).toBeGreaterThan(before)
    expect(troubles).toEqual([])
  })
})
