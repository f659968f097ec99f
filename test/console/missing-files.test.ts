import type { Page, Route } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { skipped, why } from '../fakes/chromium.js'
import { loaded } from './browser.js'
import { onStage } from './on-stage.js'
import { openStage } from './stage.js'

const FILES = '**/assets/page-*.js'
/** What is asked before the page is loaded anew. */
const FIRST = '**/assets/index-*.js'

describe.skipIf(skipped)(`a page whose files do not come${why}`, () => {
  const scene = onStage('admin', () => openStage())

  /** Counts how often the page is loaded as a whole. */
  function loads(page: Page): () => number {
    let count = 0
    page.on('request', (request) => {
      if (request.isNavigationRequest()) count++
    })
    return () => count
  }
  /** Another build took the place of the files that this page came with. */
  const gone = (route: Route) => route.fulfill({ status: 404, json: {} })
  /** As another tab, in which no page was loaded anew. */
  const forget = (page: Page) =>
    page.evaluate(() => {
      const { sessionStorage } = globalThis as unknown as { sessionStorage: { clear(): void } }
      sessionStorage.clear()
    })
  const money = (page: Page) => page.getByRole('link', { name: 'Money', exact: true }).click()
  const failed = (page: Page) => page.getByText('Its files did not come').waitFor()
  const onMoney = async (page: Page) => {
    await page.getByRole('heading', { level: 1, name: 'Money' }).waitFor()
    await loaded(page)
  }

  it('is loaded anew by itself when the gateway was updated', async () => {
    const page = await scene.open('/checklist')
    const count = loads(page)
    // as files of a build before: gone for the page that is open, there for the one that is loaded anew
    await page.route(FILES, (route) => (count() === 0 ? gone(route) : route.continue()))
    await money(page)
    await onMoney(page)
    expect(count()).toBe(1)
    await page.unroute(FILES)
    await forget(page)
  })

  it('is loaded anew once and no more when they do not come all the same, until somebody asks', async () => {
    const page = await scene.open('/checklist')
    const count = loads(page)
    await page.route(FILES, gone)
    await page.clock.install()
    await money(page)
    await expect.poll(count).toBe(1)
    await failed(page)
    for (let round = 0; round < 3; round++) {
      const asked = page.waitForResponse(FIRST)
      await page.clock.fastForward(5_000)
      await asked
    }
    expect(count()).toBe(1)
    await page.unroute(FILES)
    await page.getByRole('button', { name: 'Try again' }).click()
    await onMoney(page)
    expect(count()).toBe(2)
    await forget(page)
  })

  it('stays in the console while the gateway is away, and comes when it is back', async () => {
    const page = await scene.open('/checklist')
    const count = loads(page)
    await page.route(FILES, (route) => route.abort())
    await page.route(FIRST, (route) => route.abort())
    await money(page)
    await failed(page)
    await page.getByRole('button', { name: 'Try again' }).click()
    await failed(page)
    expect(count()).toBe(0)
    await page.unroute(FILES)
    await page.unroute(FIRST)
    await page.clock.fastForward(5_000)
    await onMoney(page)
    expect(count()).toBe(1)
    await forget(page)
  })

  it('is not loaded anew by itself over what somebody has written', async () => {
    const page = await scene.open('/lists')
    await page.getByRole('button', { name: 'Add entries' }).click()
    await page.getByLabel('Entries, one a line').fill('+23480*')
    await page.keyboard.press('Escape')
    const count = loads(page)
    await page.route(FILES, gone)
    await money(page)
    await failed(page)
    const asked = page.waitForResponse(FIRST)
    await page.clock.fastForward(5_000)
    await asked
    expect(count()).toBe(0)
    await page.unroute(FILES)
    // still there
    await page.getByRole('link', { name: 'Intel and lists' }).click()
    await page.getByRole('button', { name: 'Add entries' }).click()
    expect(await page.getByLabel('Entries, one a line').inputValue()).toBe('+23480*')
  })
})
