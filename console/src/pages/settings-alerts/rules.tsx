import { Button } from '@mantine/core'
import { useState } from 'react'
import type { RuleView } from '../../../../src/http/console/alerts-view'
import { type DataColumn, DataTable, Loaded, Section, StateBadge, useApi, useMe } from '../../kit'
import { RuleForm } from './rule-form'
import { SeverityBadge } from './severity'
import { shownThreshold } from './threshold'

/** The rules, with the thresholds in force. */
export function Rules() {
  const me = useMe()
  const rules = useApi<{ rules: RuleView[] }>('alerts/rules')
  const [edited, setEdited] = useState<RuleView | null>(null)
  const columns: DataColumn<RuleView>[] = [
    {
      id: 'title',
      header: 'Rule',
      phone: 'title',
      cell: ({ title, enabled, changed }) => (
        <>
          {title} {!enabled && <StateBadge>off</StateBadge>}
          {enabled && changed && <StateBadge tone="accent">changed</StateBadge>}
        </>
      ),
    },
    {
      id: 'severity',
      header: 'Severity',
      cell: ({ severity }) => <SeverityBadge severity={severity} />,
    },
    {
      id: 'when',
      header: 'Fires',
      phone: 'stacked',
      width: '45%',
      cell: ({ when }) => when,
    },
    {
      id: 'thresholds',
      header: 'Thresholds',
      cell: ({ thresholds }) =>
        thresholds.length === 0 ? '–' : thresholds.map(shownThreshold).join('; '),
    },
    ...(me.can('admin')
      ? [
          {
            id: 'edit',
            header: 'Actions',
            align: 'end' as const,
            cell: (rule: RuleView) => (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`Edit ${rule.title}`}
                onClick={() => setEdited(rule)}
              >
                Edit
              </Button>
            ),
          },
        ]
      : []),
  ]
  return (
    <Section
      title="Rules"
      about="Each alert is told once, told again after four hours while it goes on, and resolved with a message."
      flush
    >
      <Loaded query={rules}>
        {(view) => (
          <DataTable
            label="Alert rules"
            columns={columns}
            rows={view.rules}
            rowKey={({ id }) => id}
          />
        )}
      </Loaded>
      {edited !== null && (
        <RuleForm key={edited.id} rule={edited} onClose={() => setEdited(null)} />
      )}
    </Section>
  )
}
