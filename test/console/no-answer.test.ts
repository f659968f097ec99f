import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { HOUR, SECOND } from '../../src/engine/units.js'
import { skipped, why } from '../fakes/chromium.js'
import { onStage } from './on-stage.js'
import { openStage } from './stage.js'

const LINES = '+23480355501*, seen in chatter\n+2348035550177'
const READ_LIMIT = 20 * SECOND
const CHANGE_LIMIT = 60 * SECOND

/** Escape in the very moment of the next click: before any timer that the click has set. */
const escapeWithNextClick = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { addEventListener, document, KeyboardEvent } = globalThis as unknown as {
      addEventListener(type: string, run: () => void, options: { once: boolean }): void
      document: { body: { dispatchEvent(event: unknown): void } }
      KeyboardEvent: new (type: string, init: unknown) => unknown
    }
    const press = () =>
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    addEventListener('click', press, { once: true })
  })

describe.skipIf(skipped)(`a gateway that takes its time${why}`, () => {
  const scene = onStage('admin', () => openStage({ historyMs: 2 * HOUR }))
  beforeAll(() => scene.tab.page.clock.install())

  /** Requests to a path have no answer. @returns how many came, and gives answers again */
  async function hang(path: string) {
    let asked = 0
    const { page } = scene.tab
    await page.route(path, () => {
      asked++
    })
    return { asked: () => asked, end: () => page.unroute(path) }
  }

  it('a page that has no answer says so, and has one when it is tried again', async () => {
    const hung = await hang('**/v1/console/checklist')
    const { page } = scene.tab
    await page.goto(`${scene.stage.url}/checklist`)
    await page.getByRole('status', { name: 'Loading' }).first().waitFor()
    await expect.poll(hung.asked).toBe(1)
    await page.clock.fastForward(READ_LIMIT)
    await page.getByText('The gateway did not answer within 20 seconds.').waitFor()
    await hung.end()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'What bounds the loss' }).waitFor()
  })

  it('a change that has no answer gives back what was written, and says that it may have been made', async () => {
    const page = await scene.open('/lists')
    const dialog = page.getByRole('dialog')
    const lines = dialog.getByLabel('Entries, one a line')
    await page.getByRole('button', { name: 'Add entries' }).click()
    await lines.fill(LINES)
    await dialog.getByRole('button', { name: 'Look at them' }).click()
    const add = dialog.getByRole('button', { name: 'Add 2 to the deny list' })
    await add.waitFor()
    const hung = await hang('**/v1/console/lists/deny/entries')
    // and Escape must not close the dialog over what is under way
    await escapeWithNextClick(page)
    await add.click()
    await expect.poll(hung.asked).toBe(1)
    await page.clock.fastForward(CHANGE_LIMIT)
    await page.getByText('within 60 seconds. It may still do it').waitFor()
    expect(await lines.inputValue()).toBe(LINES)
    await hung.end()
    await add.click()
    await page.getByText('Added 2;').waitFor()
    await dialog.waitFor({ state: 'detached' })
  })

  it('what was added is not there any more, though the page was left before the answer', async () => {
    const page = await scene.open('/lists')
    const dialog = page.getByRole('dialog')
    const lines = dialog.getByLabel('Entries, one a line')
    await page.getByRole('link', { name: 'Money', exact: true }).click()
    await page.getByRole('link', { name: 'Intel and lists' }).click()
    await page.getByRole('button', { name: 'Add entries' }).click()
    await lines.fill('+2348035550178')
    await dialog.getByRole('button', { name: 'Look at them' }).click()
    let go = (): void => undefined
    const gone = new Promise<void>((resolve) => {
      go = resolve
    })
    await page.route('**/v1/console/lists/deny/entries', async (route) => {
      await gone
      await route.continue()
    })
    await dialog.getByRole('button', { name: 'Add 1 to the deny list' }).click()
    await dialog.locator('button[data-loading]').waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Money' }).waitFor()
    go()
    await page.getByText('Added 1;').waitFor()
    await page.goForward()
    await page.getByRole('button', { name: 'Add entries' }).click()
    expect(await lines.inputValue()).toBe('')
  })

  it('whoever signs out of a gateway that hangs is told that they may still be in', async () => {
    const page = await scene.open('/lists')
    const hung = await hang('**/v1/console/sign-out')
    const signOut = async () => {
      await page.getByRole('button', { name: 'Account of admin' }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
    }
    await signOut()
    await expect.poll(hung.asked).toBe(1)
    await page.clock.fastForward(10 * SECOND)
    await page.getByText('within 10 seconds. It may still do it').waitFor()
    await hung.end()
    await signOut()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  it('nothing went wrong', () => {
    expect(scene.tab.troubles).toEqual([])
    expect(scene.stage.faults).toEqual([])
  })
})
