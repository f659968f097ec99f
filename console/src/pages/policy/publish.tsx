import { Button, Group, Modal, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { PublishedView } from '../../../../src/http/console/policy-view'
import { count, percent, useAct, useFocusBack } from '../../kit'
import { Differences, TextDiff } from './diff-view'
import classes from './policy.module.css'

type Refused = Extract<PublishedView, { ok: false }>

interface PublishProps {
  opened: boolean
  onClose: () => void
  /** a verb, e.g. "Publish" */
  action: string
  /** `policy/publish`, or a version's roll-back */
  path: string
  /** the text, for publishing; nothing for a roll-back */
  text?: string
  base: number
  /** the text in force, to be compared with that of somebody who was faster */
  published: string
  note?: string
  onPublished: (version: number) => void
  /** goes on from somebody else's version */
  onBegin: (text: string, base: number) => void
}

/** Why, and then it is in force; with whatever the gateway has to say against it. */
export function Publish(props: PublishProps) {
  const { opened, onClose, action, path, text, base, onPublished } = props
  const [note, setNote] = useState(props.note ?? '')
  const [typed, setTyped] = useState('')
  useFocusBack(opened)
  const [refused, setRefused] = useState<Refused | null>(null)
  const publish = useAct<PublishedView, Record<string, unknown>>('POST', path, {
    again: ['policy', 'checklist'],
  })
  const warned = refused?.why === 'warning' ? refused : null
  const ready =
    note.trim() !== '' && (warned === null || typed.trim().toUpperCase() === warned.phrase)
  const submit = (): void =>
    publish.mutate(
      {
        base,
        note: note.trim(),
        ...(text !== undefined && { text }),
        ...(typed !== '' && { confirmation: typed.trim() }),
      },
      {
        onSuccess: (answer) => {
          if (!answer.ok) {
            setRefused(answer)
            setTyped('')
            return
          }
          notifications.show({ message: `Version ${answer.version} is in force`, color: 'teal' })
          setNote(props.note ?? '')
          onPublished(answer.version)
          onClose()
        },
      },
    )
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`${action} the policy`}
      size="lg"
      // its answer may be a question
      closeOnEscape={!publish.isPending}
      closeOnClickOutside={!publish.isPending}
      withCloseButton={!publish.isPending}
      onExitTransitionEnd={() => {
        setRefused(null)
        setTyped('')
      }}
    >
      <form
        className={classes.stack}
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) submit()
        }}
      >
        {refused !== null && <Refusal refused={refused} {...props} />}
        {refused?.why !== 'conflict' && (
          <>
            <Textarea
              label="Why"
              description="Kept with the version, for whoever asks later."
              autosize
              minRows={2}
              maxLength={500}
              required
              data-autofocus
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            {warned !== null && (
              <TextInput
                label={`Type ${warned.phrase} to publish it all the same`}
                autoComplete="off"
                spellCheck={false}
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
            )}
            <Group justify="flex-end">
              <Button variant="default" disabled={publish.isPending} onClick={onClose}>
                Cancel
              </Button>
              <Button
                type="submit"
                disabled={!ready}
                loading={publish.isPending}
                {...(warned !== null && { color: 'red.8' })}
              >
                {warned === null ? action : `${action} all the same`}
              </Button>
            </Group>
          </>
        )}
      </form>
    </Modal>
  )
}

function Refusal({ refused, ...props }: PublishProps & { refused: Refused }) {
  switch (refused.why) {
    case 'unchanged':
      return <Told>This is what is in force already.</Told>
    case 'file':
      return <Told>{refused.message}</Told>
    case 'invalid':
      return (
        <Told>
          Line {refused.errors[0]?.line}: {refused.errors[0]?.message}. {refused.errors[0]?.hint}.
        </Told>
      )
    case 'warning':
      return (
        <Told>
          <strong>{refused.warning}</strong> Of {count(refused.impact.requests)} requests{' '}
          {percent(refused.impact.refusedNow)} get no message now and{' '}
          {percent(refused.impact.refusedThen)} would get none then; people who verified and would
          be refused: {count(refused.impact.peopleThen)}, now {count(refused.impact.peopleNow)}.
        </Told>
      )
    case 'conflict':
      return <Conflict refused={refused} {...props} />
  }
}

const Told = ({ children }: { children: React.ReactNode }) => (
  <div className={classes.told} role="alert">
    {children}
  </div>
)

/** Two people edited one version: what the other did, and both together. */
function Conflict({
  refused,
  published,
  onBegin,
  onClose,
}: PublishProps & { refused: Extract<Refused, { why: 'conflict' }> }) {
  const { theirs, theirText, changed, merged, overlaps } = refused
  return (
    <div className={classes.stack}>
      <Told>
        <strong>
          {theirs.byName} published version {theirs.version} while you were editing
        </strong>
        {theirs.note !== null && (
          <>
            : <bdi>{theirs.note}</bdi>
          </>
        )}
        . Nothing of yours was published, and nothing of it is lost.
      </Told>
      <h3 className={classes.h3}>What they changed</h3>
      {changed.length > 0 ? (
        <Differences of={changed} />
      ) : (
        <TextDiff before={published} after={theirText} />
      )}
      {overlaps.length > 0 && (
        <Told>
          You both changed {overlaps.join(', ')}. In the merged text yours stands: look at it before
          you publish.
        </Told>
      )}
      <Group justify="flex-end">
        <Button
          variant="default"
          onClick={() => {
            onBegin(theirText, theirs.version)
            onClose()
          }}
        >
          Take theirs
        </Button>
        {merged === null ? (
          <p className={classes.fieldAbout}>
            The two cannot be put together by themselves: copy your text, take theirs, and make your
            change again.
          </p>
        ) : (
          <Button
            onClick={() => {
              onBegin(merged, theirs.version)
              onClose()
            }}
          >
            Merge mine into theirs
          </Button>
        )}
      </Group>
    </div>
  )
}
