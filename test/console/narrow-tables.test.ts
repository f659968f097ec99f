import { describe, expect, it } from 'vitest'
import { skipped, why } from '../fakes/chromium.js'
import { show } from './browser.js'
import { openBusyDay } from './busy-day.js'
import { onStage } from './on-stage.js'

describe.skipIf(skipped)(`tables where there is little room${why}`, () => {
  const scene = onStage('analyst', openBusyDay)

  it.each(['/incidents', '/ranges', '/sources', '/decisions', '/review'])(
    '%s: nothing of a row lies beyond the edge',
    async (path) => {
      const page = await scene.open(path)
      for (const width of [1_440, 1_280, 1_024, 768, 640]) {
        await show(page, width, 'light')
        const beyond = () =>
          page.locator('main table').evaluateAll((tables) =>
            (
              tables as unknown as {
                scrollWidth: number
                parentElement: { clientWidth: number }
              }[]
            )
              .map((table) => table.scrollWidth - table.parentElement.clientWidth)
              .filter((px) => px > 1),
          )
        await expect.poll(beyond, { message: `${width} px` }).toEqual([])
      }
      // back on a wide screen every column is there again
      await show(page, 1_440, 'light')
      await expect.poll(() => page.locator('main table th:visible').count()).toBeGreaterThan(4)
    },
  )

  it('when what was too wide has gone, the table has its columns back', async () => {
    const { lists } = scene.stage.desk
    const expiresAt = null
    await lists.add('user:test', 'deny', [
      { entry: 'AS64496', note: 'short', expiresAt },
      { entry: 'AS64497', note: 'a note that takes more room than there is '.repeat(3), expiresAt },
    ])
    const page = await scene.open('/lists')
    await show(page, 1_024, 'light')
    const headings = page.getByRole('table', { name: 'Entries of the deny list' }).locator('thead')
    const height = async () => (await headings.boundingBox())?.height ?? 0
    await expect.poll(height).toBeLessThan(2)
    await lists.remove('user:test', 'deny', ['AS64497'])
    await expect.poll(height).toBeGreaterThan(10)
  })

  it('headings that sort are seen by whoever comes to them by keyboard, on cards too', async () => {
    const page = await scene.open('/ranges')
    await show(page, 640, 'light')
    const requests = page.getByRole('button', { name: 'Requests', exact: true })
    await requests.focus()
    expect((await requests.boundingBox())?.height).toBeGreaterThan(10)
    expect(
      await page.locator('main thead').evaluate((head) => head.getBoundingClientRect().height),
    ).toBeGreaterThan(10)
  })
})
