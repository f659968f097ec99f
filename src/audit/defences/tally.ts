import type { Saving } from '../audit-result.js'

/** Where a message stands: in the days of attacks, or in all others. */
export type Stratum = 0 | 1

/** What a part of the log holds. Money in micro of the log's currency. */
export interface Part {
  rows: number
  /** P(pumped)-weighted price */
  fraudMicro: number
  fine: number
}

/** What one defence did in a part of the log. */
interface Done {
  refused: number
  savedMicro: number
  touched: number
}

/** Nothing yet. */
export const newPart = (): Part => ({ rows: 0, fraudMicro: 0, fine: 0 })

const newDone = (): Done => ({ refused: 0, savedMicro: 0, touched: 0 })

/** Counts what a defence refuses or challenges. */
export function createTally() {
  const done: readonly [Done, Done] = [newDone(), newDone()]
  return {
    /** @param fraudMicro its price times P(pumped) @param fine nothing speaks against it */
    stopped(stratum: Stratum, fraudMicro: number, fine: boolean): void {
      const part = done[stratum]
      part.refused++
      part.savedMicro += fraudMicro
      if (fine) part.touched++
    },
    /**
     * For the whole log: in each stratum the share that was seen to be stopped, of all there is in it (ratio estimate).
     * @param seen what was run through @param all what the log holds
     */
    of(
      seen: readonly [Part, Part],
      all: readonly [Part, Part],
    ): Pick<Saving, 'saved' | 'share' | 'touched' | 'refused'> {
      const sum = (of: (stratum: Stratum) => number): number => of(0) + of(1)
      const up = (some: number, part: number, whole: number): number =>
        part > 0 ? (some / part) * whole : 0
      const savedMicro = sum((i) => up(done[i].savedMicro, seen[i].fraudMicro, all[i].fraudMicro))
      const fraudMicro = sum((i) => all[i].fraudMicro)
      const fine = sum((i) => all[i].fine)
      return {
        saved: savedMicro / 1e6,
        share: fraudMicro > 0 ? Math.min(1, savedMicro / fraudMicro) : 0,
        touched:
          fine > 0
            ? Math.min(1, sum((i) => up(done[i].touched, seen[i].fine, all[i].fine)) / fine)
            : 0,
        refused: Math.round(sum((i) => up(done[i].refused, seen[i].rows, all[i].rows))),
      }
    },
  }
}

export type Tally = ReturnType<typeof createTally>
