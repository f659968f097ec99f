import type { Severity } from '../../../../src/desk/alert/rules'
import { StateBadge, type Tone } from '../../kit'

const TONE: Record<Severity, Tone> = { critical: 'bad', warning: 'warn', info: 'plain' }

export const SEVERITY_NAMES: readonly { value: Severity; label: string }[] = [
  { value: 'info', label: 'Info' },
  { value: 'warning', label: 'Warning' },
  { value: 'critical', label: 'Critical' },
]

export const SeverityBadge = ({ severity }: { severity: Severity }) => (
  <StateBadge tone={TONE[severity]}>{severity}</StateBadge>
)
