import { Button, NumberInput, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { MeasureAction } from '../../../src/engine/measures'
import type { TargetView } from '../../../src/http/console/playbook-view'
import { Dialog, Mono, span } from '../kit'
import classes from './playbook.module.css'
import { PreviewText } from './preview-text'
import { useOrder } from './use-order'
import { usePreviews } from './use-previews'
import { ACTION_WORDS, DURATIONS, kindName } from './words'

const AS_USUAL = 'usual'

/** Asks before an order is given, with what it would have done in the last hour. */
export function OrderDialog({
  action,
  targets,
  incidentId,
  onClose,
}: {
  action: MeasureAction
  targets: readonly TargetView[]
  incidentId?: string
  onClose: () => void
}) {
  const [duration, setDuration] = useState(AS_USUAL)
  const [limit, setLimit] = useState<number | undefined>(undefined)
  const [typed, setTyped] = useState('')
  const { sum, previews, error, retry } = usePreviews(targets, action, limit, true)
  const order = useOrder(onClose)
  const words = ACTION_WORDS[action]
  const [only] = targets
  const title =
    targets.length === 1 && only !== undefined
      ? `${words.title}: ${kindName(only.kind)} ${only.key}`
      : `${words.title}: ${targets.length} ranges`
  const word = sum?.confirm ?? null
  const ready = sum !== null && (word === null || typed === word) && !order.isPending
  const usual = sum === null ? '' : ` (${span(sum.durationMs)})`
  const first = previews[0]
  return (
    <Dialog onClose={onClose} title={title} size="lg">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (!ready) return
          order.mutate({
            targets,
            action,
            confirmed: word !== null,
            ...(duration !== AS_USUAL && { durationMs: Number(duration) }),
            ...(limit !== undefined && { limit }),
            ...(incidentId !== undefined && { incidentId }),
          })
        }}
      >
        <p className={classes.about}>{words.about}</p>
        {targets.length > 1 && (
          <ul className={classes.targets} aria-label="Targets">
            {targets.map(({ kind, key }) => (
              <li key={`${kind} ${key}`}>
                <Mono>{key}</Mono>
              </li>
            ))}
          </ul>
        )}
        <PreviewText action={action} sum={sum} error={error} retry={retry} />
        <div className={classes.row}>
          <Select
            label="For"
            value={duration}
            onChange={(value) => setDuration(value ?? AS_USUAL)}
            allowDeselect={false}
            data={[
              { value: AS_USUAL, label: `As usual${usual}` },
              ...DURATIONS.map(([ms, label]) => ({ value: String(ms), label })),
            ]}
            description="It ends by itself and can be undone; longer when repeated within a day"
          />
          {action === 'throttle' && (
            <NumberInput
              label="Messages an hour"
              value={limit ?? first?.limit ?? ''}
              onChange={(value) => setLimit(typeof value === 'number' ? value : undefined)}
              min={0}
              max={1_000_000}
              allowDecimal={false}
              description={
                first === undefined || first.usualPeak === null
                  ? 'Nothing is usual here yet'
                  : `Half of the usual peak of ${first.usualPeak}`
              }
            />
          )}
        </div>
        {word !== null && (
          <TextInput
            label={`Type ${word} to order it all the same`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
        )}
        <div className={classes.end}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            // not disabled, which would leave the focus behind the dialog while the preview is read
            {...(!ready && { 'data-disabled': true })}
            aria-disabled={!ready}
            loading={order.isPending}
            data-autofocus
            {...(action !== 'allow' && { color: 'red.8' })}
          >
            {words.title}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
