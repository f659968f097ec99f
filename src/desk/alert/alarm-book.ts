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

/** Who wrote of a rule and key last: of two gateways that both mean to lead, one is told that it was not the first. */
export interface AlarmTurn {
  alarm: string
}

export interface AlarmBookOptions {
  kept: Collection<KeptAlarm>
  /** in a cluster; `null` for a gateway that is alone */
  turns: Collection<AlarmTurn> | null
  /** puts a notice into the queues; doing it twice changes nothing */
  tell: (notice: AlarmNotice) => Promise<void>
  /** tells a notice while the ledger takes none */
  tellUnkept: (notice: AlarmNotice) => Promise<void>
  warn: (error: Error) => void
}

/** Alarms as they are kept: those that fire in memory too, all of them as documents. */
export function createAlarmBook({ kept, turns, tell, tellUnkept, warn }: AlarmBookOptions) {
  const firing = new Map<string, Alarm>()
  /** versions of the turns as they were when this gateway wrote or read them last */
  const versions = new Map<string, number>()

  /** @returns false when another gateway has written of this alert since: what is known here is old */
  async function myTurn(alarm: Alarm): Promise<boolean> {
    if (turns === null) return true
    const id = alarmKey(alarm)
    const version = versions.get(id) ?? 0
    const { firedAt, resolvedAt } = alarm
    const expiresAt = resolvedAt === null ? null : resolvedAt + KEPT_MS
    if (!(await turns.put({ id, at: firedAt, expiresAt, value: { alarm: alarm.id } }, version)))
      return false
    versions.set(id, version + 1)
    return true
  }

  const keep = ({ alarm, untold }: KeptAlarm): Promise<boolean> =>
    kept.put({
      id: alarm.id,
      at: alarm.firedAt,
      parent: alarm.state,
      expiresAt: alarm.resolvedAt === null ? null : alarm.resolvedAt + KEPT_MS,
      value: { alarm, untold },
    })

  /**
   * First that it is to be told, then the telling, then that it was: whatever dies in between is done again.
   * @returns false when another gateway was faster: it tells, and here everything is to be read again
   */
  async function write(alarm: Alarm, notice: AlarmNotice | null): Promise<boolean> {
    try {
      if (!(await myTurn(alarm))) return false
      await keep({ alarm, untold: notice?.kind ?? null })
      if (notice === null) return true
      await tell(notice)
      await keep({ alarm, untold: null })
    } catch (error) {
      warn(error instanceof Error ? error : new Error(String(error)))
      if (notice !== null) await tellUnkept(notice)
    }
    return true
  }

  async function readTurns(): Promise<void> {
    versions.clear()
    if (turns === null) return
    for (const { id, version } of await turns.list({ limit: MOST_FIRING }))
      versions.set(id, version)
  }

  return {
    /** @param telling false: only to know what fires; another gateway tells of it */
    async load({ telling = true } = {}): Promise<void> {
      const known = new Set<string>()
      await readTurns()
      for (const state of ['firing', 'resolved'] as const) {
        const rows = await kept.list({ parent: state, limit: MOST_FIRING })
        for (const { value } of rows) {
          const { alarm, untold } = value
          if (state === 'firing') {
            firing.set(alarmKey(alarm), alarm)
            known.add(alarmKey(alarm))
          }
          if (untold === null || !telling) continue
          const at = alarm.resolvedAt ?? alarm.notifiedAt
          await write(alarm, { type: 'alarm', kind: untold, at, alarm })
        }
      }
      for (const key of firing.keys()) if (!known.has(key)) firing.delete(key)
    },
    async step(findings: readonly Finding[], judged: ReadonlySet<RuleId>, now: number) {
      const { changed, notices } = stepAlarms(firing, findings, judged, now)
      const written: Alarm[] = []
      for (const alarm of changed.slice(0, MOST_FIRING)) {
        const notice = notices.find((one) => one.alarm.id === alarm.id) ?? null
        if (!(await write(alarm, notice))) {
          await this.load({ telling: false })
          break
        }
        if (alarm.state === 'firing') firing.set(alarmKey(alarm), alarm)
        else firing.delete(alarmKey(alarm))
        written.push(alarm)
      }
      return written
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
