/**
 * What happens to an entity, as it is appended to its value: little-endian, the kind first, then the number that tells
 * it from all others around the same time, and its time (Unix ms).
 */
export const EVENT = { charge: 1, asked: 2, undo: 3, move: 4, refund: 5, verified: 6 } as const

/** kind (1), id (4), time (6) */
const HEAD = 11
/** after the kind: what an event is found by */
export const ID_BYTES = 10
/** marks (1 + 1), subscriber (2), cost (4), price (4) */
const CHARGE_BYTES = HEAD + 12
/** since (4), what came (1), delay (4), reserved, earned, lost (4 each) */
const MOVE_BYTES = HEAD + 21
/** at (4), price (4) */
const REFUND_BYTES = HEAD + 8
/** hashes of two sources (4 each) */
const VERIFIED_BYTES = HEAD + 8

export const bytesOf = (kind: number): number => {
  switch (kind) {
    case EVENT.charge:
    case EVENT.asked:
    case EVENT.undo:
      return CHARGE_BYTES
    case EVENT.move:
      return MOVE_BYTES
    case EVENT.refund:
      return REFUND_BYTES
    case EVENT.verified:
      return VERIFIED_BYTES
    default:
      throw new Error(`lines: an event of kind ${kind}; a newer gateway wrote it, upgrade this one`)
  }
}

/** No last four digits are known of the number. */
const NO_SUBSCRIBER = 0xffff
const OPENS = 0x40

export interface Charge {
  numberBit: number
  countryBit: number
  opens: boolean
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
  const event = start(kind, CHARGE_BYTES, id, at)
  event[HEAD] = charge.numberBit | (charge.opens ? OPENS : 0)
  event[HEAD + 1] = charge.countryBit
  event.writeUInt16LE(charge.subscriber < 0 ? NO_SUBSCRIBER : charge.subscriber, HEAD + 2)
  event.writeFloatLE(charge.cost, HEAD + 4)
  event.writeFloatLE(charge.price, HEAD + 8)
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
const RESENT = 0x80

/** What is earned and lost comes last: where caps decide it, the script writes it. */
export const GRANTED_BYTES = 8

export function moveEvent(id: number, at: number, moved: Moved): Buffer {
  const event = start(EVENT.move, MOVE_BYTES, id, at)
  event.writeUInt32LE(moved.since, HEAD)
  event[HEAD + 4] = moved.outcome | (moved.resent ? RESENT : 0)
  event.writeUInt32LE(Math.min(0xffffffff, Math.round(moved.delayMs)), HEAD + 5)
  event.writeFloatLE(moved.reserved, HEAD + 9)
  event.writeFloatLE(moved.earned, HEAD + 13)
  event.writeFloatLE(moved.lost, HEAD + 17)
  return event
}

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
  out.numberBit = marks & 63
  out.opens = (marks & OPENS) !== 0
  out.countryBit = (bytes[o + HEAD + 1] as number) & 63
  const subscriber = bytes.readUInt16LE(o + HEAD + 2)
  out.subscriber = subscriber === NO_SUBSCRIBER ? -1 : subscriber
  out.cost = bytes.readFloatLE(o + HEAD + 4)
  out.price = bytes.readFloatLE(o + HEAD + 8)
}

export function readMove(bytes: Buffer, o: number, out: Moved): void {
  out.since = bytes.readUInt32LE(o + HEAD)
  const marks = bytes[o + HEAD + 4] as number
  out.outcome = marks & 7
  out.resent = (marks & RESENT) !== 0
  out.delayMs = bytes.readUInt32LE(o + HEAD + 5)
  out.reserved = bytes.readFloatLE(o + HEAD + 9)
  out.earned = bytes.readFloatLE(o + HEAD + 13)
  out.lost = bytes.readFloatLE(o + HEAD + 17)
}

export const readRefund = (bytes: Buffer, o: number): { at: number; price: number } => ({
  at: bytes.readUInt32LE(o + HEAD),
  price: bytes.readFloatLE(o + HEAD + 4),
})

export const readVerified = (bytes: Buffer, o: number): number[] =>
  [bytes.readUInt32LE(o + HEAD), bytes.readUInt32LE(o + HEAD + 4)].filter((hash) => hash !== 0)
