import type { Browser } from 'playwright-core'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../src/engine/units.js'
import { openBrowser, skipped, why } from '../fakes/chromium.js'
import { type Endpoint, startEndpoint } from '../fakes/http-endpoint.js'
import { type Smtp, startSmtp } from '../fakes/smtp-server.js'
import { loaded, openTab, type Tab, writePolicy } from './browser.js'
import { ATTACK, bringStrangers, HELD } from './busy-day.js'
import { openStage, POLICY, type Stage } from './stage.js'

const WAIT = { timeout: 15_000 }

describe.skipIf(skipped)(`a day at the console${why}`, () => {
  let browser: Browser
  let stage: Stage
  let tab: Tab
  let smtp: Smtp
  let hook: Endpoint
  let signing = ''
  /** a number in a range that is attacked */
  let pumped = ''

  beforeAll(async () => {
    ;[stage, browser] = await Promise.all([openStage({ historyMs: 36 * HOUR }), openBrowser()])
    ;[smtp, hook] = await Promise.all([startSmtp(), startEndpoint()])
    tab = await openTab(browser, stage, 'analyst')
  })
  afterAll(async () => {
    await browser?.close()
    await stage?.close()
    await smtp?.close()
    await hook?.close()
  })

  it('an administrator says who is told, and tries it', async () => {
    const admin = await openTab(browser, stage, 'admin')
    const { page, troubles } = admin
    await page.goto(`${stage.url}/settings/alerts`)
    const add = page.getByRole('button', { name: 'Add a sink' })
    const dialog = page.getByRole('dialog')
    const field = (name: string) => dialog.getByRole('textbox', { name })

    await add.click()
    await dialog.getByLabel('Type').selectOption('email')
    await field('Name').fill('Night watch')
    await field('SMTP server').fill('127.0.0.1')
    await field('Port').fill(String(smtp.port))
    await dialog.getByLabel('Encryption').selectOption('none')
    await field('From').fill('tollgate@shop.example')
    const to = dialog.getByLabel('To', { exact: true })
    await to.fill('ada@shop.example')
    await to.press('Enter')
    await dialog.getByLabel('Daily').check()
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })

    await add.click()
    await dialog.getByLabel('Type').selectOption('webhook')
    await field('Name').fill('Pager <script>')
    await field('URL').fill(`${hook.url}/tollgate`)
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    signing = await dialog.getByLabel('Secret', { exact: true }).inputValue()
    expect(signing).toMatch(/^whsec_[A-Za-z0-9+/=]{20,}$/)
    await dialog.getByRole('button', { name: 'Done' }).click()

    const sinks = page.getByRole('table', { name: 'Sinks' })
    for (const name of ['Night watch', 'Pager <script>'])
      await sinks.getByRole('row', { name }).getByRole('button', { name: 'Test' }).click()
    await expect.poll(() => [smtp.letters.length, hook.requests.length], WAIT).toEqual([1, 1])
    expect(await page.content()).not.toContain(signing)
    expect(troubles).toEqual([])
    await admin.close()
  })

  it('an attack opens an incident under an open page, and two clicks contain it', async () => {
    const { page, troubles } = tab
    await page.goto(`${stage.url}/incidents`)
    await page.getByText('Nothing is attacked').waitFor()
    stage.attack(ATTACK)
    await stage.playFor(12 * MINUTE)
    const [incident] = stage.gate.incidents()
    expect(incident).toMatchObject({ kind: 'attack', countries: ['NG'] })
    await page.getByRole('table', { name: 'Running incidents' }).getByRole('link').first().click()
    await loaded(page)
    const shown = (await page.locator('main').textContent()) ?? ''
    for (const { key } of incident?.ranges ?? []) expect(shown).toContain(key)

    await page.getByRole('button', { name: /^Block its/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/would have refused|of the last hour/).waitFor()
    await dialog.getByRole('button', { name: 'Block' }).click()
    await page.getByRole('table', { name: 'Measures in force' }).waitFor()
    const block = incident?.ranges[0]?.key ?? ''
    pumped = block.padEnd(14, '7').slice(0, 14)
    const refused = await stage.start({ to: pumped, ip: '102.89.23.7' })
    expect(refused).toMatchObject({ value: { decision: { verdict: 'deny' } } })
    expect(stage.messages().filter(({ to }) => to === pumped)).toEqual([])
    const ordered = page.getByRole('table', { name: 'Measures in force' })
    await ordered
      .getByRole('row', { name: block })
      .getByRole('button', { name: /^Extend/ })
      .click()
    await page.getByRole('menuitem', { name: 'by 2 days' }).click()
    await ordered.getByText('in 2 d').waitFor()
    // a time alone would be taken for one of today
    await page.goto(`${stage.url}/ranges?q=${encodeURIComponent(block)}`)
    const marks = page.getByRole('table', { name: 'Ranges found' })
    expect(await marks.innerText()).toMatch(/block in force until 22 Nov 2026, \d\d:\d\d/)
    const actions = await stage.desk.ledger.actions(50)
    expect(actions.map(({ action }) => action)).toContain('playbook.apply')
    expect(troubles).toEqual([])
  })

  it('whoever is on call has been told by letter and by a signed message', async () => {
    await stage.settle()
    const letter = () => smtp.letters.find(({ subject }) => /incident|attack/i.test(subject ?? ''))
    await expect.poll(letter, WAIT).toBeDefined()
    expect(letter()?.to?.[0]?.address).toBe('ada@shop.example')
    const message = () => hook.requests.find(({ body }) => /"rule":"incident/.test(body))
    await expect.poll(message, WAIT).toBeDefined()
    const { headers, body } = message() ?? hook.last()
    const at = new Date(Number(headers['webhook-timestamp']) * 1_000)
    const signed = new Webhook(signing).sign(String(headers['webhook-id']), at, body)
    expect(headers['webhook-signature']).toBe(signed)
    for (const { text, html } of smtp.letters)
      expect(`${text} ${html}`).not.toMatch(/\+(234|233|77|962)\d{8,}/)
  })

  it('a search and an order that nobody answers say so, and promise nothing', async () => {
    const { page, troubles } = tab
    await page.goto(`${stage.url}/decisions`)
    await page.route('**/v1/console/decisions/understood*', (route) => route.abort())
    await page.getByLabel('Search decisions').fill('+234')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.getByText('The gateway does not answer. Try again when it does.').waitFor()
    expect(await page.getByLabel('Search decisions').inputValue()).toBe('+234')
    await page.unroute('**/v1/console/decisions/understood*')

    await page.goto(`${stage.url}/incidents`)
    await page.route('**/v1/console/playbook/**', (route) =>
      route.request().method() === 'GET' ? route.continue() : route.abort(),
    )
    await page
      .getByRole('button', { name: /^Undo Block/ })
      .first()
      .click()
    await page.getByText('See whether it was done before you do it again.').first().waitFor()
    await page.unroute('**/v1/console/playbook/**')
    expect(troubles.filter((said) => !/ERR_FAILED|Failed to load/.test(said))).toEqual([])
    troubles.length = 0
  })

  it('why was this number refused? One search, one click, and the number is let through', async () => {
    const { page, troubles } = tab
    await stage.settle()
    await page.goto(`${stage.url}/decisions`)
    await page.getByLabel('Search decisions').fill(pumped)
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.getByRole('table', { name: 'Decisions' }).getByRole('link').first().click()
    await page.getByRole('region', { name: 'In plain words' }).waitFor()
    await page.getByRole('button', { name: 'Allow this number' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Allow', exact: true }).click()
    await page.getByText('The number is on the allow list.').waitFor()
    stage.pass(MINUTE)
    const allowed = await stage.start({ to: pumped, ip: '102.89.23.7' })
    expect(allowed).toMatchObject({ value: { decision: { verdict: 'allow' } } })
    expect(stage.messages().filter(({ to }) => to === pumped)).toHaveLength(1)
    expect(troubles).toEqual([])
  })

  it('what waits for a person is approved, and its code is really sent', async () => {
    const { page, troubles } = tab
    await bringStrangers(stage)
    await page.goto(`${stage.url}/review`)
    await page.getByRole('button', { name: `Approve ${HELD}` }).click()
    await page.getByText('Approved and sent').first().waitFor()
    const sent = stage.messages().filter(({ to }) => to === HELD)
    expect(sent).toHaveLength(1)
    expect(sent[0]?.body).toMatch(/\d{6}/)
    expect(troubles).toEqual([])
  })

  it('a held request that somebody else answers keeps its place: no other moves under the pointer', async () => {
    const other = await openTab(browser, stage, 'admin')
    for (const to of ['+77027770131', '+77027770132'])
      await stage.start({ to, ip: '2.72.12.13', userAgent: 'x' })
    const { page, troubles } = tab
    const below = page.getByRole('button', { name: 'Refuse +77027770132' })
    for (const one of [page, other.page]) await one.goto(`${stage.url}/review`)
    await below.waitFor()
    const before = await below.boundingBox()
    await other.page.getByRole('button', { name: 'Refuse +77027770131' }).click()
    await page.getByText('no longer waits').waitFor()
    expect(await below.boundingBox()).toEqual(before)
    await page.getByText('no longer waits').waitFor({ state: 'detached' })
    expect(await below.isVisible()).toBe(true)
    expect([...troubles, ...other.troubles]).toEqual([])
    await other.close()
  })

  it('a policy is edited, replayed on what really happened, and published', async () => {
    const admin = await openTab(browser, stage, 'admin')
    const { page, troubles } = admin
    await page.goto(`${stage.url}/policy`)
    await loaded(page)
    await writePolicy(page, POLICY.replace('KZ: hold', 'KZ: nope'))
    await page.getByRole('list', { name: 'What is wrong in the text' }).waitFor()
    const publish = page.getByRole('button', { name: 'Publish…' })
    expect(await publish.isDisabled()).toBe(true)
    await writePolicy(page, POLICY.replace('KZ: hold', 'KZ: deny'))
    await page.getByText('Not published').waitFor()

    await page.getByRole('tab', { name: 'Replay' }).click()
    await page.getByText('Last day', { exact: true }).click()
    await page.getByRole('button', { name: 'Replay', exact: true }).click()
    const compared = page.getByRole('table', { name: 'The policy in force and the proposed one' })
    await compared.waitFor()
    expect(await compared.textContent()).toMatch(/Requests\s*[\d,]{3,}/)

    await publish.click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Why').fill('Nobody of ours lives in Kazakhstan')
    await dialog.getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByText('Version 2 is in force').waitFor()
    const refused = await stage.start({ to: '+77015550177', ip: '2.72.12.11' })
    expect(refused).toMatchObject({
      value: { decision: { verdict: 'deny', reasons: [{ code: 'country.denied' }] } },
    })
    expect(troubles).toEqual([])
    await admin.close()
  })

  it('the report of yesterday is kept, shown and was mailed', async () => {
    const { page, troubles } = tab
    await page.goto(`${stage.url}/reports`)
    await page.getByRole('table', { name: 'Reports' }).getByRole('link').first().click()
    await page.getByRole('heading', { level: 1, name: '2026-11-19' }).waitFor()
    await loaded(page)
    const text = (await page.locator('main').textContent()) ?? ''
    expect(text).toContain('Ranges that asked most')
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
    expect(troubles).toEqual([])
  })

  it('a viewer sees no whole number and no button that acts, and the API refuses what the page does not offer', async () => {
    const viewer = await openTab(browser, stage, 'viewer')
    const { page, troubles } = viewer
    for (const path of [
      '/',
      '/incidents',
      '/decisions',
      '/review',
      '/ranges',
      '/sources',
      '/settings/audit',
    ]) {
      await page.goto(`${stage.url}${path}`)
      await loaded(page)
      expect(await page.content(), path).not.toMatch(/\+(234|233|77|962)\d{8,}/)
      const acting = page.getByRole('button', { name: /^(Act|Block|Approve|Refuse|Allow|Undo)\b/ })
      expect(await acting.count(), path).toBe(0)
      const column = page.getByRole('columnheader', { name: /^(Playbook|Measures|Change)$/ })
      expect(await column.count(), path).toBe(0)
    }
    const headers = { 'x-tollgate-console': '1', origin: stage.url }
    const data = { target: { kind: 'country', key: 'NG', service: null }, action: 'pause' }
    for (const path of ['playbook', 'policy/publish', 'users']) {
      const answer = await page.request.post(`${stage.url}/v1/console/${path}`, { headers, data })
      expect([403, 404, 405], path).toContain(answer.status())
    }
    const answer = await page.request.post(`${stage.url}/v1/console/playbook`, { headers, data })
    expect(answer.status()).toBe(403)
    expect(troubles).toEqual([])
    await viewer.close()
  })

  it('a page that lost its stream says so, and has what it missed when the stream is back', async () => {
    const { page, troubles } = tab
    await page.goto(`${stage.url}/review`)
    await page.getByText('Live', { exact: true }).waitFor()
    await page.route('**/v1/console/live*', (route) => route.abort())
    stage.drop()
    await page.getByText(/^Reconnecting/).waitFor()
    await stage.start({ to: '+962790550199', ip: '176.29.4.10' })
    await stage.settle()
    await page.unroute('**/v1/console/live*')
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Approve +962790550199' }).waitFor()
    expect(troubles.filter((said) => !/ERR_FAILED|ERR_|Failed to load/.test(said))).toEqual([])
    troubles.length = 0
  })

  it('outlives a restart of the gateway, still signed in', async () => {
    const { page, troubles } = tab
    await stage.restart()
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByRole('link', { name: /^Incidents/ }).click()
    await page.getByRole('table', { name: 'Running incidents' }).waitFor()
    await page.getByRole('table', { name: 'Measures in force' }).waitFor()
    const refused = await stage.start({ to: `${pumped.slice(0, -1)}1`, ip: '102.89.23.9' })
    expect(refused).toMatchObject({ value: { decision: { verdict: 'deny' } } })
    // a gateway that is closing answers 503 for as long as its port is open
    const away = /ERR_|Failed to load|^503 /
    expect(troubles.filter((said) => !away.test(said))).toEqual([])
    troubles.length = 0
  })

  it('days of sums are those of UTC for readers behind it too', async () => {
    const west = await openTab(browser, stage, 'viewer', { timeZone: 'America/Los_Angeles' })
    await west.page.goto(`${stage.url}/ranges?level=country&key=NG&span=7d`)
    await west.page.getByRole('button', { name: /^Show as table/ }).click()
    const days = west.page.getByRole('region', { name: 'Requests by what became of them' })
    expect(await days.locator('tbody td').first().textContent()).toBe('20 Nov 2026')
    expect(west.troubles).toEqual([])
    await west.close()
  })

  it('times are those of whoever reads them, with UTC beside', async () => {
    const kolkata = await openTab(browser, stage, 'analyst', { timeZone: 'Asia/Kolkata' })
    await kolkata.page.goto(`${stage.url}/incidents`)
    await kolkata.page
      .getByRole('table', { name: 'Running incidents' })
      .getByRole('link')
      .first()
      .click()
    await loaded(kolkata.page)
    const time = kolkata.page.locator('main time').first()
    const at = new Date((await time.getAttribute('datetime')) ?? '')
    const there = at.toLocaleTimeString('en-GB', { timeZone: 'Asia/Kolkata' }).slice(0, 5)
    expect(await time.textContent()).toContain(there)
    expect(await time.getAttribute('title')).toContain(`${at.toISOString().slice(11, 16)}`)
    expect(kolkata.troubles).toEqual([])
    await kolkata.close()
  })

  it('times in a report are those of the report, as its hours are', async () => {
    const auckland = await openTab(browser, stage, 'viewer', { timeZone: 'Pacific/Auckland' })
    await auckland.page.goto(`${stage.url}/reports/today`)
    await loaded(auckland.page)
    const time = auckland.page.getByRole('table', { name: 'Incidents' }).locator('time').first()
    const at = (await time.getAttribute('datetime')) ?? ''
    expect(await time.textContent()).toBe(`20 Nov 2026, ${at.slice(11, 16)}`)
    expect(auckland.troubles).toEqual([])
    await auckland.close()
  })

  it('a session that ended under an open page leads to the sign-in and back', async () => {
    const { page, context, troubles } = tab
    await page.goto(`${stage.url}/sources`)
    await loaded(page)
    stage.pass(HOUR)
    await page.getByRole('link', { name: /^Ranges/ }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(new URL(page.url()).searchParams.get('to')).toBe('/ranges')
    await context.addCookies([await stage.cookie('analyst')])
    await page.reload()
    await page.waitForURL(`${stage.url}/ranges`)
    await loaded(page)
    expect(troubles).toEqual([])
  })

  it('nothing failed behind the pages', () => {
    expect(stage.faults).toEqual([])
  })
})
