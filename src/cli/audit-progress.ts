import type { AuditProgress } from '../audit/audit.js'
import { duration } from './duration.js'
import type { Terminal } from './terminal.js'

const TITLES: Readonly<Record<AuditProgress['step'], string>> = {
  read: 'reading',
  analyse: 'looking for fraud',
  replay: 'trying defences',
}
/** A terminal shows ten lines a second at most; writing more slows the audit down. */
const EVERY_MS = 100
/** Before that much of a step is done, what is left cannot be told. */
const TELLING = 0.02

/** Tells how far a step is, how fast it goes and how long it still takes; silent where there is no terminal. */
export function createAuditProgress({ progress }: Pick<Terminal, 'progress'>, clock: () => number) {
  let step: AuditProgress['step'] | null = null
  let startedAt = 0
  let toldAt = Number.NEGATIVE_INFINITY
  if (progress === null) return { tell: undefined, end: () => undefined }
  return {
    tell(at: AuditProgress): void {
      const now = clock()
      if (at.step !== step) {
        step = at.step
        startedAt = now
        toldAt = Number.NEGATIVE_INFINITY
      }
      if (now - toldAt < EVERY_MS) return
      toldAt = now
      const tookMs = now - startedAt
      const done = `${TITLES[at.step]} ${(100 * at.done).toFixed(0)} %`
      const perSecond = tookMs > 0 ? (1_000 * at.rows) / tookMs : 0
      const rate =
        at.step === 'read' && perSecond > 0
          ? `, ${at.rows.toLocaleString('en')} messages, ${Math.round(perSecond).toLocaleString('en')} a second`
          : ''
      const left =
        at.done > TELLING && at.done < 1
          ? `, ${duration(Math.max(1_000, (tookMs * (1 - at.done)) / at.done))} left`
          : ''
      progress(`${done}${rate}${left}`)
    },
    end: (): void => progress(''),
  }
}
