/**
 * The regular expressions of libphonenumber's metadata, compiled to one non-deterministic automaton over digits.
 *
 * The metadata uses a small dialect: digits, `\d`, `[2-7]`, `(?:)`, `()`, `|`, `?`, `{m}`, `{m,n}` and `$`. Anything
 * else throws: a construct this file does not know must stop the build, never be guessed at.
 */

const ALL_DIGITS = 0b1111111111

/** A set of patterns that are followed together. States are numbers; `masks[s]` is the digits that lead to `next[s]`. */
export class DigitPatterns {
  masks = [0]
  next = [-1]
  /** epsilon moves */
  free = [[]]
  /** pattern that is complete in this state, -1 for none */
  accepts = [-1]
  starts = []
  count = 0

  /**
   * @param {string} source pattern text
   * @param {'whole' | 'prefix'} reach `prefix`: stays matched whatever digits follow
   * @returns {number} id of the pattern
   */
  add(source, reach) {
    const id = this.count++
    const end = this.state()
    this.accepts[end] = id
    if (reach === 'prefix') {
      this.masks[end] = ALL_DIGITS
      this.next[end] = end
    }
    this.starts.push(this.compile(parsePattern(source), end))
    return id
  }

  start() {
    return this.closure(this.starts)
  }

  /** @param {number[]} states @param {number} digit */
  step(states, digit) {
    const moved = []
    for (const s of states) if (this.masks[s] & (1 << digit)) moved.push(this.next[s])
    return this.closure(moved)
  }

  /** Ids of the patterns that match when the digits end here. @param {number[]} states */
  matched(states) {
    const ids = new Set()
    for (const s of states) if (this.accepts[s] >= 0) ids.add(this.accepts[s])
    return ids
  }

  closure(states) {
    const seen = new Set(states)
    for (const s of seen) for (const f of this.free[s]) seen.add(f)
    return [...seen].sort((a, b) => a - b)
  }

  state() {
    this.masks.push(0)
    this.next.push(-1)
    this.free.push([])
    this.accepts.push(-1)
    return this.masks.length - 1
  }

  /** Compiles `node` so that it continues in state `to`; gives the state to enter at. */
  compile(node, to) {
    switch (node.kind) {
      case 'digits': {
        const s = this.state()
        this.masks[s] = node.mask
        this.next[s] = to
        return s
      }
      case 'sequence':
        return node.parts.reduceRight((next, part) => this.compile(part, next), to)
      case 'choice': {
        const s = this.state()
        this.free[s] = node.parts.map((part) => this.compile(part, to))
        return s
      }
      case 'repeat': {
        let entry = to
        for (let i = node.most; i > 0; i--) {
          const once = this.compile(node.part, entry)
          if (i > node.least) {
            entry = this.state()
            this.free[entry] = [once, to]
          } else entry = once
        }
        return entry
      }
      default:
        throw new Error(`unknown node ${node.kind}`)
    }
  }
}

/** @param {string} source */
export function parsePattern(source) {
  let at = 0
  const fail = (what) => {
    throw new Error(
      `pattern /${source}/ at ${at}: ${what}; teach scripts/tables/digit-patterns.mjs this construct`,
    )
  }
  const choice = () => {
    const parts = [sequence()]
    while (source[at] === '|') {
      at++
      parts.push(sequence())
    }
    return parts.length === 1 ? parts[0] : { kind: 'choice', parts }
  }
  const sequence = () => {
    const parts = []
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(quantified())
    return { kind: 'sequence', parts }
  }
  const quantified = () => {
    const part = atom()
    if (source[at] === '?') {
      at++
      return { kind: 'repeat', part, least: 0, most: 1 }
    }
    const braces = /^\{(\d+)(?:,(\d+))?\}/.exec(source.slice(at))
    if (!braces) return part
    at += braces[0].length
    return { kind: 'repeat', part, least: Number(braces[1]), most: Number(braces[2] ?? braces[1]) }
  }
  const atom = () => {
    const c = source[at]
    if (c >= '0' && c <= '9') {
      at++
      return { kind: 'digits', mask: 1 << Number(c) }
    }
    if (source.startsWith('\\d', at)) {
      at += 2
      return { kind: 'digits', mask: ALL_DIGITS }
    }
    if (c === '[') return digitClass()
    // The end of input is read as "here or later": patterns with `$` are only asked whether they might match.
    if (c === '$') {
      at++
      return { kind: 'sequence', parts: [] }
    }
    if (c === '(') {
      at += source.startsWith('(?:', at) ? 3 : 1
      if (source[at] === '?') fail('look-around')
      const inner = choice()
      if (source[at] !== ')') fail('expected )')
      at++
      return inner
    }
    return fail(`unexpected ${JSON.stringify(c)}`)
  }
  const digitClass = () => {
    const text = /^\[((?:\d(?:-\d)?)+)\]/.exec(source.slice(at))
    if (!text) return fail('expected a class of digits')
    at += text[0].length
    let mask = 0
    for (const [, from, to] of text[1].matchAll(/(\d)(?:-(\d))?/g)) {
      for (let d = Number(from); d <= Number(to ?? from); d++) mask |= 1 << d
    }
    return { kind: 'digits', mask }
  }
  const node = choice()
  if (at !== source.length) fail('unexpected )')
  return node
}
