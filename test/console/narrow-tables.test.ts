import { describe, expect, it } from 'vitest'
import { skipped, why } from '../fakes/chromium.js'
import { show } from './browser.js'
import { openBusyDay } from './busy-day.js'
import { onStage } from './on-stage.js'

/** Words of a usual length that stand on more than one line. */
function brokenWords(cells: unknown[]): string[] {
  const { document } = globalThis as unknown as {
    document: {
      createTreeWalker(root: unknown, what: number): { nextNode(): { data: string } | null }
      createRange(): {
        setStart(node: unknown, at: number): void
        setEnd(node: unknown, at: number): void
        getClientRects(): Iterable<{ top: number; width: number }>
      }
    }
  }
  const texts = 4
  const broken: string[] = []
  for (const cell of cells) {
    const walker = document.createTreeWalker(cell, texts)
    for (let text = walker.nextNode(); text !== null; text = walker.nextNode())
      for (const { 0: word, index } of text.data.matchAll(/[A-Za-z0-9]{2,18}/g)) {
        const range = document.createRange()
        range.setStart(text, index)
        range.setEnd(text, index + word.length)
        const lines = [...range.getClientRects()].filter(({ width }) => width > 0)
        if (new Set(lines.map(({ top }) => top)).size > 1) broken.push(word)
      }
  }
  return broken
}

describe.skipIf(skipped)(`tables where there is little room${why}`, () => {
  const scene = onStage('admin', openBusyDay)

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

  it.each(['/incidents', '/review', '/settings/alerts', '/settings/audit'])(
    '%s: no word is broken for want of room',
    async (path) => {
      const page = await scene.open(path)
      for (const width of [1_440, 1_024, 768]) {
        await show(page, width, 'light')
        expect(await page.locator('main td').evaluateAll(brokenWords), `${width} px`).toEqual([])
      }
    },
  )

  it('what is longer than its place on a card is whole, and over nothing else', async () => {
    const long = 'a-note-without-a-break'.repeat(8)
    const { lists } = scene.stage.desk
    await lists.add('user:test', 'deny', [
      { entry: `device:${'x'.repeat(200)}`, note: long, expiresAt: null },
    ])
    const page = await scene.open('/lists')
    const note = page.getByRole('cell', { name: long })
    for (const width of [390, 1_440]) {
      await show(page, width, 'light')
      const [cell, text] = [note, note.getByText(long)].map((it) => it.boundingBox())
      const [outer, inner] = [await cell, await text]
      if (!outer || !inner) throw new Error('the note is not shown')
      expect(inner.x).toBeGreaterThan(outer.x)
      expect(inner.x + inner.width).toBeLessThanOrEqual(outer.x + outer.width + 1)
      const cut = await note.getByText(long).evaluate((node) => node.scrollWidth - node.clientWidth)
      expect(cut, `${width} px`).toBeLessThanOrEqual(1)
    }
    await lists.remove('user:test', 'deny', [`device:${'x'.repeat(200)}`])
  })

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
