import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const CHROMIUM = process.env.TOLLGATE_CHROMIUM ?? '/usr/bin/chromium'
const absent = !existsSync(CHROMIUM)
/** Where there is no Chromium these tests are left out, unless TOLLGATE_REQUIRE_CHROMIUM=1 says that there must be one. */
export const skipped = absent && process.env.TOLLGATE_REQUIRE_CHROMIUM !== '1'
export const why = skipped ? ` (skipped: no Chromium at ${CHROMIUM}; set TOLLGATE_CHROMIUM)` : ''

export async function openBrowser(): Promise<Browser> {
  if (absent) throw new Error(`TOLLGATE_REQUIRE_CHROMIUM=1, but there is none at ${CHROMIUM}`)
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
