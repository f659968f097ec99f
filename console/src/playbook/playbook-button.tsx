import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconShieldBolt } from '@tabler/icons-react'
import { useState } from 'react'
import type { MeasureAction, TargetKind } from '../../../src/engine/measures'
import { useMe } from '../kit'
import { OrderDialog } from './order-dialog'
import classes from './playbook.module.css'
import { ACTION_WORDS, actionsOf, kindName } from './words'

/** What a measure of the playbook is taken on. */
export interface PlaybookTarget {
  kind: TargetKind
  key: string
  /** all services when absent */
  service?: string | null
}

interface PlaybookButtonProps {
  target: PlaybookTarget
  /** incident it is ordered on */
  incidentId?: string
  size?: 'xs' | 'compact-sm'
}

/** Block, throttle, challenge, hold, pause or allow, with a preview before. For analysts and administrators. */
export function PlaybookButton({ target, incidentId, size = 'compact-sm' }: PlaybookButtonProps) {
  const me = useMe()
  const [action, setAction] = useState<MeasureAction | null>(null)
  if (!me.can('analyst')) return null
  const { kind, key, service = null } = target
  return (
    <>
      <Menu position="bottom-end" withinPortal shadow="md">
        <Menu.Target>
          <Button
            variant="default"
            size={size}
            aria-label={`Act on ${kindName(kind)} ${key}`}
            leftSection={<IconShieldBolt size={14} aria-hidden />}
            rightSection={<IconChevronDown size={12} aria-hidden />}
          >
            Act
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {actionsOf(kind).map((one) => (
            <Menu.Item
              key={one}
              className={classes.item}
              onClick={() => setAction(one)}
              title={ACTION_WORDS[one].about}
            >
              {ACTION_WORDS[one].title}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {action !== null && (
        <OrderDialog
          action={action}
          targets={[{ kind, key, service }]}
          onClose={() => setAction(null)}
          {...(incidentId !== undefined && { incidentId })}
        />
      )}
    </>
  )
}
