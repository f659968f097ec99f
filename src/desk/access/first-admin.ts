import type { Links } from './links.js'
import type { Users } from './users.js'

/**
 * A new link for the first administrator, in place of those before; `null` when there is a user already.
 * @param by who asks, for the record
 */
export async function firstAdminLink(
  { users, links }: { users: Pick<Users, 'any'>; links: Pick<Links, 'forget' | 'make'> },
  by: string,
): Promise<{ token: string; expiresAt: number } | null> {
  await links.forget('setup')
  if (await users.any()) return null
  return links.make({ purpose: 'setup', name: '', role: 'admin', userId: null, by })
}
