/**
 * The smallest acyclic automaton over digits: equal sub-trees are stored once, bottom up.
 * Node 0 is the empty one: value 0 and no way on.
 */
export class Automaton {
  #known = new Map()
  /** ten entries a node */
  next = []
  value = []

  constructor() {
    this.node(0, new Array(10).fill(0))
  }

  /** @param {number} value @param {number[]} children ten node ids @returns {number} id of the node */
  node(value, children) {
    const key = `${value}:${children.join()}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const id = this.value.length
    this.value.push(value)
    this.next.push(...children)
    this.#known.set(key, id)
    return id
  }

  /**
   * A trie of digit strings made into nodes.
   * @param {Iterable<[digits: string, number: number]>} entries
   * @param {'value' | 'node'} meaning whether the number is the value of that place, or the node to hang there
   * @returns {number} id of the root
   */
  trie(entries, meaning) {
    const root = { value: 0, node: -1, children: new Array(10).fill(undefined) }
    for (const [digits, number] of entries) {
      let at = root
      for (const digit of digits) {
        at.children[digit] ??= { value: 0, node: -1, children: new Array(10).fill(undefined) }
        at = at.children[digit]
      }
      at[meaning] = number
    }
    const build = (at) =>
      at.node >= 0
        ? at.node
        : this.node(
            at.value,
            at.children.map((child) => (child ? build(child) : 0)),
          )
    return build(root)
  }
}
