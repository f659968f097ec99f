import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linesConformance } from '../../../test/conformance/lines.js'
import { decisionsOn, recordLog } from '../../../test/conformance/lines-recorded.js'
import { type RedisProcess, skipped, startRedis, why } from '../../../test/fakes/redis-server.js'
import { memoryLines } from '../memory/memory.js'
import { IN_FLIGHT_MS } from './in-flight.js'
import { type RedisLines, redisLines } from './redis.js'

describe.skipIf(skipped)(`lines in Redis${why}`, () => {
  let server: RedisProcess
  let opened = 0
  const open = (): Promise<RedisLines> =>
    redisLines({ url: server.url, prefix: `t${opened++}:`, seed: 1, commandMs: 20_000 })

  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  linesConformance('redis', open, { inFlightMs: IN_FLIGHT_MS })

  it.each(['three-minute-flood', 'verifies-75', 'resend-abuse'])(
    'decides as the embedded store does: %s',
    async (scenario) => {
      const log = await recordLog(scenario, 1_000)
      const expected = await decisionsOn(memoryLines({ seed: 1, capacity: 200_000 }), log)
      const store = await open()
      const made = await decisionsOn(store, log)
      await store.close()
      expect(made.length).toBe(expected.length)
      const verdicts = new Set(expected.map((d) => (d as { verdict: string }).verdict))
      expect(verdicts).toContain('deny')
      expect(verdicts).toContain('challenge')
      for (const [i, decision] of expected.entries()) expect(made[i]).toEqual(decision)
    },
  )

  it('no key is without an end', () => {
    const keys = server.ask('--scan').split('\n')
    expect(keys.length).toBeGreaterThan(500)
    const script = `local n = 0 for _, k in ipairs(redis.call('KEYS', '*')) do if redis.call('PTTL', k) < 0 then n = n + 1 end end return n`
    expect(server.ask('EVAL', script, '0')).toBe('0')
  })
})
