import { Button, Group, Select } from '@mantine/core'
import { useState } from 'react'
import { Dialog, useNow } from '../../kit'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** How long from now; `null`: for good. */
export const SPANS: readonly (readonly [label: string, ms: number | null])[] = [
  ['never', null],
  ['in 1 hour', HOUR],
  ['in 12 hours', 12 * HOUR],
  ['in 1 day', DAY],
  ['in 7 days', 7 * DAY],
  ['in 30 days', 30 * DAY],
  ['in 90 days', 90 * DAY],
]

/** A choice of ends, as time from now. */
export function EndChoice({
  value,
  onChange,
}: {
  value: string
  onChange: (label: string) => void
}) {
  return (
    <Select
      label="Ends"
      size="sm"
      allowDeselect={false}
      data={SPANS.map(([label]) => label)}
      value={value}
      onChange={(label) => onChange(label ?? 'never')}
    />
  )
}

/** Unix ms of a choice. */
export function endAt(label: string, now: number): number | null {
  const ms = SPANS.find(([name]) => name === label)?.[1] ?? null
  return ms === null ? null : Math.round(now + ms)
}

export function Ends({
  title,
  busy,
  onClose,
  onDone,
}: {
  title: string
  busy: boolean
  onClose: () => void
  onDone: (expiresAt: number | null) => void
}) {
  const now = useNow()
  const [label, setLabel] = useState('in 7 days')
  return (
    <Dialog onClose={onClose} title={title}>
      <EndChoice value={label} onChange={setLabel} />
      <Group mt="md" justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={busy} onClick={() => onDone(endAt(label, now))}>
          Change
        </Button>
      </Group>
    </Dialog>
  )
}
