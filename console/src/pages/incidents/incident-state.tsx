import type { IncidentRow } from '../../../../src/http/console/incidents-view'
import { StateBadge, type Tone } from '../../kit'

const TONES: Record<IncidentRow['state'], Tone> = {
  open: 'bad',
  contained: 'warn',
  closed: 'plain',
}
const WORDS: Record<IncidentRow['state'], string> = {
  open: 'Open',
  contained: 'Contained',
  closed: 'Closed',
}

export const IncidentState = ({
  incident: { state, closedAs },
}: {
  incident: Pick<IncidentRow, 'state' | 'closedAs'>
}) => (
  <StateBadge tone={TONES[state]}>
    {WORDS[state]}
    {closedAs === 'outage' && ': it was an outage'}
  </StateBadge>
)
