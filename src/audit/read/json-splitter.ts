import { Buffer } from 'node:buffer'

const QUOTE = 34
const BACKSLASH = 92
const OPEN = 123
const CLOSE = 125
const ARRAY = 91
const ARRAY_END = 93
const COLON = 58

/** Keys under which APIs list their records: Twilio, Infobip, Vonage, Plivo, Telnyx, MessageBird, Sinch, CloudWatch. */
export const LISTS: ReadonlySet<string> = new Set(
  'messages attempts results records objects data items delivery_reports verification_requests detail_records'.split(
    ' ',
  ),
)

/** Longer than any record: a file of one huge value is refused instead of held. */
const LONGEST = 16 << 20

/**
 * Cuts the records out of a JSON document that may be larger than memory: the elements of the outer array, or of a list
 * inside an outer object (`{"messages": [...]}`), or the outer objects themselves, one behind the other.
 *
 * @param lists keys whose arrays hold records
 */
export function createJsonSplitter(
  lists: ReadonlySet<string>,
  onRecord: (json: string) => void,
  onBroken: () => void,
) {
  let buffer: Buffer = Buffer.alloc(0)
  let at = 0
  let depth = 0
  let inString = false
  let stringFrom = 0
  let key = ''
  let expectValue = false
  /** where the record that is open begins, -1: none is */
  let begin = -1
  let recordDepth = 0
  /** depth of the array whose elements are records, 0: none */
  let listDepth = 0
  /** outer object whose list has been taken: not a record itself */
  let taken = false

  function open(byte: number): void {
    if (byte === ARRAY && begin === -1 && depth === 0) listDepth = 1
    if (byte === ARRAY && depth === 1 && expectValue && lists.has(key) && listDepth === 0) {
      listDepth = 2
      taken = true
      begin = -1
    }
    depth++
    if (byte === OPEN && begin === -1 && depth === listDepth + 1 && (listDepth > 0 || !taken)) {
      begin = at
      recordDepth = depth
    }
  }

  function close(byte: number): void {
    if (byte === CLOSE && begin !== -1 && depth === recordDepth) {
      onRecord(buffer.toString('utf8', begin, at + 1))
      begin = -1
    }
    depth--
    if (depth < listDepth) listDepth = 0
    if (depth <= 0) {
      depth = 0
      taken = false
      begin = -1
    }
  }

  return {
    push(chunk: Buffer): void {
      const keep = begin === -1 ? (inString ? stringFrom : at) : begin
      buffer = Buffer.concat([buffer.subarray(keep), chunk])
      at -= keep
      stringFrom -= keep
      if (begin !== -1) begin = 0
      if (buffer.length > LONGEST + chunk.length) {
        onBroken()
        buffer = chunk
        at = 0
        begin = -1
        depth = listDepth
        inString = false
      }
      for (; at < buffer.length; at++) {
        const byte = buffer[at] as number
        if (inString) {
          if (byte === BACKSLASH) at++
          else if (byte === QUOTE) {
            inString = false
            if (depth === 1 && !expectValue) key = buffer.toString('utf8', stringFrom, at)
          }
        } else if (byte === QUOTE) {
          inString = true
          stringFrom = at + 1
        } else if (byte === OPEN || byte === ARRAY) {
          open(byte)
          expectValue = false
        } else if (byte === CLOSE || byte === ARRAY_END) close(byte)
        else if (depth === 1) {
          if (byte === COLON) expectValue = true
          else if (byte === 44) expectValue = false
        }
      }
    },
    /** Whether the document ended where its brackets do. */
    end(): boolean {
      return depth === 0 && !inString
    },
  }
}
