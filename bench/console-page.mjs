// The console in a browser, on a gateway over a large ledger: how soon the overview is there, from the navigation until
// nothing on it is on its way, and how long each page waits for the gateway's answers.

import { spawn } from 'node:child_process'
import { linkSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { chromium } from 'playwright-core'
import { from } from './console-traffic.mjs'

const { readSnapshot, writeSnapshot } = await from('lines/memory/snapshot.js')

const CHROMIUM = process.env.TOLLGATE_CHROMIUM ?? '/usr/bin/chromium'
const UNDER_WAY =
  '[role=status][aria-label=Loading], [aria-busy=true], .mantine-Skeleton-root, [class*=_waiting_]'
const VISITS = 10
const PAGES = {
  ...{ overview: '/', incidents: '/incidents', ranges: '/ranges', sources: '/sources' },
  ...{ decisions: '/decisions', review: '/review', policy: '/policy', money: '/money' },
  ...{ reports: '/reports', lists: '/lists', checklist: '/checklist' },
  ...{ services: '/settings/services', alerts: '/settings/alerts', audit: '/settings/audit' },
}

/**
 * @param file the ledger; it is linked into a data directory beside it
 * @param now Unix ms, the gateway's time at its start
 * @returns ms: from navigation to interactive of each visit to the overview with an empty cache; of the answers to each
 * page, from the browser's request to their last byte; and of the gateway's start
 */
export async function pagesIn({ file, now }) {
  const data = mkdtempSync(join(dirname(file), 'tollgate-page-'))
  try {
    await leaveSnapshot(data, file, now)
    const gateway = await startGateway(data, now)
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless'] })
    try {
      const overview = []
      for (let i = 0; i < VISITS; i++) overview.push((await visit(browser, gateway, '/')).tookMs)
      const answers = {}
      for (const [name, path] of Object.entries(PAGES)) {
        answers[name] = []
        for (let i = 0; i < VISITS; i++)
          answers[name].push(...(await visit(browser, gateway, path)).answersMs)
      }
      return { overview, answers, startMs: gateway.startMs }
    } finally {
      await browser.close()
      await gateway.stop()
    }
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}

/** As a gateway leaves behind that was stopped in order at the end of this ledger; without it all lines are made again. */
async function leaveSnapshot(data, file, now) {
  await (await startGateway(data, now)).stop()
  const ledger = join(data, 'ledger.sqlite')
  for (const end of ['', '-wal', '-shm']) rmSync(`${ledger}${end}`, { force: true })
  linkSync(file, ledger)
  const db = new Sqlite(file, { readonly: true })
  const end = (table) => db.prepare(`select max(seq) as seq from ${table}`).get().seq ?? 0
  const position = { requests: end('requests'), outcomes: end('outcomes') }
  db.close()
  const snapshot = join(data, 'lines.snapshot')
  const { meta, image } = await readSnapshot(snapshot)
  await writeSnapshot(snapshot, { ...meta, position }, [image])
}

async function startGateway(data, now) {
  const script = fileURLToPath(new URL('console-gateway.mjs', import.meta.url))
  const child = spawn(process.execPath, [script, data, String(Math.floor(now))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const line = await Promise.race([
    new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    ended.then((code) => Promise.reject(new Error(`the gateway ended with ${code}`))),
  ])
  const stop = async () => {
    child.stdin.end()
    await ended
  }
  return { ...JSON.parse(line), stop }
}

async function visit(browser, { url, cookie }, path) {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } })
  await context.addCookies([{ name: 'tollgate_session', value: cookie, url, httpOnly: true }])
  const page = await context.newPage()
  await page.goto(`${url}${path}`, { waitUntil: 'commit' })
  await page.waitForSelector('main h1')
  await page.waitForFunction((selector) => document.querySelector(selector) === null, UNDER_WAY)
  const seen = await page.evaluate(async () => {
    for (const _ of [1, 2]) await new Promise((done) => requestAnimationFrame(done))
    const answersMs = performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.includes('/v1/console/') && !name.includes('/live'))
      .map(({ responseEnd, requestStart }) => responseEnd - requestStart)
    return { tookMs: performance.now(), answersMs }
  })
  await context.close()
  return seen
}
