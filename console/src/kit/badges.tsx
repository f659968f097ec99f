import type { ReactNode } from 'react'
import classes from './badges.module.css'

/** What a colour says: verdicts and severities, nothing else. */
export type Tone = 'good' | 'warn' | 'hold' | 'bad' | 'accent' | 'plain'

const TONE_OF: Record<string, Tone> = {
  allow: 'good',
  challenge: 'warn',
  hold: 'hold',
  deny: 'bad',
}
const WORD_OF: Record<string, string> = {
  allow: 'Allowed',
  challenge: 'Challenged',
  hold: 'Held',
  deny: 'Denied',
}

/** A short word on a ground of its tone. */
export const StateBadge = ({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) => (
  <span className={classes.badge} data-tone={tone}>
    {children}
  </span>
)

/** @param monitor the verdict was recorded and not enforced */
export const VerdictBadge = ({
  verdict,
  monitor = false,
}: {
  verdict: string
  monitor?: boolean
}) => (
  <span
    className={classes.badge}
    data-tone={TONE_OF[verdict] ?? 'plain'}
    {...(monitor && verdict !== 'allow' && { 'data-would': true })}
  >
    {monitor && verdict !== 'allow'
      ? `Would be ${(WORD_OF[verdict] ?? verdict).toLowerCase()}`
      : (WORD_OF[verdict] ?? verdict)}
  </span>
)

/** A mark of a tone before a word: for lists where a badge would be too loud. */
export const Dot = ({ tone }: { tone: Tone }) => (
  <span className={classes.dot} data-tone={tone} aria-hidden />
)
