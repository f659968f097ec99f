import TinyQueue from 'tinyqueue'
import type { Actor } from './actor.js'

/** Actors as one: requests in the order of time, each told to the actor that made it. */
export function merge(actors: readonly Actor[]): Actor {
  const queue = new TinyQueue<{ at: number; order: number; actor: Actor }>(
    [],
    (a, b) => a.at - b.at || a.order - b.order,
  )
  /** Who asked last stays out of the queue: what he is told may change when he asks again. */
  let out: { order: number; actor: Actor } | null = null

  function comeBack(): void {
    if (out === null) return
    const { order, actor } = out
    const at = actor.nextAt()
    if (at < Number.POSITIVE_INFINITY) queue.push({ at, order, actor })
    out = null
  }
  actors.forEach((actor, order) => {
    out = { order, actor }
    comeBack()
  })

  return {
    nextAt() {
      comeBack()
      return queue.peek()?.at ?? Number.POSITIVE_INFINITY
    },
    ask() {
      comeBack()
      const next = queue.pop()
      if (next === undefined) throw new RangeError('there is nobody left to ask')
      out = next
      return next.actor.ask()
    },
    told(row, seen) {
      out?.actor.told?.(row, seen)
    },
  }
}
