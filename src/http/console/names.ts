import type { Desk } from '../../desk/desk.js'

/** Names of those who act, as pages show them, by what the audit log calls them. */
export async function actorNames({
  access,
  deployment,
}: Pick<Desk, 'access' | 'deployment'>): Promise<(actor: string) => string> {
  const names = new Map((await access.users.list()).map(({ id, name }) => [`user:${id}`, name]))
  const former = deployment.simulation ? 'Visitor' : 'a former user'
  return (actor) => names.get(actor) ?? (actor.startsWith('user:') ? former : actor)
}
