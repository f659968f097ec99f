import { DAY } from '../../engine/units.js'
import type { Collection } from '../../ledger/collection.js'
import { alarmKey, stepAlarms } from './alarms.js'
import type { Alarm, AlarmNotice, Finding } from './finding.js'
import type { RuleId } from './rules.js'

/** An alarm, and what is still to be put into the queues of the sinks. */
export interface KeptAlarm {
  alarm: Alarm
  untold: AlarmNotice['kind'] | null
}

const MOST_FIRING = 1_000
const KEPT_MS = 400 * DAY

export interface AlarmBookOptions {
  kept: Collection<KeptAlarm>
  /** puts a notice into the queues; doing it twice changes nothing */
  tell: (notice: AlarmNotice) => Promise<void>
  /** tells a notice while the ledger takes none */
  tellUnkept: (notice: AlarmNotice) => Promise<void>
  warn: (error: Error) => void
}

/** Alarms as they are kept: those that fire in memory too, all of them as documents. */
export function createAlarmBook({ kept, tell, tellUnkept, warn }: AlarmBookOptions) {
  const firing = new Map<string, Alarm>()

  const keep = ({ alarm, untold }: KeptAlarm): Promise<boolean> =>
    kept.put({
      id: alarm.id,
      at: alarm.firedAt,
      parent: alarm.state,
      expiresAt: alarm.resolvedAt === null ? null : alarm.resolvedAt + KEPT_MS,
      value: { alarm, untold },
    })

  /** First that it is to be told, then the telling, then that it was: whatever dies in between is done again. */
  async function write(alarm: Alarm, notice: AlarmNotice | null): Promise<void> {
    try {
      await keep({ alarm, untold: notice?.kind ?? null })
      if (notice === null) return
      await tell(notice)
      await keep({ alarm, untold: null })
    } catch (error) {
      warn(error instanceof Error ? error : new Error(String(error)))
      if (notice !== null) await tellUnkept(notice)
    }
  }

  return {
    async load(): Promise<void> {
      for (const state of ['firing', 'resolved'] as const) {
        const rows = await kept.list({ parent: state, limit: MOST_FIRING })
        for (const { value } of rows) {
          const { alarm, untold } = value
          if (state === 'firing') firing.set(alarmKey(alarm), alarm)
          if (untold === null) continue
          const at = alarm.resolvedAt ?? alarm.notifiedAt
          await write(alarm, { type: 'alarm', kind: untold, at, alarm })
        }
      }
    },
    async step(findings: readonly Finding[], judged: ReadonlySet<RuleId>, now: number) {
      const { changed, notices } = stepAlarms(firing, findings, judged, now)
      for (const alarm of changed.slice(0, MOST_FIRING)) {
        if (alarm.state === 'firing') firing.set(alarmKey(alarm), alarm)
        else firing.delete(alarmKey(alarm))
        await write(alarm, notices.find((notice) => notice.alarm.id === alarm.id) ?? null)
      }
      return changed
    },
    firing: (): Alarm[] => [...firing.values()].sort((a, b) => b.firedAt - a.firedAt),
    /** Resolved ones, newest first. */
    async past(filter: {
      limit: number
      from?: number
      to?: number
      before?: { at: number; id: string }
    }) {
      const rows = await kept.list({ parent: 'resolved', ...filter })
      return rows.map(({ value }) => value.alarm)
    },
  }
}

export type AlarmBook = ReturnType<typeof createAlarmBook>
