import { Button, Textarea } from '@mantine/core'
import type { IncidentView } from '../../../../src/http/console/incidents-view'
import { Section, useAct, useKept, useMe, When } from '../../kit'
import classes from './incidents.module.css'

const LONGEST = 2_000

/** What people found out, for those who come after them. */
export function Notes({ incident }: { incident: IncidentView }) {
  const me = useMe()
  const [text, setText, forget] = useKept(`incident ${incident.id}`, '')
  const add = useAct<unknown, string>('POST', `incidents/${incident.id}/notes`, {
    body: (written) => ({ text: written.trim() }),
    worked: (_, written) => forget(written),
  })
  return (
    <Section title="Notes">
      {incident.notes.length === 0 && !me.can('analyst') && (
        <p className={classes.soft}>Nobody has written any.</p>
      )}
      <ul className={classes.notes}>
        {incident.notes.map(({ at, by, text: written }) => (
          <li key={`${at} ${written}`}>
            <p>
              <bdi>{written}</bdi>
            </p>
            <span className={classes.soft}>
              <bdi>{by}</bdi>, <When at={at} />
            </span>
          </li>
        ))}
      </ul>
      {me.can('analyst') && (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault()
            if (text.trim() !== '') add.mutate(text)
          }}
        >
          <Textarea
            label="Add a note"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            maxLength={LONGEST}
            autosize
            minRows={2}
            maxRows={8}
          />
          <Button type="submit" size="xs" disabled={text.trim() === ''} loading={add.isPending}>
            Add note
          </Button>
        </form>
      )}
    </Section>
  )
}
