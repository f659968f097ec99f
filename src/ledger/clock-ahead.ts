import { HOUR } from '../engine/units.js'

/** Clocks so far apart, ms, are no matter of seconds: one of them is wrong, and what is deleted by it is lost. */
const APART_MS = HOUR

/** @param aheadMs how far the gateway's clock is ahead of one that knows better */
export const isFarAhead = (aheadMs: number): boolean => aheadMs > APART_MS

/** By a clock that runs ahead everything would be old. @param of what it is ahead of @param mend what to do */
export const farAhead = (aheadMs: number, of: string, mend: string): Error =>
  new Error(
    `nothing old is deleted, because the clock of this gateway is ${Math.round(aheadMs / HOUR)} hours ahead of ${of}: ${mend}`,
  )
