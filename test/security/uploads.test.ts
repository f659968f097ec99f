import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ConsoleStage, openConsole } from './console-stage.js'

let stage: ConsoleStage
let authorization: string
beforeAll(async () => {
  stage = await openConsole()
  authorization = await stage.keyWith('admin')
})
afterAll(() => stage?.close())

const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tollgate-invoice-'))

async function upload(bytes: Buffer | string, name: string, more: Record<string, string> = {}) {
  const form = new FormData()
  for (const [field, value] of Object.entries(more)) form.append(field, value)
  form.append('file', new Blob([bytes]), name)
  const answer = await fetch(`${stage.url}/v1/console/money/invoice`, {
    ...{ method: 'POST', body: form, headers: { authorization } },
  })
  return { status: answer.status, text: await answer.text() }
}

describe('an invoice that is uploaded', () => {
  test('and unpacks to a thousand times its size is refused, and leaves no file', async () => {
    const before = folders()
    // 230 MB in 230 kB; 200 MB is the bound
    const bomb = gzipSync(Buffer.alloc(230_000_000, '0'))
    expect(bomb.length).toBeLessThan(1_000_000)
    const { status, text } = await upload(bomb, 'invoice.csv.gz')
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(text).not.toContain('/tmp')
    expect(folders()).toEqual(before)
  })

  test('packed twice is unpacked once', async () => {
    const twice = gzipSync(gzipSync(Buffer.alloc(50_000_000, '0')))
    expect((await upload(twice, 'invoice.csv.gz')).status).toBe(400)
  })

  test('keeps no name of the stranger’s: nothing is written but into its own folder', async () => {
    const before = folders()
    for (const name of [
      '../../../../tmp/tollgate-evil.csv',
      '/etc/passwd',
      'a\u0000b.csv',
      'con.csv',
      'x'.repeat(4_000),
    ]) {
      const { status, text } = await upload('to,price\n+2348031234567,1\n', name)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(text).not.toContain('passwd')
    }
    expect(readdirSync(tmpdir())).not.toContain('tollgate-evil.csv')
    expect(folders()).toEqual(before)
  })

  test('with fields beside it, with none, or cut off, is refused', async () => {
    expect((await upload('a', 'a.csv', { x: '1' })).status).toBeGreaterThanOrEqual(400)
    const cut = gzipSync('to,price\n'.repeat(10_000)).subarray(0, 40)
    expect((await upload(cut, 'a.csv.gz')).status).toBe(400)
    const none = await fetch(`${stage.url}/v1/console/money/invoice`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x--\r\n',
    })
    expect(none.status).toBe(400)
  })

  test('with a field of a megabyte costs no more than reading it', async () => {
    for (const field of [' '.repeat(1_000_000), '0'.repeat(1_000_000), ':'.repeat(1_000_000)]) {
      const { status } = await upload(
        `to,date,price\n+2348031234567,${field}x,${field}x\n`,
        'a.csv',
      )
      expect(status).toBeGreaterThanOrEqual(400)
    }
  })
})
