import { type Cells, secondsOf } from './records.js'

/**
 * The session of a number, in its record: word 3 is the second it opened, word 7 that of the latest session that carried
 * another message; a second later than its own says that the session's first message failed (`rangesCarried`).
 */

export function openSession({ u32 }: Cells, at: number, now: number): void {
  const opened = secondsOf(now)
  u32[at + 3] = opened
  if ((u32[at + 7] as number) > opened) u32[at + 7] = 0
}

/** Another message that its ranges are not charged for. */
export function carryOne({ u32 }: Cells, at: number): void {
  u32[at + 7] = Math.max(u32[at + 7] as number, u32[at + 3] as number)
}

/** The session that opened then is over; one opened since is another one's. */
export function endSession({ u32 }: Cells, at: number, opened: number): void {
  if (u32[at + 3] !== opened) return
  u32[at + 3] = 0
  if ((u32[at + 7] as number) > opened) u32[at + 7] = 0
}

/** The first message of the session that opened then failed: the session goes on. */
export function failFirst({ u32 }: Cells, at: number, opened: number): void {
  if (u32[at + 3] === opened) u32[at + 7] = opened + 1
}

export const hasCarried = ({ u32 }: Cells, at: number, opened: number): boolean =>
  (u32[at + 7] as number) >= opened
