import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RedisProcess, skipped, startRedis, why } from '../../../test/fakes/redis-server.js'
import { ADJUST } from './scripts.js'

describe.skipIf(skipped)(`giving back${why}`, () => {
  let server: RedisProcess
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  const VALUE = 'the head and what others hold'
  /** Gives back an event that is not in the value. */
  function giveBack(sure: '0' | '1'): string {
    server.ask('SET', 'value', VALUE)
    server.ask('EVAL', ADJUST.text, '1', 'value', 'mark', '1', '1', '?its-number', '', sure)
    return server.ask('GET', 'value').trim()
  }

  it('takes nothing back that may never have been reserved: others would get the room twice', () => {
    expect(giveBack('0')).toBe(VALUE)
  })

  it('takes back what was reserved and is in the base by now', () => {
    expect(giveBack('1')).not.toBe(VALUE)
  })
})
