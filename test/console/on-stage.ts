import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import type { Role } from '../../src/desk/access/user.js'
import { HOUR, SECOND } from '../../src/engine/units.js'
import { openBrowser } from '../fakes/chromium.js'
import { loaded, openTab, type Tab, type TabOptions } from './browser.js'
import type { Stage } from './stage.js'

/** One tab of a console for the tests of a `describe`: opened before them, closed after. */
export function onStage(role: Role, openStage: () => Promise<Stage>, options?: TabOptions) {
  let browser: Browser
  let stage: Stage
  let tab: Tab
  beforeAll(async () => {
    ;[stage, browser] = await Promise.all([openStage(), openBrowser()])
    tab = await openTab(browser, stage, role, options)
  })
  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })
  return {
    get stage() {
      return stage
    },
    get tab() {
      return tab
    },
    /** Blocks an account for an hour. @returns the measure's id */
    async order(key: string): Promise<string> {
      // one after the other, also where tables sort them
      stage.pass(SECOND)
      const measure = await stage.desk.playbook.apply({
        ...{
          target: { kind: 'account', key, service: null },
          action: 'block',
          by: { id: 'user:test', name: 'test' },
        },
        durationMs: HOUR,
      })
      if (typeof measure === 'string') throw new Error(measure)
      return measure.id
    },
    /** @returns the tab's page, once it is there */
    async open(path: string): Promise<Page> {
      await tab.page.goto(`${stage.url}${path}`)
      await loaded(tab.page)
      return tab.page
    },
  }
}
