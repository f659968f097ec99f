import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconShieldX } from '@tabler/icons-react'
import { useState } from 'react'
import type { MeasureAction } from '../../../../src/engine/measures'
import type { IncidentView } from '../../../../src/http/console/incidents-view'
import { useMe } from '../../kit'
import { OrderDialog } from '../../playbook/order-dialog'
import { ACTION_WORDS } from '../../playbook/words'
import { playbookTarget } from './ranges'

/** Ranges of one order: each is previewed by itself. */
const MOST = 24
const OTHERS: readonly MeasureAction[] = ['challenge', 'throttle', 'hold']

/** Two clicks to contain an attack: this button, and the confirmation under the preview. */
export function Contain({ incident }: { incident: IncidentView }) {
  const me = useMe()
  const [action, setAction] = useState<MeasureAction | null>(null)
  const targets = incident.rangeRows
    .filter(({ measures }) => !measures.some((measure) => measure.action === (action ?? 'block')))
    .sort((a, b) => b.requests - a.requests)
    .flatMap((range) => playbookTarget(range, incident.service) ?? [])
    .slice(0, MOST)
  if (!me.can('analyst') || incident.kind === 'outage' || incident.state === 'closed') return null
  if (targets.length === 0 && action === null) return null
  return (
    <>
      <Button.Group>
        <Button
          color="red.8"
          size="sm"
          leftSection={<IconShieldX size={16} aria-hidden />}
          onClick={() => setAction('block')}
        >
          Block {targets.length === 1 ? 'its range' : `its ${targets.length} ranges`}
        </Button>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button color="red.8" size="sm" px="xs" aria-label="Other measures for its ranges">
              <IconChevronDown size={16} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {OTHERS.map((other) => (
              <Menu.Item key={other} onClick={() => setAction(other)}>
                {ACTION_WORDS[other].title}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Button.Group>
      {action !== null && targets.length > 0 && (
        <OrderDialog
          action={action}
          targets={targets}
          incidentId={incident.id}
          onClose={() => setAction(null)}
        />
      )}
    </>
  )
}
