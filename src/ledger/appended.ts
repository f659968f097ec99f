import { idOf, type LogEntry, numberOf, verificationOf } from './log-entry.js'

/** Rows that were appended, and may still wait to be written. */
export interface Appended {
  /** writes them if one like this may be among them; `null` where none is */
  flushIf(isIt: (entry: LogEntry) => boolean): Promise<void> | null
}

export const called = (id: string) => (entry: LogEntry) => idOf(entry) === id
/** @param number as it is kept */
export const ofNumber = (number: string) => (entry: LogEntry) => numberOf(entry) === number
export const ofVerification = (id: string) => (entry: LogEntry) => verificationOf(entry) === id
