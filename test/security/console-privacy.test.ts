import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, skipped, why } from '../fakes/chromium.js'
import { type ConsoleStage, openConsole } from './console-stage.js'

const NUMBER = '+2348031234567'
const PATIENCE_MS = 20_000

describe.skipIf(skipped)(`what a person asks, in the console${why}`, () => {
  let browser: Browser
  let stage: ConsoleStage
  beforeAll(async () => {
    stage = await openConsole()
    browser = await openBrowser()
    await stage.gate.decide({ service: 'signup', to: NUMBER, ip: '105.112.3.4' })
  })
  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })

  async function signedIn(role: 'admin' | 'analyst'): Promise<Page> {
    const { cookies } = await stage.signedIn(role)
    const context = await browser.newContext({ acceptDownloads: true })
    context.setDefaultTimeout(PATIENCE_MS)
    await context.addCookies([
      { name: 'tollgate_session', value: cookies.get('tollgate_session') ?? '', url: stage.url },
    ])
    return context.newPage()
  }

  it('an administrator exports a number, and erases it after typing it once more', async () => {
    const page = await signedIn('admin')
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    await page.goto(`${stage.url}/settings/privacy`)
    await page.getByRole('textbox', { name: /^Number/ }).fill(NUMBER)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export its data' }).click()
    expect((await download).suggestedFilename()).toBe('personal-data.json')

    await page.getByRole('button', { name: 'Erase it…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: /^The number once more/ }).fill('+2348031234568')
    await dialog.getByRole('button', { name: 'Erase', exact: true }).click()
    await dialog
      .getByText(/is not the number/)
      .first()
      .waitFor()
    expect(await stage.ledger.requests({ number: NUMBER, limit: 9 })).toHaveLength(1)

    await dialog.getByRole('textbox', { name: /^The number once more/ }).fill(NUMBER)
    await dialog.getByRole('button', { name: 'Erase', exact: true }).click()
    await page
      .getByText(/Erased from|not settled yet/)
      .first()
      .waitFor()
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('is no page for an analyst', async () => {
    const page = await signedIn('analyst')
    await page.goto(`${stage.url}/settings/privacy`)
    await page.getByText('This is for administrators').waitFor()
    expect(await page.getByRole('tab', { name: 'Privacy' }).count()).toBe(0)
    await page.context().close()
  })
})
