/** What one script may touch together: everything where there is no cluster, in a cluster what has one hash tag. */
export function shardsOf<T extends { readonly name: { readonly tag: number } }>(
  items: readonly T[],
  isCluster: boolean,
): (readonly T[])[] {
  // a settlement that moves nothing (a message that monitor mode sent uncharged) has no keys: there is nothing to ask
  if (items.length === 0) return []
  if (!isCluster) return [items]
  const byTag = new Map<number, T[]>()
  for (const item of items) {
    const same = byTag.get(item.name.tag)
    if (same === undefined) byTag.set(item.name.tag, [item])
    else same.push(item)
  }
  return [...byTag.values()]
}
