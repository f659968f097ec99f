import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Role } from '../../src/desk/access/user.js'
import type { Stage } from './stage.js'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PATIENCE_MS = 20_000

export interface TabOptions {
  /** @default 1440 */
  width?: number
  scheme?: 'light' | 'dark'
  /** IANA @default UTC */
  timeZone?: string
  /** bring axe-core @default false */
  axe?: boolean
}

/** A page, and everything that went wrong in it. */
export interface Tab {
  page: Page
  context: BrowserContext
  /** what the console and uncaught errors said, requests to strangers, answers of 500 and more */
  troubles: string[]
  close(): Promise<void>
}

/** Answers that a test brings about on purpose are no trouble. */
const EXPECTED = /the server responded with a status of (401|403|404|409|422)/

/** @param role whom the page is opened for; `null`: nobody is signed in */
export async function openTab(
  browser: Browser,
  stage: Stage,
  role: Role | null,
  options: TabOptions = {},
): Promise<Tab> {
  const { width = 1_440, scheme = 'light', timeZone = 'UTC', axe = false } = options
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    timezoneId: timeZone,
    locale: 'en-GB',
    ...(width < 500 && { isMobile: true, hasTouch: true }),
  })
  context.setDefaultTimeout(PATIENCE_MS)
  if (axe) await context.addInitScript(AXE)
  if (role !== null) await context.addCookies([await stage.cookie(role)])
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) troubles.push(message.text())
  })
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${stage.url}/`) && !/^(blob|data):/.test(url)) troubles.push(url)
  })
  page.on('response', (response) => {
    if (response.status() >= 500) troubles.push(`${response.status()} ${response.url()}`)
  })
  return { page, context, troubles, close: () => context.close() }
}

/** A fingerprint reader that is always touched. */
export async function addAuthenticator({ context, page }: Tab): Promise<void> {
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', automaticPresenceSimulation: true },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    },
  })
}

/** Shows a page in another size and scheme, and waits until it has them. */
export async function show(page: Page, width: number, scheme: 'light' | 'dark'): Promise<void> {
  await page.setViewportSize({ width, height: 900 })
  await page.emulateMedia({ colorScheme: scheme })
  await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor()
  await page.locator(`[data-scheme]:not([data-scheme=${scheme}])`).waitFor({ state: 'detached' })
  await page.evaluate(async () => {
    const { document, requestAnimationFrame: frame } = globalThis as unknown as {
      document: { getAnimations(): { finished: Promise<unknown> }[] }
      requestAnimationFrame(run: () => void): void
    }
    // what fades from one colour to the other begins to with the next frame
    for (const _ of [1, 2]) await new Promise<void>((done) => frame(done))
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
  })
}

/** Rules of axe-core that have to do with colours: what else there is, is the same in light and dark. */
const COLOURS = ['color-contrast', 'link-in-text-block']

/** Serious and critical faults of accessibility, as axe-core sees them. */
export async function faultsOf(page: Page, what: 'all' | 'colours'): Promise<string[]> {
  const only = what === 'all' ? null : COLOURS
  return page.evaluate(async (rules) => {
    const { axe, document } = globalThis as unknown as {
      axe: {
        run(
          root: unknown,
          options: unknown,
        ): Promise<{
          violations: {
            id: string
            impact: string
            nodes: { html: string; failureSummary: string }[]
          }[]
        }>
      }
      document: unknown
    }
    // rows of a table are alike: the first ones stand for the rest, which take minutes to look at
    const context = { include: document, exclude: [['tbody tr:nth-child(n+7)']] }
    const { violations } = await axe.run(context, {
      resultTypes: ['violations'],
      ...(rules !== null && { runOnly: { type: 'rule', values: rules } }),
    })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.slice(0, 3).map((node) => `${id}: ${node.html} ${node.failureSummary}`),
      )
  }, only)
}

const UNDER_WAY =
  '[role=status][aria-label=Loading], [aria-busy=true], .mantine-Skeleton-root, [class*=_waiting_]'

/** The page is there, and nothing on it says that it is on its way. */
export async function loaded(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor()
  // a function: strings would have to be evaluated, which the content security policy refuses
  await page.waitForFunction((selector) => {
    const { document } = globalThis as unknown as {
      document: { querySelector(selector: string): unknown }
    }
    return document.querySelector(selector) === null
  }, UNDER_WAY)
}

/** Another text in the editor of the policy, as from the clipboard. */
export async function writePolicy(page: Page, text: string): Promise<void> {
  const editor = page.locator('.cm-content')
  const selected = () =>
    editor.evaluate(() => {
      const { getSelection } = globalThis as unknown as { getSelection(): unknown }
      return String(getSelection()).length
    })
  await editor.click()
  await page.keyboard.press('ControlOrMeta+A')
  // the click has set the cursor by then, and not afterwards
  await expect.poll(selected).toBeGreaterThan(100)
  await editor.evaluate((node, pasted) => {
    const { DataTransfer, ClipboardEvent } = globalThis as unknown as {
      DataTransfer: new () => { setData(type: string, text: string): void }
      ClipboardEvent: new (type: string, init: unknown) => unknown
    }
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', pasted)
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
    ;(node as unknown as { dispatchEvent(event: unknown): void }).dispatchEvent(event)
  }, text)
}
