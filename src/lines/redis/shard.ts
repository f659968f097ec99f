import type { Client } from './client.js'
import { crc16 } from './crc16.js'

/** Slots of a cluster that carry a mark: one of these lies on every primary of up to so many. */
const MARKS = 64
const SLOTS = 16_384
/** The marks outlive any time in which nobody starts or looks. */
const MARK_TTL_MS = 400 * 86_400_000

/** A name that falls in a slot near the middle of each 64th of the cluster. */
function markNames(prefix: string): string[] {
  const names: string[] = []
  for (let n = 0, found = 0; found < MARKS; n++) {
    const name = `${prefix}{m${n}}whole`
    const part = Math.floor((crc16(`m${n}`) % SLOTS) / (SLOTS / MARKS))
    if (names[part] !== undefined) continue
    names[part] = name
    found++
  }
  return names
}

/** What tells an emptied Redis from one that has the lines, and the secret that names are made with. */
export function markedShards(client: Client, prefix: string, ownSeed: number) {
  const marks = client.isCluster ? markNames(prefix) : [`${prefix}whole`]
  const seedKey = `${prefix}seed`
  return {
    /** The installation's secret: the first gateway's, for all. */
    async seed(): Promise<number> {
      await client.call('SET', seedKey, ownSeed, 'PX', MARK_TTL_MS, 'NX')
      const found = Number(await client.call('GET', seedKey))
      return Number.isInteger(found) && found >= 0 ? found >>> 0 : ownSeed
    },
    async intact(seed: number): Promise<boolean> {
      // an emptied store keeps the secret that gateways at work have: two of them must not name one line differently
      await client.call('SET', seedKey, seed, 'PX', MARK_TTL_MS, 'NX')
      await client.call('PEXPIRE', seedKey, MARK_TTL_MS)
      const there = await Promise.all(marks.map((key) => client.call('PEXPIRE', key, MARK_TTL_MS)))
      return there.every((answer) => Number(answer) === 1)
    },
    async found(): Promise<void> {
      await Promise.all(marks.map((key) => client.call('SET', key, 1, 'PX', MARK_TTL_MS)))
    },
    /** Every key of this installation on every shard, but its secret. */
    async forget(): Promise<void> {
      await client.each(async (redis) => {
        let cursor = '0'
        do {
          const [next, keys] = await redis.scan(
            cursor,
            'MATCH',
            `${prefix.replace(/[\\*?[\]]/g, '\\$&')}*`,
            'COUNT',
            1_000,
          )
          cursor = next
          // one at a time: keys of a node lie in many slots
          const gone = keys.filter((key) => key !== seedKey)
          await Promise.all(gone.map((key) => redis.unlink(key)))
        } while (cursor !== '0')
      })
    },
  }
}
