import type { AlarmNotice, Notice } from './finding.js'
import { ruleInForce } from './rules.js'

/** A message for people, plain text first. */
export interface Words {
  subject: string
  /** what is the case, a line each */
  lines: string[]
  /** what to do; `null` when there is nothing to do */
  action: string | null
  /** `null` where nobody said under which address the console is reached */
  url: string | null
}

const LEAD: Record<AlarmNotice['kind'], string> = {
  firing: '',
  raised: 'worse: ',
  update: '',
  reminder: 'still: ',
  resolved: 'resolved: ',
  test: 'test: ',
}

const minutes = (ms: number): string => {
  const whole = Math.max(1, Math.round(ms / 60_000))
  return whole < 120 ? `${whole} min` : `${Math.round(whole / 6) / 10} h`
}

export function wordsOf(notice: Notice, publicUrl: string | null): Words {
  const url = (page: string): string | null => (publicUrl === null ? null : `${publicUrl}${page}`)
  if (notice.type === 'report') {
    const { title, lines, page } = notice
    return { subject: title, lines, action: null, url: url(page) }
  }
  const { kind, alarm, at } = notice
  const { rule, severity, title, facts, page, firedAt } = alarm
  const mark = kind === 'resolved' ? '' : `[${severity}] `
  const lines = kind === 'resolved' ? [`It lasted ${minutes(at - firedAt)}.`, ...facts] : facts
  return {
    subject: `${mark}${LEAD[kind]}${title}`,
    lines: kind === 'reminder' ? [`Since ${minutes(at - firedAt)}.`, ...lines] : lines,
    action: kind === 'resolved' ? null : ruleInForce(rule, {}).rule.action,
    url: url(page),
  }
}

/** The whole message as text. */
export const textOf = ({ subject, lines, action, url }: Words): string =>
  [
    subject,
    ...lines,
    ...(action === null ? [] : [`What to do: ${action}`]),
    ...((url ?? []) ? [url] : []),
  ]
    .filter((line) => line !== null)
    .join('\n')
