import type { TimelineEntry } from '../../../../src/desk/incidents/kept-incident'
import type { IncidentView } from '../../../../src/http/console/incidents-view'
import { Dot, Mono, Section, type Tone, When } from '../../kit'
import { ACTION_WORDS } from '../../playbook/words'
import classes from './incidents.module.css'

const TONES: Partial<Record<TimelineEntry['event'], Tone>> = {
  opened: 'bad',
  reopened: 'bad',
  'range added': 'bad',
  'quarantine begun': 'warn',
  'measure applied': 'accent',
  'measure undone': 'accent',
  contained: 'good',
  closed: 'plain',
}

const TITLES: Record<TimelineEntry['event'], string> = {
  'first send': 'First message of the attack',
  opened: 'Incident opened',
  reopened: 'Money flows again',
  'range added': 'Range added',
  'quarantine begun': 'Quarantine begun',
  'quarantine ended': 'Quarantine ended',
  'outage begun': 'Outage begun',
  'outage ended': 'Outage ended',
  'measure applied': 'Measure applied',
  'measure extended': 'Measure extended',
  'measure undone': 'Measure undone',
  'measure replaced': 'Measure replaced',
  'measure over': 'Measure over',
  contained: 'Contained: the money rate is back under twice the usual',
  closed: 'Closed',
}

const QUARANTINE: Record<string, string> = {
  exhausted: 'its line was used up',
  conversion: 'its codes did not come back',
}
const CLOSED: Record<string, string> = {
  quiet: 'quiet for an hour',
  outage: 'it was an outage, no attack',
}

function detailOf({ event, detail }: TimelineEntry): string | null {
  if (detail === null) return null
  if (event.startsWith('measure'))
    return ACTION_WORDS[detail as keyof typeof ACTION_WORDS]?.title ?? detail
  return QUARANTINE[detail] ?? CLOSED[detail] ?? detail
}

/** What happened, in order of time. */
export function Timeline({ incident }: { incident: IncidentView }) {
  return (
    <Section title="Timeline">
      <ol className={classes.timeline}>
        {incident.timeline.map((entry, place) => {
          const detail = detailOf(entry)
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries are only added at the end
            <li key={place}>
              <span className={classes.at}>
                <When at={entry.at} seconds />
              </span>
              <span>
                <Dot tone={TONES[entry.event] ?? 'plain'} /> {TITLES[entry.event]}
                {detail !== null && `: ${detail}`}
                {entry.by !== null && (
                  <>
                    {' '}
                    by <bdi>{entry.by}</bdi>
                  </>
                )}
                {entry.subjects.length > 0 && (
                  <span className={classes.subjects}>
                    {entry.subjects.map((subject) => (
                      <Mono key={subject}>{subject}</Mono>
                    ))}
                    {entry.count > entry.subjects.length &&
                      `and ${entry.count - entry.subjects.length} more`}
                  </span>
                )}
              </span>
            </li>
          )
        })}
      </ol>
    </Section>
  )
}
