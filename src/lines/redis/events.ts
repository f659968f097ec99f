/**
 * What happens to an entity, as it is appended to its value: little-endian, the kind first, then the number that tells
 * it from all others around the same time, and its time (Unix ms).
 */
export const EVENT = { charge: 1, asked: 2, undo: 3, move: 4, refund: 5, verified: 6 } as const

/** kind (1), id (4), time (6) */
const HEAD = 11
/** after the kind: what an event is found by */
export const ID_BYTES = 10
/** marks (1 + 1), cost (4), then subscriber (2) and price (4) where there is one */
const CHARGE_BYTES = HEAD + 6
/** since (4), marks (1), then delay (4), reserved, earned and lost (4 each) where they are not 0 */
const MOVE_BYTES = HEAD + 5
/** at (4), price (4); on a number instead of the price what becomes of its session */
const REFUND_BYTES = HEAD + 8
/** hashes of two sources (4 each) */
const VERIFIED_BYTES = HEAD + 8

/** In the first mark of a charge beside the bit of its number, and in the second beside that of its country. */
const OPENS = 0x40
const PRICED = 0x80
const CARRIED = 0x40
const SUBSCRIBER = 0x80
/** In the marks of a move, beside its outcome. */
const RESENT = 0x08
const DELAY = 0x10
const RESERVED = 0x20
const EARNED = 0x40
const LOST = 0x80

/** Length of the event that begins at `o`. */
export function bytesOf(value: Buffer, o: number): number {
  const kind = value[o] as number
  switch (kind) {
    case EVENT.charge:
    case EVENT.asked:
    case EVENT.undo:
      return (
        CHARGE_BYTES +
        ((value[o + HEAD] as number) & PRICED ? 4 : 0) +
        ((value[o + HEAD + 1] as number) & SUBSCRIBER ? 2 : 0)
      )
    case EVENT.move:
      return moveBytes(value[o + HEAD + 4] as number)
    case EVENT.refund:
      return REFUND_BYTES
    case EVENT.verified:
      return VERIFIED_BYTES
    default:
      throw new Error(`lines: an event of kind ${kind}; a newer gateway wrote it, upgrade this one`)
  }
}

export interface Charge {
  numberBit: number
  countryBit: number
  opens: boolean
  carried: boolean
  /** -1 for none */
  subscriber: number
  cost: number
  price: number
}

const start = (kind: number, bytes: number, id: number, at: number): Buffer => {
  const event = Buffer.allocUnsafe(bytes)
  event[0] = kind
  event.writeUInt32LE(id, 1)
  event.writeUIntLE(at, 5, 6)
  return event
}

export function chargeEvent(kind: number, id: number, at: number, charge: Charge): Buffer {
  const { price, subscriber } = charge
  const event = start(kind, CHARGE_BYTES + (price > 0 ? 4 : 0) + (subscriber >= 0 ? 2 : 0), id, at)
  event[HEAD] = charge.numberBit | (charge.opens ? OPENS : 0) | (price > 0 ? PRICED : 0)
  event[HEAD + 1] =
    charge.countryBit | (charge.carried ? CARRIED : 0) | (subscriber >= 0 ? SUBSCRIBER : 0)
  let o = event.writeFloatLE(charge.cost, HEAD + 2)
  if (subscriber >= 0) o = event.writeUInt16LE(subscriber, o)
  if (price > 0) event.writeFloatLE(price, o)
  return event
}

export interface Moved {
  /** whole seconds, as records keep time */
  since: number
  /** index of OUTCOMES, 0 for none */
  outcome: number
  resent: boolean
  delayMs: number
  reserved: number
  earned: number
  lost: number
}

export const OUTCOMES = ['none', 'verified', 'lost', 'failed', 'late'] as const
/** What is earned and lost comes last: where caps decide it, the script writes it. */
const GRANTED_BYTES = 8

const moveBytes = (marks: number): number => {
  let bytes = MOVE_BYTES
  for (let mark = DELAY; mark <= LOST; mark <<= 1) if (marks & mark) bytes += 4
  return bytes
}

