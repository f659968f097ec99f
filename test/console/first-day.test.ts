import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, skipped, why } from '../fakes/chromium.js'
import { addAuthenticator, loaded, openTab, type Tab } from './browser.js'
import { openStage, type Stage } from './stage.js'

const EVERY_PAGE = [
  ...['/', '/incidents', '/ranges', '/sources', '/decisions', '/review', '/policy', '/money'],
  ...['/reports', '/lists', '/checklist', '/settings/services', '/settings/keys'],
  ...['/settings/alerts', '/settings/users', '/settings/audit'],
]

describe.skipIf(skipped)(`the first day${why}`, () => {
  let browser: Browser
  let stage: Stage
  let tab: Tab

  beforeAll(async () => {
    ;[stage, browser] = await Promise.all([openStage(), openBrowser()])
    tab = await openTab(browser, stage, null)
    await addAuthenticator(tab)
  })
  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })

  it('begins with a link from the terminal, a passkey and codes to keep', async () => {
    const { page, troubles } = tab
    await page.goto(`${stage.url}/money`)
    await page.getByRole('heading', { name: 'Nobody can sign in yet' }).waitFor()
    const link = await stage.firstLink()
    await page.goto(link)
    await page.getByLabel('Your name').fill('Ada <b>Lovelace</b>')
    await page.getByRole('button', { name: 'Make a passkey' }).click()
    const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
    await codes.first().waitFor()
    expect(await codes.count()).toBe(10)
    const [code] = await codes.allTextContents()
    const goOn = page.getByRole('button', { name: 'Go to the console' })
    expect(await goOn.isDisabled()).toBe(true)
    await page.getByLabel('I have kept the codes').check()
    await goOn.click()
    await loaded(page)
    expect(page.url()).toBe(`${stage.url}/`)

    // the link is spent, whoever finds it in a terminal's history
    const other = await openTab(browser, stage, null)
    await other.page.goto(link)
    await other.page.getByRole('heading', { name: 'This link does not work' }).waitFor()
    // a code is as good as a passkey, once
    await other.page.goto(`${stage.url}/sign-in`)
    for (const answer of ['Make a new passkey', 'Use a recovery code']) {
      await other.context.clearCookies()
      await other.page.goto(`${stage.url}/sign-in`)
      await other.page.getByRole('button', { name: 'Use a recovery code' }).click()
      await other.page.getByLabel('Recovery code').fill(code ?? '')
      await other.page.getByRole('button', { name: 'Sign in' }).click()
      if (answer === 'Use a recovery code') await other.page.getByRole('alert').waitFor()
      await other.page.getByRole('heading', { name: answer }).waitFor()
    }
    await other.close()
    expect(troubles).toEqual([])
  })

  it('has nothing to show, and says so on every page', async () => {
    const { page, troubles } = tab
    for (const path of EVERY_PAGE) {
      await page.goto(`${stage.url}${path}`)
      await loaded(page)
      const text = (await page.locator('main').textContent()) ?? ''
      expect(text, path).not.toMatch(/NaN|undefined|Infinity|\[object/)
      expect(await page.locator('main [role=alert]').count(), path).toBe(0)
    }
    expect(troubles).toEqual([])
  })

  it('ends by signing out; a passkey is enough to come back to where one was', async () => {
    const { page, troubles } = tab
    await page.getByRole('button', { name: /Ada <b>Lovelace<\/b>/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.goto(`${stage.url}/checklist`)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.waitForURL(`${stage.url}/checklist`)
    await loaded(page)
    // an address that leads elsewhere leads home
    await page.context().clearCookies()
    await page.goto(`${stage.url}/sign-in?to=${encodeURIComponent('//evil.example/')}`)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.waitForURL(`${stage.url}/`)
    expect(troubles).toEqual([])
    expect(stage.faults).toEqual([])
  })
})
