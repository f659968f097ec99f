import { Buffer } from 'node:buffer'

const LF = 10
/** A line longer than this is given up. */
const LONGEST = 16 << 20

/** Cuts bytes into lines of text. */
export function createLineSplitter(onLine: (text: string, line: number) => void) {
  let carry: Buffer | null = null
  let line = 0
  return {
    push(chunk: Buffer): void {
      let bytes = carry === null ? chunk : Buffer.concat([carry, chunk])
      carry = null
      let from = 0
      for (let to = bytes.indexOf(LF); to !== -1; to = bytes.indexOf(LF, from)) {
        onLine(bytes.toString('utf8', from, to), ++line)
        from = to + 1
      }
      bytes = bytes.subarray(from)
      if (bytes.length > LONGEST) onLine(bytes.toString('utf8', 0, 100), line + 1)
      else if (bytes.length > 0) carry = Buffer.from(bytes)
    },
    /** @param cut the last line is not whole and is left out */
    end(cut: boolean): boolean {
      if (carry !== null && !cut) onLine(carry.toString('utf8'), ++line)
      return true
    },
  }
}
