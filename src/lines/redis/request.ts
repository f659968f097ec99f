import type { Command } from 'ioredis'
import { NAME_BYTES, type Name, writeName } from './keys.js'

/**
 * One script call as bytes for the wire. The client library builds a call of some thirty arguments, half of them
 * binary, in more time than the whole decision takes; this is one pass over one buffer.
 */
let out = Buffer.allocUnsafe(16_384)

const CRLF = 0x0a0d

function room(bytes: number, at: number): void {
  if (at + bytes <= out.length) return
  const grown = Buffer.allocUnsafe(Math.max(2 * out.length, at + bytes))
  out.copy(grown, 0, 0, at)
  out = grown
}

function number(n: number, at: number): number {
  if (n < 10) {
    out[at] = 48 + n
    return at + 1
  }
  if (n < 100) {
    out[at] = 48 + ((n / 10) | 0)
    out[at + 1] = 48 + (n % 10)
    return at + 2
  }
  return at + out.write(String(n), at, 'latin1')
}

function argument(arg: string | Buffer, from: number): number {
  // what is text here is ASCII: names, numbers, letters
  const { length } = arg
  room(length + 24, from)
  out[from] = 0x24
  let at = number(length, from + 1)
  out.writeUInt16LE(CRLF, at)
  at += 2
  if (typeof arg === 'string') out.write(arg, at, 'latin1')
  else out.set(arg, at)
  at += length
  out.writeUInt16LE(CRLF, at)
  return at + 2
}

function named(prefix: Buffer, key: Name, from: number): number {
  const length = prefix.length + NAME_BYTES
  room(length + 24, from)
  out[from] = 0x24
  let at = number(length, from + 1)
  out.writeUInt16LE(CRLF, at)
  out.set(prefix, at + 2)
  at = writeName(out, at + 2 + prefix.length, key)
  out.writeUInt16LE(CRLF, at)
  return at + 2
}

/** @param what the command with its first argument: `EVALSHA` and a sum, or `EVAL` and a text, both ASCII */
export function requestBytes(
  what: readonly [string, string],
  prefix: Buffer,
  keys: readonly Name[],
  args: readonly (string | Buffer)[],
): Buffer {
  out[0] = 0x2a
  let at = number(3 + keys.length + args.length, 1)
  out.writeUInt16LE(CRLF, at)
  at = argument(what[1], argument(what[0], at + 2))
  at = argument(String(keys.length), at)
  for (const key of keys) at = named(prefix, key, at)
  for (const arg of args) at = argument(arg, at)
  // the socket may keep it until the peer reads
  return Buffer.from(out.subarray(0, at))
}

/** A command of the client library that goes out as these bytes. */
export function commandOf(make: typeof Command, bytes: Buffer): Command {
  const command = new make('evalsha', [])
  command.toWritable = () => bytes as unknown as string
  return command
}
