import { Alert, Button, FileButton, Group, Text, TextInput } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { InvoiceView } from '../../../../src/http/console/money-view'
import { ProblemError, Section, sentenceOf, useAct, useMe } from '../../kit'
import classes from './invoice.module.css'
import { InvoiceResult } from './invoice-result'
import { packed } from './packed'

const MOST_BYTES = 200 * 1024 * 1024
/** 50 MB over a slow line, and two million messages to compare. */
const LIMIT_MS = 15 * 60_000

/** A provider's invoice against what the ledger sent. */
export function Invoice() {
  const me = useMe()
  const [wrong, setWrong] = useState<string | null>(null)
  const [packing, setPacking] = useState(false)
  const [map, setMap] = useState('')
  const reset = useRef<() => void>(null)
  const check = useAct<InvoiceView, FormData>(
    'POST',
    () => `money/invoice${map.trim() === '' ? '' : `?map=${encodeURIComponent(map.trim())}`}`,
    { again: [], quiet: true, limitMs: LIMIT_MS },
  )

  // anything else has nothing to do with what is in the file
  const unreadable = check.error instanceof ProblemError && check.error.status === 400

  async function send(file: File | null) {
    if (file === null) return
    // the same file may be chosen again, with its columns named
    reset.current?.()
    if (file.size > MOST_BYTES) {
      setWrong('That file has more than 200 MB: use "tollgate reconcile" on the command line.')
      return
    }
    setWrong(null)
    setPacking(true)
    const body = await packed(file).finally(() => setPacking(false))
    check.mutate(body)
  }

  return (
    <Section
      title="Check an invoice"
      about="Messages one by one, or sums by period and country, as CSV or JSON. It is compared with what this gateway sent and then removed."
      actions={
        me.can('analyst') && (
          <FileButton
            resetRef={reset}
            onChange={(file) => void send(file)}
            accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl,.gz"
          >
            {(props) => (
              <Button
                {...props}
                variant="default"
                size="xs"
                leftSection={<IconUpload size={14} aria-hidden />}
                loading={packing || check.isPending}
              >
                Choose a file
              </Button>
            )}
          </FileButton>
        )
      }
    >
      {wrong !== null && (
        <Text c="red" size="sm" role="alert">
          {wrong}
        </Text>
      )}
      {check.error !== null && (
        <Alert
          color="red"
          role="alert"
          mb="md"
          title={unreadable ? 'The file was not understood' : 'The file was not compared'}
        >
          <Text size="sm" className={classes.words}>
            {sentenceOf(check.error).replace(/^file: /, '')}
          </Text>
          {unreadable && (
            <TextInput
              mt="sm"
              label="Columns"
              description="Which column is which, as proposed above; then choose the file again"
              placeholder="to=recipient,at=created,price=cost"
              maxLength={500}
              value={map}
              onChange={(event) => setMap(event.currentTarget.value)}
            />
          )}
        </Alert>
      )}
      {check.data !== undefined ? (
        <InvoiceResult view={check.data} />
      ) : (
        <Group>
          <Text size="sm" c="dimmed">
            {me.can('analyst')
              ? 'What is billed and was never sent is traffic you did not make, or messages you did not order.'
              : 'Analysts can compare an invoice here.'}
          </Text>
        </Group>
      )}
    </Section>
  )
}
