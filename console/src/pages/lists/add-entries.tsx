import {
  Button,
  FileButton,
  Group,
  SegmentedControl,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useRef, useState } from 'react'
import type {
  ListChangedView,
  ListName,
  ListPreviewView,
} from '../../../../src/http/console/lists-view'
import { count, Dialog, Empty, Mono, StateBadge, useAct, useKept, useNow, When } from '../../kit'
import { EndChoice, endAt } from './ends'
import classes from './lists.module.css'

const EXAMPLE = `+2348031234567
+23480*, pumped in March, 30d
203.0.113.0/24
AS64500
device:3f9a`
/** Lines of a preview that are shown; all of them are added. */
const SHOWN = 50
const MAX_BYTES = 1_000_000

/** One entry or thousands, pasted or from a file: looked at before anything is added. */
export function AddEntries({
  first,
  hashed,
  onClose,
}: {
  first: ListName
  hashed: boolean
  onClose: () => void
}) {
  const now = useNow()
  const [list, setList] = useState<ListName>(first)
  const [text, setText, forget] = useKept('lists', '')
  const [note, setNote] = useState('')
  const [ends, setEnds] = useState('never')
  const reset = useRef<() => void>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const preview = useAct<ListPreviewView, { text: string }>('POST', `lists/${list}/preview`, {
    again: [],
  })
  const add = useAct<
    ListChangedView,
    { of: string; entries: { entry: string; note: string; expiresAt: number | null }[] }
  >('POST', `lists/${list}/entries`, {
    body: ({ entries }) => ({ entries }),
    worked: (_, { of }) => forget(of),
    done: ({ change }) => `Added ${count(change?.count ?? 0)}; Undo stands below`,
  })
  const read = preview.data
  const change = (to: string): void => {
    setText(to)
    preview.reset()
  }
  return (
    <Dialog stays={add.isPending} onClose={onClose} title="Add entries" size="lg">
      <Stack gap="md">
        <SegmentedControl
          size="xs"
          aria-label="List"
          value={list}
          onChange={(value) => {
            setList(value as ListName)
            preview.reset()
          }}
          data={[
            { value: 'deny', label: 'Deny' },
            { value: 'allow', label: 'Allow' },
            { value: 'watch', label: 'Watch' },
          ]}
        />
        <div>
          <Textarea
            label="Entries, one a line"
            description={
              hashed && list === 'watch'
                ? 'Numbers are kept as hashes: watch ranges, not single numbers. A note and an end may follow, separated by commas.'
                : 'Numbers, ranges (+23480*), addresses, subnets, AS64500, device:x, account:x. A note and an end may follow, separated by commas.'
            }
            placeholder={EXAMPLE}
            autosize
            minRows={5}
            maxRows={12}
            spellCheck={false}
            data-autofocus
            classNames={{ input: classes.mono }}
            value={text}
            onChange={(event) => change(event.currentTarget.value)}
          />
          <FileButton
            resetRef={reset}
            accept=".csv,.txt,text/csv,text/plain"
            onChange={(file) => {
              if (file === null) return
              // the same file may be chosen again, mended
              reset.current?.()
              if (file.size > MAX_BYTES) {
                setTrouble('The file is over 1 MB: lists take 5,000 entries at a time.')
                return
              }
              setTrouble(null)
              void file.text().then(change)
            }}
          >
            {(props) => (
              <Button {...props} size="compact-xs" variant="subtle" mt={4}>
                or take them from a CSV file
              </Button>
            )}
          </FileButton>
          {trouble !== null && (
            <p className={classes.problem} role="alert">
              {trouble}
            </p>
          )}
        </div>
        <Group grow align="flex-start">
          <TextInput
            label="Why, for those without a note"
            maxLength={200}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <EndChoice value={ends} onChange={setEnds} />
        </Group>
        {read !== undefined && <Preview read={read} />}
        <Group justify="flex-end">
          <Button
            variant="default"
            disabled={add.isPending}
            onClick={() => {
              // given up: what is only closed is still there when it is opened again
              setText('')
              onClose()
            }}
          >
            Cancel
          </Button>
          {read === undefined || read.entries.length === 0 ? (
            <Button
              disabled={text.trim() === ''}
              loading={preview.isPending}
              onClick={() => preview.mutate({ text })}
            >
              Look at them
            </Button>
          ) : (
            <Button
              loading={add.isPending}
              onClick={() =>
                add.mutate(
                  {
                    of: text,
                    entries: read.entries.map((entry) => ({
                      entry: entry.entry,
                      note: entry.note === '' ? note.trim() : entry.note,
                      expiresAt: entry.expiresAt ?? endAt(ends, now),
                    })),
                  },
                  { onSuccess: onClose },
                )
              }
            >
              Add {count(read.entries.length)} to the {list} list
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  )
}

function Preview({ read }: { read: ListPreviewView }) {
  if (read.lines === 0) return <Empty title="There is no entry in it" />
  const more = read.entries.length - SHOWN
  return (
    <div className={classes.preview}>
      {read.problems.length > 0 && (
        <>
          <p className={classes.problem} role="alert">
            {count(read.problems.length)} {read.problems.length === 1 ? 'line is' : 'lines are'}{' '}
            left out:
          </p>
          <ul className={classes.lines}>
            {read.problems.slice(0, SHOWN).map(({ line, text, message }) => (
              <li key={line}>
                Line {line}: <Mono>{text}</Mono> {message}
              </li>
            ))}
          </ul>
        </>
      )}
      <ul className={classes.lines} aria-label="What is added">
        {read.entries.slice(0, SHOWN).map(({ line, entry, note, expiresAt, state, also }) => (
          <li key={line}>
            <Mono>{entry}</Mono>
            {state === 'known' && <StateBadge>there already</StateBadge>}
            {also !== null && <StateBadge tone="warn">also on {also}</StateBadge>}
            {note !== '' && <bdi className={classes.soft}>{note}</bdi>}
            {expiresAt !== null && (
              <span className={classes.soft}>
                ends <When at={expiresAt} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {more > 0 && <p className={classes.soft}>and {count(more)} more</p>}
    </div>
  )
}
