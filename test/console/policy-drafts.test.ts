import { describe, expect, it } from 'vitest'
import { HOUR } from '../../src/engine/units.js'
import { skipped, why } from '../fakes/chromium.js'
import { writePolicy } from './browser.js'
import { onStage } from './on-stage.js'
import { openStage, POLICY } from './stage.js'

describe.skipIf(skipped)(`a text of the policy that is not published${why}`, () => {
  const scene = onStage('admin', () => openStage({ historyMs: 2 * HOUR }))
  const MINE = POLICY.replace('400 USD', '410 USD')

  /** Somebody else publishes. */
  async function publish(text: string, base: number): Promise<void> {
    const { url } = scene.stage
    const answer = await scene.tab.page.request.post(`${url}/v1/console/policy/publish`, {
      headers: { 'x-tollgate-console': '1', origin: url },
      data: { base, note: 'Less', text },
    })
    expect(await answer.json()).toMatchObject({ ok: true })
  }

  it('comes back after it was discarded', async () => {
    const page = await scene.open('/policy')
    const text = page.locator('.cm-content')
    await writePolicy(page, MINE)
    await page.getByRole('button', { name: 'Discard' }).click()
    await expect.poll(() => text.textContent()).toContain('400 USD')
    await page.getByRole('button', { name: 'Take it back' }).click()
    await expect.poll(() => text.textContent()).toContain('410 USD')
    await page.getByText('Not published').waitFor()
  })

  it.each([
    ['Take theirs', '400 USD'],
    ['Merge mine into theirs', '410 USD'],
  ])('comes back after "%s", and is still behind theirs', async (choice, cap) => {
    const page = await scene.open('/policy')
    const text = page.locator('.cm-content')
    const before = (await scene.stage.desk.ledger.policy())?.version ?? 0
    await writePolicy(page, MINE)
    await publish(`${POLICY}# before ${choice}\n`, before)
    await page.getByText('was published by').waitFor()
    const dialog = page.getByRole('dialog')
    const toPublish = page.getByRole('button', { name: 'Publish…' })
    const conflict = async () => {
      await toPublish.click()
      await dialog.getByLabel('Why').fill('More')
      await dialog.getByRole('button', { name: 'Publish', exact: true }).press('Enter')
      await dialog.getByText('Nothing of yours was published').waitFor()
    }
    await conflict()
    await dialog.getByRole('button', { name: choice }).click()
    await dialog.waitFor({ state: 'detached' })
    for (const part of [cap, `# before ${choice}`])
      await expect.poll(() => text.textContent()).toContain(part)
    await page.getByRole('button', { name: 'Take it back' }).click()
    await expect.poll(() => text.textContent()).not.toContain(`# before ${choice}`)
    expect(await text.textContent()).toContain('410 USD')
    // whoever publishes it now is told of theirs once more
    await conflict()
    await dialog.getByRole('button', { name: 'Take theirs' }).click()
    await dialog.waitFor({ state: 'detached' })
  })

  it('is tried by a replay, which says when the gateway has forgotten it', async () => {
    const page = await scene.open('/policy')
    await page.route('**/v1/console/policy/replays/*', async (route) => {
      const answer = await route.fetch()
      const view = await answer.json()
      await route.fulfill({
        json: { ...view, state: 'running', result: null, progress: { rows: 1, of: 9 } },
      })
    })
    await page.getByRole('button', { name: 'Replay', exact: true }).click()
    await page.getByRole('progressbar', { name: 'Progress of the replay' }).waitFor()
    await page.unroute('**/v1/console/policy/replays/*')
    await page.route('**/v1/console/policy/replays/*', (route) =>
      route.continue({
        url: route
          .request()
          .url()
          .replace(/rep_\w+$/, `rep_${'0'.repeat(24)}`),
      }),
    )
    await page.getByText('This replay is gone').waitFor()
    await page.unroute('**/v1/console/policy/replays/*')
    await page.getByRole('button', { name: 'Replay', exact: true }).click()
    await page.getByText(/^Replayed /).waitFor()
  })

  it('nothing went wrong', () => {
    expect(scene.tab.troubles).toEqual([])
    expect(scene.stage.faults).toEqual([])
  })
})
