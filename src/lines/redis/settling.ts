import type { Bases } from './bases.js'
import type { Client } from './client.js'
import type { Job } from './jobs.js'
import { Keys, type Name } from './keys.js'
import { SETTLE, SETTLED_BYTES } from './scripts.js'
import { shardsOf } from './shards-of.js'
import { together } from './together.js'
import { headOf } from './value.js'

/** Settlements of one script. */
const TOGETHER = 16

/** Appends what settlements leave on their values, that of several in one script. */
export function settling(client: Client, bases: Bases) {
  const { add, done } = together<readonly Job[], undefined>(TOGETHER, async (settlements) => {
    await Promise.all(shardsOf(settlements.flat(), client.isCluster).map(append))
    return settlements.map(() => undefined)
  })

  async function append(jobs: readonly Job[]): Promise<void> {
    const keys = new Keys()
    for (const { name } of jobs) keys.at(name)
    const values = keys.names.length
    const plan = Buffer.allocUnsafe(SETTLED_BYTES * jobs.length)
    const events: Buffer[] = []
    const ttls: number[] = []
    const caps: (string | Buffer)[] = []
    let o = 0
    for (const [i, { name, event, ttlMs, renews, capped }] of jobs.entries()) {
      // below zero: also where the value is there
      const ttl = renews ? -ttlMs : ttlMs
      o = plan.writeUInt16LE(keys.at(name) + 1, o)
      // lines that move alike have one and the same event, one after the other
      o = plan.writeUInt16LE(events.lastIndexOf(event) + 1 || events.push(event), o)
      o = plan.writeUInt8(ttls.indexOf(ttl) + 1 || ttls.push(ttl), o)
      if (capped === null) continue
      const { earned, lost, surplusLost } = capped
      caps.push(String(i + 1), String(keys.at(capped.name) + 1), String(earned), String(lost))
      caps.push(surplusLost ? '1' : '0', String(capped.caps.length))
      for (const { field, max } of capped.caps) caps.push(field, String(max))
    }
    const args: (string | Buffer)[] = [plan, headOf(bases.stamp(), 0), String(values)]
    args.push(String(ttls.length), ...ttls.map(String), String(events.length), ...events)
    args.push(String(caps.length), ...caps)
    bases.take(valuesOf(keys.names, values), args)
    await client.run(SETTLE, keys.names, args)
  }

  return {
    append: (jobs: readonly Job[]): Promise<void> =>
      // a settlement that moves nothing (a message that monitor mode sent uncharged) asks nothing
      jobs.length === 0 ? Promise.resolve() : add(jobs),
    done,
  }
}

/** Those of caps come after the others. */
const valuesOf = (names: readonly Name[], values: number): readonly Name[] =>
  values === names.length ? names : names.slice(0, values)
