import { Alert, Button, Checkbox, Group, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Erasure } from '../../../../src/ledger/privacy-port'
import { count, Dialog, Section, saveFile, sentenceOf, useAct, When } from '../../kit'

/** Settings, Privacy: what a person may ask about their own number. For administrators. */
export function Tab() {
  const [number, setNumber] = useState('')
  const [asked, setAsked] = useState(false)
  const [erased, setErased] = useState<Erasure | null>(null)
  const take = useAct<unknown, { number: string }>('POST', 'privacy/export', { again: [] })
  const given = number.trim()
  return (
    <Section
      title="A person asks about their number"
      about="Everything that is kept about it, as a file for them; or its erasure. Both are in the audit log, without the number."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          take.mutate({ number: given }, { onSuccess: download })
        }}
      >
        <TextInput
          label="Number"
          placeholder="+2348031234567"
          value={number}
          onChange={(event) => {
            setNumber(event.currentTarget.value)
            setErased(null)
          }}
          autoComplete="off"
          inputMode="tel"
          maw={320}
          required
        />
        <Group mt="md">
          <Button type="submit" loading={take.isPending} disabled={given === ''}>
            Export its data
          </Button>
          <Button
            variant="default"
            color="red"
            disabled={given === ''}
            onClick={() => setAsked(true)}
          >
            Erase it…
          </Button>
        </Group>
      </form>
      {erased !== null && <Done erased={erased} />}
      {asked && (
        <Erase
          number={given}
          close={() => setAsked(false)}
          done={(answer) => {
            setErased(answer)
            setAsked(false)
          }}
        />
      )}
    </Section>
  )
}

/** There is no way back: the number is written once more. */
function Erase({
  number,
  close,
  done,
}: {
  number: string
  close: () => void
  done: (erased: Erasure) => void
}) {
  const [confirm, setConfirm] = useState('')
  const [lists, setLists] = useState(false)
  const act = useAct<Erasure, { number: string; confirm: string; lists: boolean }>(
    'POST',
    'privacy/erase',
    {
      again: ['decisions', 'lists', 'review', 'reports'],
      quiet: true,
    },
  )
  return (
    <Dialog onClose={close} title="Erase this number">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          act.mutate({ number, confirm, lists }, { onSuccess: done })
        }}
      >
        <p>
          It is taken out of requests, verifications, messages and reports, with the addresses and
          devices it was asked from. Money and counts stay. An open verification ends. There is no
          way back.
        </p>
        <Checkbox
          label="From the allow, deny and watch lists too"
          description="Somebody may have had a reason to put it there."
          checked={lists}
          onChange={(event) => setLists(event.currentTarget.checked)}
          mb="md"
        />
        <TextInput
          label="The number once more"
          value={confirm}
          onChange={(event) => setConfirm(event.currentTarget.value)}
          autoComplete="off"
          inputMode="tel"
          required
          error={act.error === null ? undefined : sentenceOf(act.error)}
          data-autofocus
        />
        <Group mt="lg" justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button
            type="submit"
            color="red"
            loading={act.isPending}
            disabled={confirm.trim() === ''}
          >
            Erase
          </Button>
        </Group>
      </form>
    </Dialog>
  )
}

const many = (n: number, what: string): string => `${count(n)} ${what}${n === 1 ? '' : 's'}`

function Done({ erased }: { erased: Erasure }) {
  const { requests, verifications, sends, documents, inFlight, inFlightUntil } = erased
  const left = [...erased.listsLeft, ...(erased.watchLeft ? ['watch'] : [])]
  return (
    <Alert mt="lg" color={inFlight > 0 || left.length > 0 ? 'yellow' : 'teal'} role="status">
      <p>
        Erased from {many(requests, 'request')}, {many(verifications, 'verification')},{' '}
        {many(sends, 'message')} and {many(documents, 'document')}.
      </p>
      {inFlight > 0 && inFlightUntil !== null && (
        <p>
          <strong>It is not gone yet:</strong> {many(inFlight, 'message')} cannot be erased before{' '}
          <When at={inFlightUntil} />. Erase it again then.
        </p>
      )}
      {left.length > 0 && <p>It is still on these lists: {left.join(', ')}.</p>}
      {erased.policyVersions.length > 0 && (
        <p>
          The policy names it, in versions {erased.policyVersions.join(', ')}: publish one without
          it.
        </p>
      )}
    </Alert>
  )
}

/** A file of the person's, without their number in its name. */
const download = (data: unknown): void =>
  saveFile('personal-data.json', 'application/json', JSON.stringify(data, null, 2))
