import type { Bases } from './bases.js'
import type { Client } from './client.js'
import { Keys, type Name } from './keys.js'
import { ADJUST } from './scripts.js'
import { shardsOf } from './shards-of.js'
import { together } from './together.js'

/** Requests of one script. */
const TOGETHER = 16

/** What comes in the place of an event that was appended to a value before. */
export interface Change {
  name: Name
  before: Buffer
  /** `null`: nothing */
  after: Buffer | null
  /** it was appended; else only perhaps */
  isSure: boolean
}

/** Takes back or replaces what requests have reserved, that of several in one script. */
export function adjusting(client: Client, bases: Bases) {
  const { add, done } = together<readonly Change[], undefined>(TOGETHER, async (requests) => {
    await Promise.all(shardsOf(requests.flat(), client.isCluster).map(change))
    return requests.map(() => undefined)
  })

  async function change(changes: readonly Change[]): Promise<void> {
    const keys = new Keys()
    const stamp = Buffer.allocUnsafe(4)
    stamp.writeUInt32LE(bases.stamp())
    const args: (string | Buffer)[] = [stamp, String(changes.length)]
    for (const { name, before, after, isSure } of changes)
      args.push(String(keys.at(name) + 1), before, after ?? '', isSure ? '1' : '0')
    bases.take(keys.names, args)
    await client.run(ADJUST, keys.names, args)
  }

  return {
    adjust: (changes: readonly Change[]): Promise<void> =>
      changes.length === 0 ? Promise.resolve() : add(changes),
    done,
  }
}
