import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../src/engine/units.js'
import { skipped, why } from '../fakes/chromium.js'
import { addAuthenticator, loaded, writePolicy as write } from './browser.js'
import { onStage } from './on-stage.js'
import { openStage, POLICY } from './stage.js'

const LINES = '+23480355501*, seen in chatter\n+2348035550177'

/** Holds what is sent to a path back until it is let go. */
async function slow(page: Page, path: string): Promise<() => Promise<void>> {
  let go = (): void => undefined
  const gone = new Promise<void>((resolve) => {
    go = resolve
  })
  await page.route(path, async (route) => {
    if (route.request().method() === 'POST') await gone
    await route.continue()
  })
  return async () => {
    go()
    await page.waitForLoadState('networkidle')
    await page.unroute(path)
  }
}

describe.skipIf(skipped)(`what a person has made or written is not lost${why}`, () => {
  const scene = onStage('admin', () => openStage({ historyMs: 2 * HOUR }))
  const dialogOf = (page: Page): Locator => page.getByRole('dialog')

  it.each([
    ['keys', '/settings/keys', 'Make a key', 'What it is for', 'Secret', /^[\w-]{40,}$/],
    ['invitations', '/settings/users', 'Invite a user', 'Name', 'Link', /sign-in\/setup#token=/],
    ['alerts/sinks', '/settings/alerts', 'Add a sink', 'Name', 'Secret', /^whsec_/],
  ])(
    '%s: what is shown once stays whatever is pressed, and has the focus',
    async (api, path, name, first, once, secret) => {
      const page = await scene.open(path)
      const dialog = dialogOf(page)
      const button = page.getByRole('button', { name })
      await button.press('Enter')
      if (api === 'alerts/sinks') {
        await dialog.getByLabel('Type').selectOption('webhook')
        await dialog.getByRole('textbox', { name: 'URL' }).fill('https://hooks.shop.example/t')
      }
      const field = dialog.getByRole('textbox', { name: first })
      await field.fill('shop')
      const letGo = await slow(page, `**/v1/console/${api}`)
      await field.press('Enter')
      await dialog.locator('button[data-loading]').waitFor()
      // while it is made, and when it is there
      await page.keyboard.press('Escape')
      await letGo()
      const shown = dialog.getByRole('textbox', { name: once, exact: true })
      expect(await shown.inputValue()).toMatch(secret)
      await expect.poll(() => shown.evaluate((node) => node.matches(':focus'))).toBe(true)
      await page.keyboard.press('Escape')
      expect(await shown.isVisible()).toBe(true)
      await dialog.getByRole('button', { name: 'Done' }).press('Enter')
      await dialog.waitFor({ state: 'detached' })
      await expect.poll(() => button.evaluate((node) => node.matches(':focus'))).toBe(true)
    },
  )

  it.each([
    ['/settings/keys', 'Make a key', 'What it is for'],
    ['/settings/users', 'Invite a user', 'Name'],
    ['/settings/alerts', 'Add a sink', 'Name'],
  ])('%s: what is typed is thrown away only when that is said', async (path, name, label) => {
    const page = await scene.open(path)
    const button = page.getByRole('button', { name })
    await button.click()
    const field = page.getByRole('textbox', { name: label })
    const question = page.getByRole('dialog', { name: 'Throw away what you wrote?' })
    await field.fill('shop')
    for (const leave of [
      () => page.keyboard.press('Escape'),
      () => page.mouse.click(5, 5),
      () => page.getByRole('button', { name: 'Close' }).click(),
    ]) {
      await leave()
      await question.waitFor()
      // Escape answers the question alone
      await page.keyboard.press('Escape')
      await question.waitFor({ state: 'hidden' })
      expect(await field.inputValue()).toBe('shop')
      await expect.poll(() => dialogOf(page).count()).toBe(1)
    }
    await field.press('Escape')
    await question.getByRole('button', { name: 'Throw it away' }).click()
    await dialogOf(page).waitFor({ state: 'detached' })
    await expect.poll(() => button.evaluate((node) => node.matches(':focus'))).toBe(true)
    // where nothing is written, nothing is asked
    await button.click()
    await field.waitFor()
    await page.keyboard.press('Escape')
    await dialogOf(page).waitFor({ state: 'detached' })
  })

  it('lines for a list outlive Escape and a session that ran out, and are nobody else’s', async () => {
    await addAuthenticator(scene.tab)
    await (await scene.open('/settings/users'))
      .getByRole('button', { name: 'Add a passkey' })
      .click()
    await scene.tab.page
      .getByRole('table', { name: 'Your passkeys' })
      .getByRole('row')
      .nth(1)
      .waitFor()
    const page = await scene.open('/lists')
    const lines = dialogOf(page).getByLabel('Entries, one a line')
    const add = page.getByRole('button', { name: 'Add entries' })
    await add.click()
    await lines.fill(LINES)
    await page.keyboard.press('Escape')
    await add.click()
    expect(await lines.inputValue()).toBe(LINES)
    // a reload would lose them: the browser asks
    const asked = page.waitForEvent('dialog')
    await Promise.all([
      page.reload({ timeout: 2_000 }).catch(() => null),
      asked.then((it) => it.dismiss()),
    ])
    expect((await asked).type()).toBe('beforeunload')
    await dialogOf(page).getByRole('button', { name: 'Look at them' }).waitFor()
    const signIn = async (name: string): Promise<void> => {
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      await scene.tab.context.addCookies([await scene.stage.cookie('admin', name)])
      // whose passkey it is does not matter here: the session says who it is
      await page.route('**/v1/console/sign-in', (route) => route.fulfill({ json: {} }))
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.getByRole('button', { name: `Account of ${name}` }).waitFor()
      await loaded(page)
    }
    scene.stage.pass(40 * MINUTE)
    await dialogOf(page).getByRole('button', { name: 'Look at them' }).click()
    await signIn('another')
    await add.click()
    expect(await lines.inputValue()).toBe('')
    await page.keyboard.press('Escape')
    scene.stage.pass(40 * MINUTE)
    await page.getByRole('link', { name: 'Money', exact: true }).click()
    await signIn('admin')
    await page.getByRole('link', { name: 'Intel and lists' }).click()
    await add.click()
    expect(await lines.inputValue()).toBe(LINES)
    await dialogOf(page).getByRole('button', { name: 'Look at them' }).click()
    const letGo = await slow(page, '**/v1/console/lists/deny/entries')
    await dialogOf(page).getByRole('button', { name: 'Add 2 to the deny list' }).click()
    await dialogOf(page).locator('button[data-loading]').waitFor()
    await page.keyboard.press('Escape')
    await letGo()
    await page.getByText('Added 2;').waitFor()
    await dialogOf(page).waitFor({ state: 'detached' })
    await add.click()
    expect(await lines.inputValue()).toBe('')
    await page.keyboard.press('Escape')
  })

  it('a text that was published leaves nothing for the next one, and another version asks before it takes its place', async () => {
    const page = await scene.open('/policy')
    const publish = page.getByRole('button', { name: 'Publish…' })
    const dialog = dialogOf(page)
    const why = dialog.getByLabel('Why')
    await write(page, POLICY.replace('400 USD', '410 USD'))
    await publish.click()
    await why.fill('A little more')
    await page.keyboard.press('Escape')
    await expect.poll(() => publish.evaluate((node) => node.matches(':focus'))).toBe(true)
    await publish.click()
    expect(await why.inputValue()).toBe('A little more')
    await dialog.getByRole('button', { name: 'Publish', exact: true }).press('Enter')
    await page.getByText('Version 2 is in force').waitFor()
    await write(page, POLICY.replace('400 USD', '420 USD'))
    await publish.click()
    expect(await why.inputValue()).toBe('')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })

    // somebody else is faster
    const headers = { 'x-tollgate-console': '1', origin: scene.stage.url }
    const data = { base: 2, note: 'Less', text: POLICY.replace('9000 USD', '8000 USD') }
    await page.request.post(`${scene.stage.url}/v1/console/policy/publish`, { headers, data })
    await page.getByText('was published by').waitFor()
    await publish.press('Enter')
    await why.fill('More still')
    await dialog.getByRole('button', { name: 'Publish', exact: true }).press('Enter')
    await dialog.getByRole('button', { name: 'Merge mine into theirs' }).press('Enter')
    await dialog.waitFor({ state: 'detached' })
    const text = page.locator('.cm-content')
    for (const setting of ['420 USD', '8000 USD'])
      await expect.poll(() => text.textContent()).toContain(setting)
    // undone, on their version, it would take back without a word what they changed
    await text.press('ControlOrMeta+Z')
    expect(await text.textContent()).toContain('8000 USD')
    // what it came from cannot be pressed while the text is checked
    await expect
      .poll(() => page.locator('body').evaluate((node) => node.matches(':focus-within')))
      .toBe(true)

    await page.getByRole('tab', { name: 'Versions' }).click()
    await page.getByRole('button', { name: '1', exact: true }).click()
    await page.getByRole('button', { name: 'Open in the editor' }).click()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await text.textContent()).toContain('420 USD')
    await page.getByRole('button', { name: 'Open in the editor' }).click()
    await dialog.getByRole('button', { name: 'Open it' }).click()
    await expect.poll(() => text.textContent()).toContain('400 USD')
    await page.getByRole('button', { name: 'Discard' }).click()
  })

  it('nothing went wrong', () => {
    expect(scene.tab.troubles).toEqual([])
    expect(scene.stage.faults).toEqual([])
  })
})
