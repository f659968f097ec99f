/**
 * `node scripts/console-pictures.mjs [dist]`: draws docs/images/console, every page of the console on the simulation in
 * the midst of an attack. With a folder nothing is built, and what was built there is drawn.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { palettePng } from './palette-png.mjs'
import { build, install, requireNode, root } from './prepare.mjs'

const CHROMIUM = process.env.TOLLGATE_CHROMIUM ?? '/usr/bin/chromium'
/** Saturday noon in UTC, and how much of the programme's first attack is over by then. */
const NOON = Date.UTC(2026, 10, 21, 12)
const ATTACKED_MS = 24 * 60_000
const LOOKS = [
  { name: 'wide', width: 1_440, height: 900, most: 1_800 },
  { name: 'phone', width: 390, height: 844, most: 1_900 },
]
const SCHEMES = ['light', 'dark']
const UNDER_WAY =
  '[role=status][aria-label=Loading], [aria-busy=true], .mantine-Skeleton-root, [class*=_waiting_]'
const LARGEST_BYTES = 1_000_000
const LARGEST_SUM = 6_000_000

/** A path, or how to find it from a page. */
const PAGES = [
  ['overview', '/'],
  ['incidents', '/incidents'],
  ['incident', '/incidents', 'main a[href^="/incidents/"]'],
  ['ranges', '/ranges'],
  ['sources', '/sources'],
  ['decisions', '/decisions'],
  ['decision', '/decisions?verdict=deny', 'main a[href^="/decisions/"]'],
  ['review', '/review'],
  ['policy', '/policy'],
  ['money', '/money'],
  ['reports', '/reports'],
  ['report', '/reports', 'main table a[href^="/reports/"]'],
  ['lists', '/lists'],
  ['checklist', '/checklist'],
  ['settings-services', '/settings/services'],
  ['settings-keys', '/settings/keys'],
  ['settings-alerts', '/settings/alerts'],
  ['settings-users', '/settings/users'],
  ['settings-audit', '/settings/audit'],
  ['settings-deployment', '/settings/deployment'],
  ['sign-in', '/sign-in'],
]
/** The simulation lets everybody in who comes by the name of this machine; by another one people sign in. */
const ELSEWHERE = 'console.example.com'

requireNode()
const given = process.argv[2]
if (given === undefined) {
  install({ dev: true })
  build()
}
const dist = given === undefined ? join(root, 'dist') : resolve(given)
const { startDemo } = await import(pathToFileURL(join(dist, 'cli', 'demo-gateway.js')).href)
const { chromium } = await import('playwright-core')

const folder = join(root, 'docs', 'images', 'console')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const demo = await startDemo({
  ...{ host: 'localhost', port: 0, speed: 1, historyDays: 4, sessionsPerDay: 3_000, seed: 1 },
  ...{ now: NOON, realNow: () => performance.now() },
})
const said = []
let sum = 0
let largest = 0
try {
  await demo.playFor(ATTACKED_MS)
  await givePeopleWork()
  for (const job of demo.front.desk.jobs) await job.run()
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      `--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`,
      `--unsafely-treat-insecure-origin-as-secure=${elsewhere(demo.url)}`,
    ],
  })
  try {
    for (const look of LOOKS) await draw(browser, look)
  } finally {
    await browser.close()
  }
} finally {
  await demo.close()
}

/** Somebody waits for review, a range is blocked, a customer is allowed: pages show more than that they are empty. */
async function givePeopleWork() {
  const agent =
    'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36'
  for (const [to, ip] of [
    ['+77015550123', '2.72.12.9'],
    ['+962790550123', '176.29.4.10'],
  ])
    await demo.parts.gate.start({ service: 'signup', to, ip, userAgent: agent })
  const [incident] = demo.parts.gate.incidents()
  const key = incident?.ranges[0]?.key
  if (key !== undefined)
    await post('playbook', {
      target: { kind: 'range', key, service: 'signup' },
      action: 'block',
      incidentId: incident.id,
    })
  for (const [list, entry, note] of [
    ['allow', '+2348031234567', 'Called support: changes phones this week'],
    ['deny', 'AS64496', 'Rented servers, seen in October'],
  ])
    await post(`lists/${list}/entries`, { entries: [{ entry, note, expiresAt: null }] })
  await post('keys', { name: 'Shop, production', scopes: ['verify', 'outcomes'] })
}

function elsewhere(url) {
  return url.replace('localhost', ELSEWHERE)
}

async function post(path, body) {
  const answer = await fetch(`${demo.url}/v1/console/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-tollgate-console': '1',
      origin: demo.url,
    },
    body: JSON.stringify(body),
  })
  if (!answer.ok) said.push(`${path}: ${answer.status} ${await answer.text()}`)
}

async function draw(browser, look) {
  const { width, height, most } = look
  const context = await browser.newContext({
    ...{ viewport: { width, height }, reducedMotion: 'reduce', timezoneId: 'UTC', locale: 'en-GB' },
  })
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') said.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => said.push(`${page.url()}: ${error.message}`))
  for (const [name, path, link] of PAGES) {
    await page.goto(`${path === '/sign-in' ? elsewhere(demo.url) : demo.url}${path}`)
    await ready(page)
    if (link !== undefined) {
      const href = await page.locator(link).first().getAttribute('href')
      await page.goto(`${demo.url}${href}`)
      await ready(page)
    }
    const tall = await page.evaluate(() => document.documentElement.scrollHeight)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    if (wide > width) said.push(`${name} at ${width}: scrolls sideways, ${wide} px`)
    await page.setViewportSize({ width, height: Math.max(height, Math.min(tall, most)) })
    for (const scheme of SCHEMES) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor()
      await ready(page)
      const png = palettePng(await page.screenshot({ animations: 'disabled' }))
      const file = `${name}-${look.name}-${scheme}.png`
      writeFileSync(join(folder, file), png)
      sum += png.length
      largest = Math.max(largest, png.length)
      console.log(`${file}, ${Math.round(png.length / 1_024)} KB`)
    }
    await page.setViewportSize({ width, height })
  }
  await context.close()
}

/** Read and drawn: nothing says that it is on its way, and two frames have passed. */
async function ready(page) {
  await page.waitForSelector('main h1')
  await page.waitForFunction((selector) => document.querySelector(selector) === null, UNDER_WAY)
  await page.evaluate(async () => {
    await document.fonts.ready
    for (const _ of [1, 2]) await new Promise((done) => requestAnimationFrame(done))
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
  })
}

for (const line of said) console.error(`console-pictures: ${line}`)
console.log(`${Math.round(sum / 1_024)} KB in all`)
if (said.length > 0 || largest > LARGEST_BYTES || sum > LARGEST_SUM) process.exitCode = 1
