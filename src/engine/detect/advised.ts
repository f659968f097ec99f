/**
 * Messages whose outcome is no evidence, and whose money is lost all the same: what monitor mode sent against its advice,
 * and what a session sent after its first.
 */
import type { AdvisedSeen, AdvisedSettled, RangeKeys } from './events.js'
import type { Nodes } from './nodes.js'
import { pendingKey } from './pending.js'
import { findNode, isNamed, isNarrow, levelsOf } from './ranges.js'

export interface Advised extends RangeKeys {
  at: number
  priceMicroUsd: number
  /** it counts as lost; it may verify late */
  lost: boolean
}

export type AdvisedSnapshot = [string, Advised][]

/** @param capacity messages remembered at most; the oldest are forgotten */
export function createAdvised(capacity: number) {
  const sends = new Map<string, Advised>()
  return {
    add(send: AdvisedSeen): void {
      if (sends.size >= capacity) {
        const oldest = sends.keys().next()
        if (!oldest.done) sends.delete(oldest.value)
      }
      const { service, country, operatorRange, block, subBlock, at, priceMicroUsd } = send
      sends.set(pendingKey(service, send.numberHash, at), {
        ...{ service, country, operatorRange, block, subBlock, abroad: send.abroad === true },
        ...{ at, priceMicroUsd, lost: false },
      })
    },
    /** @returns the message as it stood before; `undefined` when this says nothing new of it */
    settle({ service, numberHash, sentAt, became }: AdvisedSettled): Advised | undefined {
      const key = pendingKey(service, numberHash, sentAt)
      const known = sends.get(key)
      if (known === undefined || (known.lost && became === 'lost')) return undefined
      if (became === 'lost') sends.set(key, { ...known, lost: true })
      else sends.delete(key)
      return known
    },
    snapshot: (): AdvisedSnapshot => structuredClone([...sends]),
    restore(snapshot: AdvisedSnapshot = []): void {
      sends.clear()
      for (const [key, send] of structuredClone(snapshot)) sends.set(key, send)
    },
  }
}

/** Money of a message that its ranges' tests never heard of, in the runs that were on when it was sent. */
export function account(nodes: Nodes, send: Advised, became: AdvisedSettled['became']): void {
  const c = nodes.columns
  const named = isNamed(nodes, send)
  for (const level of levelsOf(send)) {
    const node = findNode(nodes, level, send)
    // as with the tests: what an incident holds narrowly says nothing of wider ranges
    if (node < 0 || (named && !isNarrow(level))) continue
    if (c.sessions[node] === 0 || send.at < (c.onset[node] as number)) continue
    if (became === 'lost') c.lost[node] = (c.lost[node] as number) + send.priceMicroUsd
    else if (send.lost) c.lost[node] = Math.max(0, (c.lost[node] as number) - send.priceMicroUsd)
    if (became === 'verified') c.earned[node] = (c.earned[node] as number) + send.priceMicroUsd
  }
}
