import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../src/engine/units.js'
import { skipped, why } from '../fakes/chromium.js'
import { onStage } from './on-stage.js'
import { openStage } from './stage.js'

const WAIT = { timeout: 15_000 }

describe.skipIf(skipped)(`figures of an open page${why}`, () => {
  const scene = onStage('viewer', () => openStage({ historyMs: 2 * HOUR }))

  it.each([
    ['spend caps', '/money', /signup, per day.*?USD ([\d.,]+)/],
    ['what a service did today', '/settings/services', /Today.*?([\d,]+) requests/],
  ])('%s on %s grows as messages are sent', async (_what, path, figure) => {
    const page = await scene.open(path)
    await page.getByText('Live', { exact: true }).waitFor()
    const read = async () => {
      const [, figured = ''] = figure.exec((await page.locator('main').textContent()) ?? '') ?? []
      return Number(figured.replaceAll(',', ''))
    }
    const before = await read()
    expect(before).toBeGreaterThan(0)
    await scene.stage.playFor(15 * MINUTE)
    await expect.poll(read, WAIT).toBeGreaterThan(before)
    expect(scene.tab.troubles).toEqual([])
  })

  it.each([
    ['1 to 2 hours', /Requests[\d,]+Since 1\d:00, in whole hours/],
    ['7 days', /Requests[\d,]+Since 13 Nov 2026, 00:00, in whole days of UTC/],
  ])('one range over %s says since when its figures are', async (name, since) => {
    const page = await scene.open('/ranges?level=country&key=NG')
    await page.getByText(name, { exact: true }).click()
    await expect.poll(() => page.locator('main').textContent(), WAIT).toMatch(since)
  })

  it('a gateway that is away is not called live until the stream is missed', async () => {
    const page = await scene.open('/checklist')
    const live = page.getByText('Live', { exact: true })
    const away = page.getByText(/^Reconnecting/)
    await live.waitFor()
    // the stream itself says nothing
    await scene.tab.context.setOffline(true)
    await away.waitFor({ timeout: 3_000 })
    await scene.tab.context.setOffline(false)
    await live.waitFor()
    await page.route('**/v1/console/**', (route) => route.abort())
    await page.getByRole('link', { name: 'Money', exact: true }).click()
    await away.waitFor({ timeout: 3_000 })
    await page.unroute('**/v1/console/**')
    await live.waitFor()
    scene.tab.troubles.length = 0
  })

  it('a page whose files do not come says why, and comes by itself when they do', async () => {
    const page = await scene.open('/')
    await page.route('**/assets/**', (route) => route.abort())
    await page.getByRole('link', { name: 'Ranges', exact: true }).click()
    await page.getByRole('alert').getByText('the gateway does not answer, or was updated').waitFor()
    await page.unroute('**/assets/**')
    await page.getByRole('heading', { name: 'Ranges' }).waitFor()
    scene.tab.troubles.length = 0
  })
})
