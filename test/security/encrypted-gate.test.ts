import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqliteLedger } from '../../src/ledger/sqlite/open.js'
import { addNumberKey, numberKeysOf } from '../../src/verify/number-keys.js'
import { deriveKeys } from '../../src/verify/server-keys.js'
import { request, stages, subscriber, value } from '../e2e/stage.js'

const stage = stages()

/** Every file of a directory, and whether a text is in one. */
const holds = (data: string, text: string): string[] =>
  readdirSync(data).filter((name) => {
    const file = join(data, name)
    return statSync(file).isFile() && readFileSync(file).includes(text)
  })

test('a gate whose numbers are encrypted sends, checks, resends and restarts like any other, and no file has a number', async () => {
  const { gate, code, data, messages, restart, advance } = await stage({ numbers: 'encrypted' })
  const first = value(await gate.start(request(0))).verification
  expect(first.to).toBe(subscriber(0))
  expect(messages().map(({ to }) => to)).toEqual([subscriber(0)])
  advance(60_000)
  expect(value(await gate.resend(first.id)).verification.sends).toBe(2)

  const again = await restart()
  expect(value(await again.check(first.id, code())).status).toBe('verified')
  expect(value(await again.get(first.id)).to).toBe(subscriber(0))
  const second = value(await again.start(request(1))).verification
  expect((await again.find('signup', subscriber(1)))?.id).toBe(second.id)
  expect(existsSync(join(data, 'number.keys'))).toBe(true)
  expect(statSync(join(data, 'number.keys')).mode & 0o077).toBe(0)
  for (const n of [0, 1]) expect(holds(data, subscriber(n).slice(1))).toEqual([])
  await again.close()
  for (const n of [0, 1]) expect(holds(data, subscriber(n).slice(1))).toEqual([])
})

test('a running gate follows its ring: numbers sealed elsewhere with a new key open, and it seals with it soon', async () => {
  const { gate, code, data, now, advance, restart } = await stage({ numbers: 'encrypted' })
  const early = value(await gate.start(request(0))).verification
  const right = code()
  const file = join(data, 'number.keys')
  addNumberKey(file, { now: now(), id: 'next', standby: false })
  const job = await openSqliteLedger({
    file: join(data, 'ledger.sqlite'),
    numbers: {
      hashedWith: deriveKeys(
        Buffer.from(readFileSync(join(data, 'server.key'), 'utf8').trim(), 'hex'),
      ).numbers,
      encryptedWith: numberKeysOf(file, now),
    },
  })
  expect(await job.privacy.reseal(100)).toBe(1)
  // what it had at hand, and what it has to look up
  expect(value(await gate.check(early.id, right)).status).toBe('verified')
  expect((await job.requests({ number: subscriber(0), limit: 1 }))[0]?.number).toBe(subscriber(0))
  advance(31_000)
  value(await gate.start(request(2)))
  const rows = async () => (await job.privacy.numberKeys()).map(({ id, rows }) => [id, rows])
  expect(await rows()).toEqual([
    ['next', 2],
    [expect.not.stringMatching('next'), 0],
  ])
  await job.close()
  const again = await restart()
  expect(value(await again.get(early.id)).to).toBe(subscriber(0))
})
