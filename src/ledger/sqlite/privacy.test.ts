import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { directories } from '../../../test/conformance/ledger-files.js'
import { aRequest, aVerification } from '../../../test/conformance/ledger-rows.js'
import { hashedNumbers } from '../numbers.js'
import { openSqliteLedger } from './open.js'

const newDirectory = directories()
const KEY = Buffer.alloc(32, 'a key of thirty-two bytes')
const NUMBER = '+2348031234567'
/** The country code and the range are kept in clear: what must not be found is the subscriber. */
const SUBSCRIBER = NUMBER.slice(1)

describe('hashed numbers', () => {
  test('are found under the clear number, and come back as the key that the vault gives', async () => {
    const file = `${newDirectory()}/ledger.sqlite`
    const ledger = await openSqliteLedger({ file, numbers: { hashedWith: KEY } })
    ledger.append([
      { table: 'requests', row: aRequest('r') },
      { table: 'verifications', row: aVerification('v') },
    ])
    const key = hashedNumbers(KEY).numberKey(NUMBER)
    expect(key).toMatch(/^h:[\w-]{22}$/)
    expect((await ledger.request('r'))?.number).toBe(key)
    expect(await ledger.requests({ number: NUMBER, limit: 10 })).toHaveLength(1)
    expect(await ledger.requests({ number: key, limit: 10 })).toHaveLength(1)
    expect(await ledger.latestVerification('signup', NUMBER)).toMatchObject({
      id: 'v',
      number: key,
      to: NUMBER,
    })
    await ledger.close()
  })

  test('are nowhere in the files: sealed while messages may be sent, gone at the end', async () => {
    const file = `${newDirectory()}/ledger.sqlite`
    const ledger = await openSqliteLedger({ file, numbers: { hashedWith: KEY } })
    for (const status of ['verified', 'expired', 'cancelled', 'failed', 'denied'] as const) {
      ledger.append([{ table: 'verifications', row: aVerification(status) }])
      expect((await ledger.verification(status))?.to).toBe(NUMBER)
      expect(await ledger.updateVerification(status, 0, { status })).toBe(true)
      expect((await ledger.verification(status))?.to).toBe('')
    }
    await ledger.updateVerification('denied', 1, { to: NUMBER, status: 'denied' })
    ledger.append([
      { table: 'requests', row: aRequest('r') },
      { table: 'verifications', row: aVerification('open') },
      { table: 'verifications', row: aVerification('denied at once', { status: 'denied' }) },
    ])
    await ledger.updateVerification('open', 0, { to: NUMBER, number: NUMBER, checks: 1 })
    expect(await ledger.verification('open')).toMatchObject({ to: NUMBER, checks: 1 })
    expect((await ledger.verification('denied at once'))?.to).toBe('')
    await ledger.commit()
    const files = [file, `${file}-wal`].filter((path) => existsSync(path))
    expect(files).toHaveLength(2)
    for (const path of files) expect(readFileSync(path).includes(SUBSCRIBER)).toBe(false)
    await ledger.close()
    expect(readFileSync(file).includes(SUBSCRIBER)).toBe(false)
  })

  test('need the key that they were written with', async () => {
    const file = `${newDirectory()}/ledger.sqlite`
    await (await openSqliteLedger({ file, numbers: { hashedWith: KEY } })).close()
    const withOther = openSqliteLedger({ file, numbers: { hashedWith: Buffer.alloc(32, 1) } })
    await expect(withOther).rejects.toThrow(
      /hashed with key .* give it the secret that it was created with/,
    )
    await expect(openSqliteLedger({ file, numbers: 'clear' })).rejects.toThrow(
      /opened with numbers in clear/,
    )
  })
})
