/**
 * State of every range, in columns: some 80 bytes a range, so that a million of them fit in 100 MB. Chained hashing
 * on exact keys (no two ranges share a record); the longest idle of a handful makes room when the table is full.
 */
import { DAY, SECOND } from '../units.js'

/** Depth of a node. The crowds hold sends into blocks that were already busy beyond their usual count. */
export const NODE = {
  subBlock: 0,
  block: 1,
  operator: 2,
  country: 3,
  operatorCrowd: 4,
  countryCrowd: 5,
  serviceCrowd: 6,
  abroad: 7,
} as const
export type NodeLevel = (typeof NODE)[keyof typeof NODE]

const LEVEL_BITS = 3
const FIRST_SIZE = 1_024
/** How many neighbours are compared when room must be made. */
const SAMPLE = 8
/** Other strings than prefixes, remembered at most: operator ranges and countries of a numbering plan are few. */
const MAX_NAMES = 100_000

const FLOATS = [
  /** log-likelihood ratio of the current run */
  'llr',
  /** sessions and verified ones of the run */
  'sessions',
  'verified',
  /** of the time before the run */
  'pastSessions',
  'pastVerified',
  /** decayed counts of requests */
  'recent',
  'long',
  /** decayed count of those refused */
  'turned',
  /** log-odds of the censored reading */
  'tightened',
] as const
const DOUBLES = [
  /** the key: the prefix as a number, or minus the place of a name */
  'key',
  /** first send of the run, Unix ms */
  'onset',
  /** prices of the run's unverified and verified sends, micro-USD */
  'lost',
  'earned',
] as const
const WORDS = [
  /** service and level */
  'head',
  /** last touched, and when the counts were decayed to, Unix s */
  'touched',
  'counted',
  /** last send that the run counted, Unix s */
  'lastOutcome',
  /** hash of the number that asked last, 0: nobody */
  'asker',
] as const

type Columns = Record<(typeof FLOATS)[number], Float32Array> &
  Record<(typeof DOUBLES)[number], Float64Array> &
  Record<(typeof WORDS)[number], Uint32Array> & { next: Int32Array; marks: Uint8Array }

/** Marks of a node; a marked node is not forgotten. */
export const MARK = { candidate: 1, quarantine: 2, incident: 4 } as const

const NUMBERED = [...FLOATS, ...DOUBLES, ...WORDS, 'next', 'marks'] as const

function allocate(size: number, from?: Columns): Columns {
  const columns: Partial<Columns> = {}
  for (const name of FLOATS) columns[name] = new Float32Array(size)
  for (const name of DOUBLES) columns[name] = new Float64Array(size)
  for (const name of WORDS) columns[name] = new Uint32Array(size)
  columns.next = new Int32Array(size)
  columns.marks = new Uint8Array(size)
  const full = columns as Columns
  if (from !== undefined) for (const name of NUMBERED) full[name].set(from[name])
  return full
}

export interface NodesSnapshot {
  names: string[]
  used: number
  hand: number
  columns: Record<string, number[]>
  day: number
  today: number
  yesterday: number
}

