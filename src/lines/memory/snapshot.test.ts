import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { demandOf, layoutOf, lineOf, queryOf, T0 } from '../../../test/conformance/lines-arrange.js'
import { memoryLines } from './memory.js'
import { readSnapshot, writeSnapshot } from './snapshot.js'

describe('the snapshot file', () => {
  let folder = ''
  let file = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lines-'))
    file = join(folder, 'lines.snapshot')
  })
  afterEach(() => rm(folder, { recursive: true }))

  const query = queryOf(layoutOf(), { device: 'd1' })
  const store = () => {
    const lines = memoryLines({ seed: 7 })
    lines.charge(query, demandOf({ device: 2 }), T0)
    return lines
  }

  it('brings lines and meta back', async () => {
    await writeSnapshot(file, { at: T0, note: 'ä' }, store().dump())
    const found = await readSnapshot<{ at: number; note: string }>(file)
    expect(found?.meta).toEqual({ at: T0, note: 'ä' })
    const lines = memoryLines()
    lines.load(found?.image ?? new Uint8Array())
    expect(lineOf(lines.gather(query, T0), 'device').reserved).toBe(2)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('is null where there is none', async () => {
    expect(await readSnapshot(file)).toBeNull()
  })

  it('says what to do when the file is damaged or cut short', async () => {
    await writeSnapshot(file, { at: T0 }, store().dump())
    const whole = await readFile(file)
    for (const length of [0, 7, 40, 100, whole.length - 1]) {
      await writeFile(file, whole.subarray(0, length))
      await expect(readSnapshot(file)).rejects.toThrow(/is damaged; move it away/)
    }
    for (const at of [0, 9, 30, whole.length >> 1, whole.length - 1]) {
      const damaged = Buffer.from(whole)
      damaged[at] = (damaged[at] ?? 0) ^ 1
      await writeFile(file, damaged)
      await expect(readSnapshot(file)).rejects.toThrow(/is damaged/)
    }
  })

  it('is null for one of another release, whole as it is', async () => {
    await writeSnapshot(file, { at: T0 }, store().dump())
    const other = (await readFile(file)).subarray(0, -32)
    other.write('1', 7)
    await writeFile(file, [other, createHash('sha256').update(other).digest()])
    expect(await readSnapshot(file)).toBeNull()
  })

  it('a crash before the rename leaves the old one; half a new one is overwritten by the next', async () => {
    await writeSnapshot(file, { at: 1 }, store().dump())
    await writeFile(`${file}.new`, 'half of a snapsh')
    expect((await readSnapshot<{ at: number }>(file))?.meta.at).toBe(1)
    await writeSnapshot(file, { at: 2 }, store().dump())
    expect((await readSnapshot<{ at: number }>(file))?.meta.at).toBe(2)
    await expect(stat(`${file}.new`)).rejects.toThrow(/ENOENT/)
  })

  it('a failed write leaves the old one', async () => {
    await writeSnapshot(file, { at: 1 }, store().dump())
    const cyclic: Record<string, unknown> = {}
    cyclic.self = cyclic
    await expect(writeSnapshot(file, cyclic, [])).rejects.toThrow(TypeError)
    await expect(writeSnapshot(join(folder, 'none', 'x'), {}, [])).rejects.toThrow(/ENOENT/)
    expect((await readSnapshot<{ at: number }>(file))?.meta.at).toBe(1)
  })
})
