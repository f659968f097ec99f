import { expect, it } from 'vitest'
import { memoryLedger } from '../ledger/memory/memory.js'
import { createLive, type LiveEvent } from './live.js'
import { createRelay } from './relay.js'

function gateways(names: readonly string[]) {
  let now = 1_795_000_000_000
  const clock = () => now
  const ledger = memoryLedger({ clock })
  const made = names.map((holder) => {
    const live = createLive({ clock, first: 0 })
    const seen: LiveEvent[] = []
    live.subscribe((event) => seen.push(event))
    const relay = createRelay({ ledger, live, clock, holder })
    const heard: string[] = []
    relay.heard((kind) => heard.push(kind))
    return { relay, seen, heard }
  })
  const pass = (ms: number): void => {
    now += ms
  }
  return { made, pass }
}

it('what happens at one gateway is told at the others once, and at its own at once', async () => {
  const { made, pass } = gateways(['a', 'b', 'c'])
  const [a, b, c] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]]
  a.relay.live.emit('policy', { version: 3 })
  a.relay.live.emit('list', { list: 'deny' })
  expect(a.seen.map(({ kind }) => kind)).toEqual(['policy', 'list'])
  expect(b.seen).toEqual([])
  for (let round = 0; round < 5; round++) {
    for (const { relay } of made) await relay.job.run()
    pass(500)
  }
  for (const { seen, heard } of [b, c]) {
    expect(seen.map(({ kind, data }) => [kind, data])).toEqual([
      ['policy', { version: 3 }],
      ['list', { list: 'deny' }],
    ])
    expect(heard).toEqual(['policy', 'list'])
  }
  expect(a.seen).toHaveLength(2)
  expect(a.heard).toEqual([])
})

it('what was told long ago is not told to who comes late', async () => {
  const { made, pass } = gateways(['a', 'b'])
  const [a, b] = made as [(typeof made)[0], (typeof made)[0]]
  a.relay.live.emit('tally')
  await a.relay.job.run()
  pass(60_000)
  await b.relay.job.run()
  expect(b.seen).toEqual([])
})
