import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testFolder } from '../../test/fakes/test-folder.js'
import { hashSecret } from '../http/keys.js'
import { memoryLedger } from '../ledger/memory/memory.js'
import type { Ledger } from '../ledger/port.js'
import { secureRandom } from '../verify/random.js'
import { bootstrapKey, firstKey } from './first-key.js'

const options = (ledger: Ledger, env = {}) => ({
  ledger,
  env,
  now: 1_795_000_000_000,
  random: secureRandom(),
})

describe('the first key', () => {
  it('is made once, and only its hash is kept', async () => {
    const ledger = memoryLedger()
    const key = await firstKey(options(ledger))
    expect(key?.origin).toBe('created')
    const row = await ledger.key(key?.id ?? '')
    expect(row?.secretHash).toBe(hashSecret(key?.secret ?? ''))
    expect(row?.scopes).toEqual(['*'])
    expect(await firstKey(options(ledger))).toBeNull()
    expect(await ledger.keys()).toHaveLength(1)
  })

  it('comes from TOLLGATE_BOOTSTRAP_KEY, whose secret is not told again', async () => {
    const ledger = memoryLedger()
    const env = { TOLLGATE_BOOTSTRAP_KEY: 'ops:with:colons' }
    expect(await bootstrapKey(options(ledger, env))).toEqual({
      id: 'ops',
      secret: null,
      origin: 'environment',
      user: '"$TOLLGATE_BOOTSTRAP_KEY"',
    })
    expect((await ledger.key('ops'))?.secretHash).toBe(hashSecret('with:colons'))
  })

  it('or from a file, and a file that is not there is told', async () => {
    const ledger = memoryLedger()
    const file = join(testFolder(), 'key')
    writeFileSync(file, 'ops:from a file\n')
    await bootstrapKey(options(ledger, { TOLLGATE_BOOTSTRAP_KEY_FILE: file }))
    expect((await ledger.key('ops'))?.secretHash).toBe(hashSecret('from a file'))
    await expect(
      bootstrapKey(options(ledger, { TOLLGATE_BOOTSTRAP_KEY_FILE: `${file}.none` })),
    ).rejects.toThrow('cannot be read (there is none)')
  })

  it('a changed secret and a revoked key take effect again with the environment', async () => {
    const ledger = memoryLedger()
    await bootstrapKey(options(ledger, { TOLLGATE_BOOTSTRAP_KEY: 'ops:first' }))
    await ledger.revokeKey('ops', 1)
    await bootstrapKey(options(ledger, { TOLLGATE_BOOTSTRAP_KEY: 'ops:second' }))
    expect(await ledger.key('ops')).toMatchObject({
      secretHash: hashSecret('second'),
      revokedAt: null,
    })
  })

  it.each(['no-colon', ':secret', 'id:', 'a b:secret'])('%j is refused', async (given) => {
    const ledger = memoryLedger()
    await expect(bootstrapKey(options(ledger, { TOLLGATE_BOOTSTRAP_KEY: given }))).rejects.toThrow(
      'TOLLGATE_BOOTSTRAP_KEY is not <id>:<secret>',
    )
  })
})
