import type { Client } from './client.js'

/**
 * Policies under which a full Redis forgets the lines that nobody has asked for lately: an attacker who floods it with
 * new keys would clear his own debt. `noeviction` refuses to write instead (the failure policy of lines then decides),
 * `volatile-ttl` takes what ends soonest, which is what says least.
 */
const FORGETFUL: ReadonlySet<string> = new Set([
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
])

/** A warning for the start; `null` where there is nothing to say, or the server does not let its settings be read. */
export async function evictionOf(client: Client): Promise<string | null> {
  try {
    const answers = await client.everywhere('CONFIG', 'GET', 'maxmemory*')
    const settings = answers.map((answer) => {
      const flat = (Array.isArray(answer) ? answer : []).map(String)
      const of = (name: string): string => flat[flat.indexOf(name) + 1] ?? ''
      return { limit: Number(of('maxmemory')), policy: of('maxmemory-policy') }
    })
    const found = settings.find(({ limit, policy }) => limit > 0 && FORGETFUL.has(policy))
    return found === undefined
      ? null
      : `lines: when Redis is full its maxmemory-policy ${found.policy} forgets debts; set volatile-ttl, or noeviction and room for 200 bytes a line`
  } catch {
    // servers that are rented often do not tell
    return null
  }
}
