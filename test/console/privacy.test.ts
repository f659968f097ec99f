import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../src/engine/units.js'
import { skipped, why } from '../fakes/chromium.js'
import { onStage } from './on-stage.js'
import { openStage } from './stage.js'

const NUMBER = '+2348035550142'

describe.skipIf(skipped)(`a person asks about their number${why}`, () => {
  const scene = onStage('admin', () => openStage())

  it('an erasure that has to be run again is not called done', async () => {
    const { stage } = scene
    await stage.start({ to: NUMBER })
    await stage.settle()
    const page = await scene.open('/settings/privacy')
    const dialog = page.getByRole('dialog')
    const erased = page.getByRole('status').filter({ hasText: 'Erased from' })
    const erase = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Erase it…' }).click()
      await dialog.getByLabel('The number once more').fill(NUMBER)
      await dialog.getByRole('button', { name: 'Erase', exact: true }).click()
      await dialog.waitFor({ state: 'detached' })
      await erased.waitFor()
    }
    await page.getByRole('textbox', { name: 'Number' }).fill(NUMBER)
    await erase()
    expect(await erased.textContent()).toMatch(/not gone yet: 1 message cannot be erased before/)
    expect(await page.getByText('The number is erased').count()).toBe(0)

    await stage.playFor(10 * MINUTE)
    await erase()
    await expect.poll(() => erased.textContent()).not.toContain('not gone yet')
    expect(await erased.textContent()).toMatch(/1 request\b.* 1 message\b/)
    expect(scene.tab.troubles).toEqual([])
    expect(stage.faults).toEqual([])
  })
})
