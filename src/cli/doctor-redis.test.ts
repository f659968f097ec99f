import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RedisProcess, skipped, startRedis, why } from '../../test/fakes/redis-server.js'
import { aclCommand } from '../lines/redis/rights.js'
import { sharedLines } from './doctor-stores.js'

const PASSWORD = 'of-this-test'

describe.skipIf(skipped)(`what doctor finds in a shared store of lines${why}`, () => {
  let redis: RedisProcess
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis?.stop())
  const find = (user: string) => sharedLines(redis.url.replace('://', `://${user}:${PASSWORD}@`))

  it('what its user lacks, and nothing is left of the question', async () => {
    redis.ask(...aclCommand('gate', `>${PASSWORD}`))
    const before = redis.ask('DBSIZE')
    expect((await find('gate')).mend ?? '').not.toContain('ACL')
    redis.ask(...aclCommand('short', `>${PASSWORD}`), '-append', '-hset')
    expect(await find('short')).toMatchObject({
      ...{ state: 'fail', found: expect.stringContaining('too little') },
      mend: 'ACL SETUSER short +append +hset, on every server',
    })
    redis.ask(...aclCommand('elsewhere', `>${PASSWORD}`, 'somebody:'))
    expect((await find('elsewhere')).mend).toBe(
      'ACL SETUSER elsewhere ~tollgate:*, on every server',
    )
    expect(redis.ask('DBSIZE')).toBe(before)
  })
})
