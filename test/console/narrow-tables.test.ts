import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, skipped, why } from '../fakes/chromium.js'
import { loaded, openTab, show, type Tab } from './browser.js'
import { openBusyDay } from './busy-day.js'
import type { Stage } from './stage.js'

describe.skipIf(skipped)(`tables where there is little room${why}`, () => {
  let browser: Browser
  let stage: Stage
  let tab: Tab

  beforeAll(async () => {
    ;[stage, browser] = await Promise.all([openBusyDay(), openBrowser()])
    tab = await openTab(browser, stage, 'analyst')
  })
  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })

  it.each(['/incidents', '/ranges', '/sources', '/decisions', '/review'])(
    '%s: nothing of a row lies beyond the edge',
    async (path) => {
      const { page } = tab
      await page.goto(`${stage.url}${path}`)
      await loaded(page)
      for (const width of [1_440, 1_280, 1_024, 768, 640]) {
        await show(page, width, 'light')
        const beyond = () =>
          page.locator('main table').evaluateAll((tables) =>
            (
              tables as unknown as {
                scrollWidth: number
                parentElement: { clientWidth: number }
              }[]
            )
              .map((table) => table.scrollWidth - table.parentElement.clientWidth)
              .filter((px) => px > 1),
          )
        await expect.poll(beyond, { message: `${width} px` }).toEqual([])
      }
      // back on a wide screen every column is there again
      await show(page, 1_440, 'light')
      await expect.poll(() => page.locator('main table th:visible').count()).toBeGreaterThan(4)
    },
  )

  it('headings that sort are seen by whoever comes to them by keyboard, on cards too', async () => {
    const { page } = tab
    await page.goto(`${stage.url}/ranges`)
    await loaded(page)
    await show(page, 640, 'light')
    const requests = page.getByRole('button', { name: 'Requests', exact: true })
    await requests.focus()
    expect((await requests.boundingBox())?.height).toBeGreaterThan(10)
    expect(
      await page.locator('main thead').evaluate((head) => head.getBoundingClientRect().height),
    ).toBeGreaterThan(10)
  })
})
