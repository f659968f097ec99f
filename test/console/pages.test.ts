import { describe, expect, it } from 'vitest'
import { skipped, why } from '../fakes/chromium.js'
import { faultsOf, loaded, show } from './browser.js'
import { openBusyDay } from './busy-day.js'
import { onStage } from './on-stage.js'

/** A path, or how to come to it from a page. */
const PAGES: readonly (readonly [name: string, path: string, link?: string])[] = [
  ['overview', '/'],
  ['incidents', '/incidents'],
  ['incident', '/incidents', 'main a[href^="/incidents/"]'],
  ['ranges', '/ranges'],
  ['sources', '/sources'],
  ['decisions', '/decisions'],
  ['decision', '/decisions', 'main a[href^="/decisions/"]'],
  ['review', '/review'],
  ['policy', '/policy'],
  ['money', '/money'],
  ['reports', '/reports'],
  ['report', '/reports', 'main table a[href^="/reports/"]'],
  ['lists', '/lists'],
  ['checklist', '/checklist'],
  ['settings: services', '/settings/services'],
  ['settings: keys', '/settings/keys'],
  ['settings: alerts', '/settings/alerts'],
  ['settings: users', '/settings/users'],
  ['settings: audit', '/settings/audit'],
  ['no such page', '/nowhere'],
]

const LOOKS = [
  [1_440, 'light', 'all'],
  [1_440, 'dark', 'colours'],
  [390, 'dark', 'all'],
  [390, 'light', 'colours'],
] as const

describe.skipIf(skipped)(`every page of the console${why}`, () => {
  const scene = onStage('admin', openBusyDay, { axe: true })

  it.each(PAGES)('%s: accessible and whole, wide and on a phone, light and dark', async (...of) => {
    const [, path = '/', link] = of
    const { troubles } = scene.tab
    troubles.length = 0
    const page = await scene.open(path)
    if (link !== undefined) {
      await page.locator(link).first().click()
      await page.waitForURL((url) => url.pathname !== path)
      await loaded(page)
    }
    for (const [width, scheme, what] of LOOKS) {
      await show(page, width, scheme)
      expect(await faultsOf(page, what), `${width} px, ${scheme}`).toEqual([])
      const wide = await page.evaluate('document.documentElement.scrollWidth')
      expect(wide, 'scrolls sideways').toBeLessThanOrEqual(width)
    }
    expect(await page.title()).not.toContain('owned')
    expect(troubles).toEqual([])
  })

  it('nothing failed behind them', () => {
    expect(scene.stage.faults).toEqual([])
  })
})
