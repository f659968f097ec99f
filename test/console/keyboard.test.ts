import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { HOUR } from '../../src/engine/units.js'
import { skipped, why } from '../fakes/chromium.js'
import { onStage } from './on-stage.js'
import { openStage } from './stage.js'

/** What has the focus: its name, and whether it lies in a dialog. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { document } = globalThis as unknown as {
      document: {
        activeElement: {
          tagName: string
          textContent: string
          getAttribute(name: string): string | null
          closest(selector: string): unknown
        }
      }
    }
    const active = document.activeElement
    const name = active.getAttribute('aria-label') ?? active.textContent.slice(0, 40)
    return `${active.closest('[role=dialog]') === null ? '' : 'in the dialog: '}${active.tagName} ${name}`
  })

describe.skipIf(skipped)(`the console by keyboard alone${why}`, () => {
  const scene = onStage('admin', () => openStage({ historyMs: 2 * HOUR }))

  it('an order that is chosen from a menu is given in its dialog, and the focus comes back to the menu', async () => {
    const page = await scene.open('/ranges')
    const act = page.getByRole('button', { name: 'Act on country NG' })
    await act.press('Enter')
    await page.getByRole('menuitem', { name: 'Require challenge' }).press('Enter')
    await page.getByRole('dialog').waitFor()
    await expect.poll(() => focused(page)).toBe('in the dialog: BUTTON Require challenge')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toMatch(/^in the dialog/)
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(page)).toBe('BUTTON Act on country NG')
  })

  it.each([
    ['/lists', 'Add entries'],
    ['/settings/keys', 'Make a key'],
    ['/settings/users', 'Invite a user'],
    ['/settings/alerts', 'Edit Volume over the usual peak'],
  ])('%s: "%s" has the focus again when its dialog is closed', async (path, name) => {
    const page = await scene.open(path)
    const button = page.getByRole('button', { name })
    await button.press('Enter')
    await page.getByRole('dialog').waitFor()
    await expect.poll(() => focused(page)).toMatch(/^in the dialog/)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(() => focused(page)).toBe(`BUTTON ${name}`)
  })

  it('a menu and a dialog that asks have the focus where one goes on', async () => {
    const keys = await scene.open('/settings/keys')
    await scene.tab.page.request.post(`${scene.stage.url}/v1/console/keys`, {
      headers: { 'x-tollgate-console': '1', origin: scene.stage.url },
      data: { name: 'shop', scopes: ['verify'] },
    })
    await keys.reload()
    await keys.getByRole('button', { name: 'Revoke' }).press('Enter')
    await expect.poll(() => focused(keys)).toBe('in the dialog: INPUT ')
    const money = await scene.open('/money')
    await money.getByRole('button', { name: 'CSV' }).press('Enter')
    await expect.poll(() => focused(money)).toBe('BUTTON By day')
    await money.keyboard.press('ArrowDown')
    expect(await focused(money)).toBe('BUTTON By country')
    await money.keyboard.press('Escape')
    await expect.poll(() => focused(money)).toBe('BUTTON CSV')
  })

  it('a user who is disabled is asked about, and the focus comes back to their menu', async () => {
    await scene.stage.cookie('viewer', 'Vi')
    const page = await scene.open('/settings/users')
    const menu = page.getByRole('button', { name: 'Actions for Vi' })
    await menu.press('Enter')
    await page.getByRole('menuitem', { name: 'Disable' }).press('Enter')
    await page.getByRole('dialog').getByText('is signed out everywhere at once').waitFor()
    await expect.poll(() => focused(page)).toMatch(/^in the dialog/)
    await page.getByRole('button', { name: 'Disable' }).press('Enter')
    await page.getByText('User disabled').waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(() => focused(page)).toBe('BUTTON Actions for Vi')
  })

  it('a row that is gone leaves the focus to the next one, the last row to its section', async () => {
    for (const key of ['account-a', 'account-b', 'account-c']) await scene.order(key)
    const page = await scene.open('/incidents')
    const undo = (key: string) => page.getByRole('button', { name: `Undo Block ${key}` })
    await undo('account-a').press('Enter')
    await expect.poll(() => focused(page)).toBe('BUTTON Undo Block account-b')
    // the last of several: the one before it
    await undo('account-c').press('Enter')
    await expect.poll(() => focused(page)).toBe('BUTTON Undo Block account-b')
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page)).toMatch(/^SECTION Measures in force/)
  })

  it('an order that is undone from its message leaves the focus on the page', async () => {
    const page = await scene.open('/ranges')
    await page.getByRole('button', { name: 'Act on country NG' }).press('Enter')
    await page.getByRole('menuitem', { name: 'Require challenge' }).press('Enter')
    // most people of the service are asked by it
    const typed = page.getByLabel('Type NG to order it all the same')
    await typed.fill('NG')
    await typed.press('Enter')
    await page.getByRole('button', { name: 'Undo', exact: true }).press('Enter')
    await expect.poll(() => focused(page)).toMatch(/^MAIN/)
  })

  it('the navigation of a narrow screen keeps the focus until Escape closes it', async () => {
    const page = await scene.open('/')
    await page.setViewportSize({ width: 768, height: 1_024 })
    await page.getByRole('button', { name: 'Open the navigation' }).press('Enter')
    for (let at = 0; at < 40; at++) {
      await page.keyboard.press('Tab')
      expect(
        await page.locator('main').evaluate((main) => main.matches(':focus-within')),
        `after ${at + 1} tabs`,
      ).toBe(false)
    }
    await page.getByRole('link', { name: 'Ranges', exact: true }).focus()
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(page)).toBe('BUTTON Open the navigation')
  })
})
