/** Makes a value when its key is first asked for, and keeps it. */
export function oncePer<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    made.set(key, value)
    return value
  }
}

/** Makes a value when it is first asked for, and keeps it. */
export function once<V>(make: () => V): () => V {
  const kept = oncePer((_: '') => make())
  return () => kept('')
}
