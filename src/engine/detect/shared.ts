/**
 * What runs of wider ranges have of a range that an incident names. Of a named block they hear nothing more; of an
 * operator or a country they do, for those may be a part of an attack only. Named in its place they must not count that twice.
 */
import type { RangeKeys } from './events.js'
import { NODE, type NodeLevel, type Nodes } from './nodes.js'
import { findNode } from './ranges.js'
import { RUN, type RunFigures } from './run.js'

/** By the wider node: its run, told by its onset, and what is in that of the named range. */
export type Shared = Record<number, RunFigures & { onset: number }>

/** All ranges, and those that incidents name. */
interface Ranges {
  nodes: Nodes
  named: ReadonlyMap<number, { shared?: Shared }>
}

const NOTHING: RunFigures = { sessions: 0, verified: 0, lost: 0, earned: 0 }
const WIDER: readonly (readonly [NodeLevel, readonly NodeLevel[]])[] = [
  [NODE.operator, [NODE.country, NODE.abroad]],
  [NODE.country, [NODE.abroad]],
]

/** What the run of a wider node that is on has of the named range. */
export const sharedWith = (nodes: Nodes, wide: number, shared: Shared = {}): RunFigures => {
  const heard = shared[wide]
  return heard !== undefined && heard.onset === nodes.columns.onset[wide] ? heard : NOTHING
}

/** Does what moves the runs of a range's nodes, and notes what came into those of wider ones than it is named by. */
export function sharing({ nodes, named }: Ranges, keys: RangeKeys, move: () => void): void {
  const moved = named.size === 0 ? [] : widerOf({ nodes, named }, keys)
  const before = moved.map(({ wide }) => figuresOf(nodes, wide))
  move()
  for (const [i, { range, wide }] of moved.entries()) {
    const now = figuresOf(nodes, wide)
    const was = before[i]?.onset === now.onset ? before[i] : NOTHING
    const heard = sharedWith(nodes, wide, range.shared)
    const sum = { onset: now.onset, ...NOTHING }
    for (const name of RUN) sum[name] = heard[name] + now[name] - was[name]
    range.shared = { ...range.shared, [wide]: sum }
  }
}

function widerOf({ nodes, named }: Ranges, keys: RangeKeys) {
  return WIDER.flatMap(([level, wider]) => {
    const range = named.get(findNode(nodes, level, keys))
    if (range === undefined) return []
    return wider.flatMap((above) => {
      const wide = findNode(nodes, above, keys)
      return wide < 0 || (above === NODE.abroad && keys.abroad !== true) ? [] : [{ range, wide }]
    })
  })
}

function figuresOf({ columns: c }: Nodes, node: number): RunFigures & { onset: number } {
  const at = (column: Float32Array | Float64Array): number => column[node] as number
  const { onset, sessions, verified, lost, earned } = c
  return {
    onset: at(onset),
    sessions: at(sessions),
    verified: at(verified),
    lost: at(lost),
    earned: at(earned),
  }
}