export function createNodes(capacity: number, onForget: (node: number) => void) {
  let columns = allocate(Math.min(capacity, FIRST_SIZE))
  let buckets = new Int32Array(2 * FIRST_SIZE).fill(-1)
  let used = 0
  let hand = 0
  let day = 0
  let today = 0
  let yesterday = 0
  const names = new Map<string, number>()

  function nameOf(text: string, create: boolean): number {
    const known = names.get(text)
    if (known !== undefined) return -1 - known
    if (!create || names.size >= MAX_NAMES) return -1 - MAX_NAMES
    names.set(text, names.size)
    return -names.size
  }

  /** A prefix is its own number: exact, and no string is kept for it. */
  function keyOf(text: string, create: boolean): number {
    if (text.charCodeAt(0) === 43 && text.length <= 16) {
      const digits = Number(text)
      if (digits > 0) return digits
    }
    return nameOf(text, create)
  }

  const bucketOf = (head: number, key: number): number => {
    let h =
      Math.imul(head ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul((key % 0x1_0000_0000) | 0, 0xc2b2ae35)
    h ^= Math.imul(Math.floor(key / 0x1_0000_0000) | 0, 0x27d4eb2f)
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
    return (h ^ (h >>> 13)) & (buckets.length - 1)
  }

  function link(node: number): void {
    const bucket = bucketOf(columns.head[node] as number, columns.key[node] as number)
    columns.next[node] = buckets[bucket] as number
    buckets[bucket] = node
  }

  function rebuild(): void {
    let size = 2 * FIRST_SIZE
    while (size < 2 * columns.next.length) size *= 2
    buckets = new Int32Array(size).fill(-1)
    for (let node = 0; node < used; node++) link(node)
  }

  /** The longest idle of the next few, unless marked; its record is unlinked and cleared. */
  function makeRoom(): number {
    let idlest = -1
    for (let tried = 0; tried < 64 && (tried < SAMPLE || idlest < 0); tried++) {
      hand = hand + 1 < used ? hand + 1 : 0
      if ((columns.marks[hand] as number) !== 0) continue
      if (idlest < 0 || (columns.touched[hand] as number) < (columns.touched[idlest] as number))
        idlest = hand
    }
    if (idlest < 0) idlest = hand
    onForget(idlest)
    const bucket = bucketOf(columns.head[idlest] as number, columns.key[idlest] as number)
    if (buckets[bucket] === idlest) buckets[bucket] = columns.next[idlest] as number
    else {
      let before = buckets[bucket] as number
      while (columns.next[before] !== idlest) before = columns.next[before] as number
      columns.next[before] = columns.next[idlest] as number
    }
    for (const name of NUMBERED) columns[name][idlest] = 0
    return idlest
  }

  function take(): number {
    if (used >= capacity) return makeRoom()
    if (used >= columns.next.length) {
      columns = allocate(Math.min(capacity, columns.next.length * 2), columns)
      rebuild()
    }
    return used++
  }

  function find(service: string, level: NodeLevel, text: string): number {
    const head = ((-nameOf(service, false) << LEVEL_BITS) | level) >>> 0
    const key = keyOf(text, false)
    let node = buckets[bucketOf(head, key)] as number
    while (node >= 0 && (columns.key[node] !== key || columns.head[node] !== head))
      node = columns.next[node] as number
    return node
  }

  /** Counts nodes touched in a day: the hypotheses that are tested. */
  function touch(node: number, at: number): void {
    const onDay = Math.floor(at / DAY)
    if (onDay > day) {
      yesterday = onDay === day + 1 ? today : 0
      today = 0
      day = onDay
    }
    const last = columns.touched[node] as number
    if (Math.floor((last * SECOND) / DAY) < day) today++
    columns.touched[node] = Math.max(last, Math.floor(at / SECOND))
  }

  return {
    get columns(): Columns {
      return columns
    },
    get size(): number {
      return used
    },
    /** Nodes touched in a day, the fuller of today and yesterday. */
    get active(): number {
      return Math.max(1, today, yesterday)
    },
    levelOf: (node: number): number => (columns.head[node] as number) & ((1 << LEVEL_BITS) - 1),
    /** -1 when unknown. */
    find,
    touch,
    /** Found or made. A new one has `touched` 0 until it is touched. */
    at(service: string, level: NodeLevel, text: string): number {
      const head = ((-nameOf(service, true) << LEVEL_BITS) | level) >>> 0
      const key = keyOf(text, true)
      let node = buckets[bucketOf(head, key)] as number
      while (node >= 0) {
        if (columns.key[node] === key && columns.head[node] === head) return node
        node = columns.next[node] as number
      }
      node = take()
      columns.head[node] = head
      columns.key[node] = key
      link(node)
      return node
    },
    snapshot(): NodesSnapshot {
      const plain: Record<string, number[]> = {}
      for (const name of NUMBERED)
        if (name !== 'next') plain[name] = Array.from(columns[name].subarray(0, used))
      return { names: [...names.keys()], used, hand, columns: plain, day, today, yesterday }
    },
    restore(snapshot: NodesSnapshot): void {
      names.clear()
      for (const name of snapshot.names) names.set(name, names.size)
      used = snapshot.used
      hand = snapshot.hand
      day = snapshot.day
      today = snapshot.today
      yesterday = snapshot.yesterday
      let size = FIRST_SIZE
      while (size < used) size *= 2
      columns = allocate(Math.max(used, Math.min(capacity, size)))
      for (const name of NUMBERED)
        if (name !== 'next') columns[name].set(snapshot.columns[name] ?? [])
      rebuild()
    },
  }
}

export type Nodes = ReturnType<typeof createNodes>
