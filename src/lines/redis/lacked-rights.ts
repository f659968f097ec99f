import type { Client } from './client.js'
import { RedisLinesError } from './fault.js'
import type { Right } from './rights.js'

/**
 * Each right that the lines cannot do without, tried on a key of its own that is gone when it is over: Redis looks at
 * rights first, so that what it answers otherwise (another type of key, another server of the cluster) is no matter.
 */
const TRIES = (key: string): [Right, string, ...(string | number)[]][] => [
  ['set', 'SET', key, '1', 'PX', 5_000],
  ['get', 'GET', key],
  ['mget', 'MGET', key],
  ['append', 'APPEND', key, '1'],
  ['pttl', 'PTTL', key],
  ['pexpire', 'PEXPIRE', key, 5_000],
  ['hmget', 'HMGET', key, 'field'],
  ['hset', 'HSET', key, 'field', '1'],
  ['script|load', 'SCRIPT', 'LOAD', 'return 1'],
  ['evalsha', 'EVALSHA', '0'.repeat(40), 0],
  ['scan', 'SCAN', 0, 'COUNT', 1],
  ['unlink', 'UNLINK', key],
  ['del', 'DEL', key],
  ['ping', 'PING'],
]

/** What the user of this client may not do and a gateway has to, as ACL writes it. Empty where he may do everything. */
export async function lackedRights(
  client: Pick<Client, 'everywhere'>,
  prefix = 'tollgate:',
): Promise<string[]> {
  const lacked = new Set<string>()
  for (const [right, ...command] of TRIES(`${prefix}doctor`))
    await client.everywhere(...command).catch((error: unknown) => {
      const said = String(error instanceof RedisLinesError ? error.cause : error)
      if (!said.includes('NOPERM')) return
      lacked.add(/ (a|one of the) keys?\b/.test(said) ? `~${prefix}*` : `+${right}`)
    })
  return [...lacked]
}
