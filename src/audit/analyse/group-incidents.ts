import type { Columns } from '../message-log.js'
import type { Episode } from './episode.js'
import { blocksOf } from './mark.js'
import { DAY_S } from './season.js'
import { SESSION } from './sessions.js'
import { within } from './signs.js'
import type { Traffic } from './traffic.js'

/** Episodes of one country belong together when so little time lies between them. */
const APART_S = DAY_S
/** Attacks on several countries that start so close together, or share so many of their addresses, are one. */
const TOGETHER_S = 2 * 3_600
const SHARED = 0.2
const LEAST_SHARED = 3
/** Addresses of an incident that are compared, at most. */
const MOST_SOURCES = 5_000

interface Group {
  kind: Episode['kind']
  from: number
  to: number
  episodes: Episode[]
  sources: Set<number>
}

function byCountry(episodes: readonly Episode[]): Group[] {
  const groups: Group[] = []
  const sorted = [...episodes].sort(
    (a, b) =>
      a.country - b.country || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.from - b.from),
  )
  for (const episode of sorted) {
    const group = groups.at(-1)
    const head = group?.episodes[0]
    if (
      group !== undefined &&
      head?.country === episode.country &&
      group.kind === episode.kind &&
      episode.from <= group.to + APART_S
    ) {
      group.episodes.push(episode)
      group.to = Math.max(group.to, episode.to)
    } else {
      const { kind, from, to } = episode
      groups.push({ kind, from, to, episodes: [episode], sources: new Set() })
    }
  }
  return groups
}

function addSources(t: Traffic, columns: Columns, group: Group): void {
  for (const episode of group.episodes) {
    const [first, end] = blocksOf(t, episode)
    for (let block = first; block < end; block++) {
      const { from, to } = within(t, block, episode.from, episode.to)
      for (let i = from; i < to; i++) {
        const ip = columns.ip[t.row[i] as number] as number
        if (ip !== 0 && (t.pumped[i] as number) >= 0.5) group.sources.add(ip)
        if (group.sources.size >= MOST_SOURCES) return
      }
    }
  }
}

function areOne(a: Group, b: Group): boolean {
  if (a.kind !== 'attack' || b.kind !== 'attack') return false
  if (a.from > b.to + APART_S || b.from > a.to + APART_S) return false
  if (Math.abs(a.from - b.from) <= TOGETHER_S) return true
  let shared = 0
  for (const ip of a.sources) if (b.sources.has(ip)) shared++
  return shared >= Math.max(LEAST_SHARED, SHARED * Math.min(a.sources.size, b.sources.size))
}

/** Episodes attacked together: one country and time, one start, or the same sources. In order of their onset. */
export function groupIncidents(
  t: Traffic,
  columns: Columns,
  episodes: readonly Episode[],
  unsure: readonly Episode[],
): Episode[][] {
  const open: Group[] = []
  for (const group of byCountry(episodes).sort((a, b) => a.from - b.from)) {
    addSources(t, columns, group)
    const other = open.find((candidate) => areOne(candidate, group))
    if (other === undefined) {
      open.push(group)
      continue
    }
    other.episodes.push(...group.episodes)
    other.to = Math.max(other.to, group.to)
    for (const ip of group.sources) if (other.sources.size < MOST_SOURCES) other.sources.add(ip)
  }
  return open.map((group) => withoutStrays(absorb(t, group.episodes, unsure)))
}

/** Blocks that carry this share of what was pumped stand for the range above them, as in the engine. */
const STANDS_FOR = 0.9

/** All sessions of an episode's range and time: its own figures leave out what narrower ones explain. */
function countedIn(t: Traffic, episode: Episode) {
  const [first, end] = blocksOf(t, episode)
  let sessions = 0
  let verified = 0
  for (let block = first; block < end; block++) {
    const { from, to } = within(t, block, episode.from, episode.to)
    sessions += to - from
    for (let i = from; i < to; i++)
      if (((t.state[i] as number) & SESSION.verified) !== 0) verified++
  }
  const expected = (sessions * episode.expected) / Math.max(1, episode.sessions)
  return { sessions, verified, expected }
}

/**
 * A wide range stands for its blocks unless they carried nearly all of it. Blocks that alone were too
 * little to be sure of belong to it as well.
 */
function absorb(t: Traffic, episodes: readonly Episode[], unsure: readonly Episode[]): Episode[] {
  let left = [...episodes]
  for (const wide of episodes.filter(({ level }) => level !== 'block')) {
    const [first, end] = blocksOf(t, wide)
    const isInside = (e: Episode): boolean =>
      e.level === 'block' &&
      e.place >= first &&
      e.place < end &&
      e.from <= wide.to &&
      e.to >= wide.from
    const inside = [...left, ...unsure].filter(isInside)
    const sum = (of: (e: Episode) => number): number => inside.reduce((all, e) => all + of(e), 0)
    const narrow = sum((e) => e.added)
    if (inside.length === 0 || narrow >= STANDS_FOR * (narrow + wide.added)) continue
    const whole: Episode = {
      ...wide,
      ...countedIn(t, wide),
      added: wide.added + narrow,
      addedMoney: wide.addedMoney + sum((e) => e.addedMoney),
    }
    left = left.filter((e) => !isInside(e)).map((e) => (e === wide ? whole : e))
  }
  return left
}

/** Of what an incident pumped, the first and the last episodes that brought less than this together are not its span. */
const STRAY = 0.01

function withoutStrays(episodes: readonly Episode[]): Episode[] {
  const least = STRAY * episodes.reduce((sum, { added }) => sum + added, 0)
  const drop = (sorted: Episode[]): Episode[] => {
    let sum = 0
    return sorted.filter(({ added }) => {
      sum += added
      return sum >= least
    })
  }
  const late = drop([...episodes].sort((a, b) => a.from - b.from))
  return drop(late.sort((a, b) => b.to - a.to))
}