/** @param isCapped what is earned and lost is not written: the script adds it */
export function moveEvent(id: number, at: number, moved: Moved, isCapped: boolean): Buffer {
  const { delayMs, reserved, earned, lost } = moved
  const marks =
    moved.outcome |
    (moved.resent ? RESENT : 0) |
    (delayMs > 0 ? DELAY : 0) |
    (reserved === 0 ? 0 : RESERVED) |
    (earned === 0 && !isCapped ? 0 : EARNED) |
    (lost === 0 && !isCapped ? 0 : LOST)
  const event = start(EVENT.move, moveBytes(marks) - (isCapped ? GRANTED_BYTES : 0), id, at)
  event.writeUInt32LE(moved.since, HEAD)
  event[HEAD + 4] = marks
  let o = HEAD + 5
  if (delayMs > 0) o = event.writeUInt32LE(Math.min(0xffffffff, Math.round(delayMs)), o)
  if (reserved !== 0) o = event.writeFloatLE(reserved, o)
  if (isCapped) return event
  if (earned !== 0) o = event.writeFloatLE(earned, o)
  if (lost !== 0) event.writeFloatLE(lost, o)
  return event
}

/** In the place of a price: the session goes on though its first message failed, or it ends. */
export const FAILS = -1
export const ENDS = 0

export function refundEvent(id: number, now: number, at: number, price: number): Buffer {
  const event = start(EVENT.refund, REFUND_BYTES, id, now)
  event.writeUInt32LE(at, HEAD)
  event.writeFloatLE(price, HEAD + 4)
  return event
}

export function verifiedEvent(id: number, at: number, sources: readonly number[]): Buffer {
  const event = start(EVENT.verified, VERIFIED_BYTES, id, at)
  event.writeUInt32LE(sources[0] ?? 0, HEAD)
  event.writeUInt32LE(sources[1] ?? 0, HEAD + 4)
  return event
}

export const idOf = (bytes: Buffer, o: number): number => bytes.readUInt32LE(o + 1)
export const timeOf = (bytes: Buffer, o: number): number => bytes.readUIntLE(o + 5, 6)

export function readCharge(bytes: Buffer, o: number, out: Charge): void {
  const marks = bytes[o + HEAD] as number
  const more = bytes[o + HEAD + 1] as number
  out.numberBit = marks & 63
  out.opens = (marks & OPENS) !== 0
  out.countryBit = more & 63
  out.carried = (more & CARRIED) !== 0
  out.cost = bytes.readFloatLE(o + HEAD + 2)
  const known = (more & SUBSCRIBER) !== 0
  out.subscriber = known ? bytes.readUInt16LE(o + HEAD + 6) : -1
  out.price = (marks & PRICED) === 0 ? 0 : bytes.readFloatLE(o + HEAD + (known ? 8 : 6))
}

export function readMove(bytes: Buffer, o: number, out: Moved): void {
  out.since = bytes.readUInt32LE(o + HEAD)
  const marks = bytes[o + HEAD + 4] as number
  let at = o + HEAD + 5
  out.outcome = marks & 7
  out.resent = (marks & RESENT) !== 0
  out.delayMs = 0
  if (marks & DELAY) {
    out.delayMs = bytes.readUInt32LE(at)
    at += 4
  }
  const amount = (mark: number): number => {
    if ((marks & mark) === 0) return 0
    at += 4
    return bytes.readFloatLE(at - 4)
  }
  out.reserved = amount(RESERVED)
  out.earned = amount(EARNED)
  out.lost = amount(LOST)
}

export const readRefund = (bytes: Buffer, o: number): { at: number; price: number } => ({
  at: bytes.readUInt32LE(o + HEAD),
  price: bytes.readFloatLE(o + HEAD + 4),
})

export const readVerified = (bytes: Buffer, o: number): number[] =>
  [bytes.readUInt32LE(o + HEAD), bytes.readUInt32LE(o + HEAD + 4)].filter((hash) => hash !== 0)
