import { Button, Group, Modal, Textarea } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconHelpCircle,
} from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { ChecklistView, CheckRow } from '../../../../src/http/console/checklist-view'
import {
  Column,
  Figure,
  Figures,
  Loaded,
  PageTitle,
  Section,
  useAct,
  useApi,
  useMe,
} from '../../kit'
import classes from './checklist.module.css'

const GROUPS: readonly (readonly [CheckRow['group'], string])[] = [
  ['limits', 'What bounds the loss'],
  ['numbers', 'Which numbers are taken'],
  ['watching', 'Who is told'],
  ['readiness', 'Ready for an attack or an outage'],
  ['running', 'How it is run'],
]

/** Worst first within a group: what has to be done stands on top. */
const ORDER: Record<CheckRow['state'], number> = {
  fail: 0,
  warn: 1,
  confirm: 2,
  unknown: 3,
  pass: 4,
}

/** The protection checklist, evaluated on what is configured now. */
export function Page() {
  const checklist = useApi<ChecklistView>('checklist', {}, { live: ['policy', 'alert'] })
  return (
    <Column>
      <PageTitle
        title="Checklist"
        about="Evaluated on what is configured now. Each row that fails leads to what mends it."
      />
      <Loaded query={checklist}>
        {({ rows }) => (
          <>
            <Summary rows={rows} />
            {GROUPS.map(([group, title]) => (
              <Section key={group} title={title} flush>
                <ul className={classes.rows}>
                  {rows
                    .filter((row) => row.group === group)
                    .sort((a, b) => ORDER[a.state] - ORDER[b.state])
                    .map((row) => (
                      <Row key={row.id} row={row} />
                    ))}
                </ul>
              </Section>
            ))}
          </>
        )}
      </Loaded>
    </Column>
  )
}

function Summary({ rows }: { rows: readonly CheckRow[] }) {
  const of = (...states: CheckRow['state'][]): number =>
    rows.filter(({ state }) => states.includes(state)).length
  const failing = of('fail')
  return (
    <Figures>
      <Figure
        label="In order"
        value={`${of('pass')} of ${rows.length}`}
        {...(failing === 0 && { tone: 'good' as const })}
      />
      <Figure label="Failing" value={failing} {...(failing > 0 && { tone: 'bad' as const })} />
      <Figure label="Could be better" value={of('warn')} />
      <Figure label="To be confirmed" value={of('confirm')} about="only a person can say" />
    </Figures>
  )
}

const STATES = {
  pass: { icon: IconCircleCheck, tone: 'good', word: 'In order' },
  warn: { icon: IconAlertTriangle, tone: 'warn', word: 'Could be better' },
  fail: { icon: IconCircleX, tone: 'bad', word: 'Failing' },
  unknown: { icon: IconHelpCircle, tone: 'plain', word: 'Not known yet' },
  confirm: { icon: IconHelpCircle, tone: 'hold', word: 'To be confirmed' },
} as const

function Row({ row: { id, title, state, why, evidence, remedy } }: { row: CheckRow }) {
  const { icon: Icon, tone, word } = STATES[state]
  return (
    <li className={classes.row}>
      <span className={classes.icon} data-tone={tone}>
        <Icon size={20} aria-hidden />
        <span className={classes.hidden}>{word}:</span>
      </span>
      <div className={classes.words}>
        <h3 className={classes.title}>{title}</h3>
        <p className={classes.why}>{why}</p>
        <p className={classes.evidence}>
          <bdi>{evidence}</bdi>
        </p>
      </div>
      {remedy !== null && (
        <div className={classes.remedy}>
          <Mend id={id} title={title} remedy={remedy} />
        </div>
      )}
    </li>
  )
}

function Mend({
  id,
  title,
  remedy,
}: Pick<CheckRow, 'id' | 'title'> & { remedy: NonNullable<CheckRow['remedy']> }) {
  const { can } = useMe()
  switch (remedy.kind) {
    case 'policy':
      return (
        <Button component={Link} href={`/policy?fix=${id}`} size="xs" variant="light">
          {remedy.label}
        </Button>
      )
    case 'page':
      return (
        <Button component={Link} href={remedy.to} size="xs" variant="light">
          {remedy.label}
        </Button>
      )
    case 'do':
      return <p className={classes.todo}>{remedy.label}</p>
    case 'confirm':
      return can('analyst') ? <Confirmation id={id} title={title} label={remedy.label} /> : null
  }
}

function Confirmation({ id, title, label }: { id: string; title: string; label: string }) {
  const [opened, setOpened] = useState(false)
  const [note, setNote] = useState('')
  const confirm = useAct<unknown, { note: string }>('POST', `checklist/${id}/confirm`, {
    done: 'Noted; it is asked again in 90 days',
  })
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpened(true)}>
        {label}
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={title}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            confirm.mutate({ note: note.trim() }, { onSuccess: () => setOpened(false) })
          }}
        >
          <Textarea
            label="Where it is, and when it was last tried"
            description="Shown here with your name for 90 days, and kept in the audit log."
            autosize
            minRows={2}
            maxLength={300}
            required
            data-autofocus
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Group mt="md" justify="flex-end">
            <Button variant="default" onClick={() => setOpened(false)}>
              Cancel
            </Button>
            <Button type="submit" disabled={note.trim() === ''} loading={confirm.isPending}>
              Confirm
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  )
}
