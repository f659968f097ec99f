import { SIGNALS } from './catalogue.js'
import { SIGNAL_GROUPS, type Signal } from './signal.js'
import { MAX_STEP_PER_DAY, WEIGHT_LIMIT } from './weights.js'

const cell = (text: string): string => text.replaceAll('|', '\\|')
const row = ({ code, start, says, why, learns }: Signal): string =>
  `| \`${code}\` | ${start > 0 ? '+' : ''}${start.toFixed(1)} | ${cell(says)} | ${cell(why)}${
    learns === 'labels' ? ' Learned from later labels only.' : ''
  } |`

/** `docs/signals.md`: every signal with its start weight and the reason for it, in Markdown. */
export function signalsPage(): string {
  const sections = SIGNAL_GROUPS.map((group) => {
    const rows = SIGNALS.filter((signal) => signal.group === group).map(row)
    return [
      `## ${group}`,
      '',
      '| code | start | what is observed | why this weight |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n')
  })
  return `# Signals

Each signal that is there adds its weight, in log-odds (natural logarithm), to what is known of the service: +0.7 doubles the
odds that a request is part of pumping, +2.3 makes them ten times as large. Signals of one group say the same thing in
other words, so only the strongest of a group counts. The sum, calibrated against the service's own outcomes, is the score.

The start weight holds until the service's own outcomes say better. A weight stays within +-${WEIGHT_LIMIT}, moves by at most
${MAX_STEP_PER_DAY} a day whatever is fed to it, and forgets with a half-life of 14 days. Traffic in quarantine teaches nothing.

${sections.join('\n')}`
}
