import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, connect as dial, type Server, type Socket } from 'node:net'
import { Lane } from './lane.js'

/** What is wrong with the wire. Only one thing at a time; `null` is a wire in order. */
export type WireFault =
  /** every round trip takes `ms` longer, half of it on either way */
  | { kind: 'latency'; ms: number }
  /**
   * Packets are lost. TCP hides the loss and shows a stall: with probability `share` a piece of the stream waits for
   * its retransmission, 200 ms and twice as long for each time it is lost again (RFC 6298 as Linux has it).
   */
  | { kind: 'loss'; share: number }
  /** at most so many bytes a second, each way of each connection for itself */
  | { kind: 'bandwidth'; bytesPerSecond: number }
  /** a partition: nothing arrives, nobody is told; what was sent arrives when it heals */
  | { kind: 'partition' }
  /** the other side has forgotten its connections: what is sent vanishes, nobody is told until it ends; then reset */
  | { kind: 'half-open' }
  /** the port is closed and every connection reset */
  | { kind: 'refuse' }

export interface FaultProxy {
  /** where clients connect, on 127.0.0.1; the same over all faults */
  readonly port: number
  /** connections that are open now */
  readonly connections: number
  /** Puts the wire into this state, for connections that are open and that come; `null` mends it. */
  set(fault: WireFault | null): Promise<void>
  /** Resets every open connection. New ones are taken. */
  cut(): void
  /** Passes new connections on to another port; those that are open stay where they are. */
  aim(port: number): void
  close(): Promise<void>
}

export interface FaultProxyOptions {
  /** port on 127.0.0.1 that it stands in front of */
  to: number
  /** @default a free one */
  port?: number
  /** 0 to 1, seeded by the caller */
  random: () => number
}

interface Wire {
  client: Socket
  server: Socket | null
  up: Lane
  down: Lane
}

/** A TCP proxy on 127.0.0.1 that can be told to go wrong. */
export async function startFaultProxy({
  to,
  port = 0,
  random,
}: FaultProxyOptions): Promise<FaultProxy> {
  let target = to
  let fault: WireFault | null = null
  const wires = new Set<Wire>()
  let listener = await listen(port)
  const own = (listener.address() as AddressInfo).port

  async function listen(at: number): Promise<Server> {
    // both ends are told by the lanes when the other one is done
    const server = createServer({ allowHalfOpen: true, noDelay: true }, take)
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
    return server
  }

  function take(client: Socket): void {
    const server =
      fault?.kind === 'half-open'
        ? null
        : dial({ host: '127.0.0.1', port: target, allowHalfOpen: true, noDelay: true })
    const wire: Wire = {
      client,
      server,
      up: new Lane(client, server, random),
      down: new Lane(server, client, random),
    }
    wires.add(wire)
    wire.up.set(fault)
    wire.down.set(fault)
    const end = () => {
      if (!wires.delete(wire)) return
      reset(wire)
    }
    // a wire ends when either side is gone for good; a reset stays one for the other side
    for (const socket of [client, server]) socket?.on('error', () => whenOpen(wire, end))
    client.on('close', () => wire.up.drained(end))
    server?.on('close', () => wire.down.drained(end))
  }

  /** While nothing passes, an end of one side is not told to the other. */
  function whenOpen(wire: Wire, then: () => void): void {
    if (fault?.kind === 'partition' || fault?.kind === 'half-open') wire.up.later(then)
    else then()
  }

  const resetAll = () => {
    for (const wire of [...wires]) {
      wires.delete(wire)
      reset(wire)
    }
  }

  return {
    port: own,
    get connections() {
      return wires.size
    },
    async set(next) {
      const before = fault
      fault = next
      if (before?.kind === 'half-open' && next?.kind !== 'half-open') resetAll()
      if (next?.kind === 'refuse' && before?.kind !== 'refuse') {
        const closed = once(listener, 'close')
        listener.close()
        resetAll()
        await closed
      }
      if (before?.kind === 'refuse' && next?.kind !== 'refuse') listener = await listen(own)
      for (const { up, down } of wires) {
        up.set(next)
        down.set(next)
      }
    },
    cut: resetAll,
    aim(at) {
      target = at
    },
    async close() {
      resetAll()
      if (!listener.listening) return
      const closed = once(listener, 'close')
      listener.close()
      await closed
    },
  }
}

function reset({ client, server, up, down }: Wire): void {
  up.drop()
  down.drop()
  for (const socket of [client, server]) {
    if (socket === null || socket.destroyed) continue
    // a socket that is still connecting has nothing to reset
    if (socket.connecting) socket.destroy()
    else socket.resetAndDestroy()
  }
}
