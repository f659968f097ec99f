import { Button, Checkbox, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { KeyView } from '../../../../src/http/console/access-view'
import { Dialog, Mono, sentenceOf, useAct } from '../../kit'
import { CopyText } from '../settings-users/copy-text'

const SCOPES = [
  ['verify', 'start and check verifications'],
  ['decide', 'ask for decisions only'],
  ['outcomes', 'report what became of users and messages'],
  ['admin', 'everything an administrator does here, by program'],
] as const

/** A new key: what it is for and what it may do; then its secret, once. */
export function CreateKey({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<string[]>(['verify'])
  const create = useAct<KeyView & { secret: string }, { name: string; scopes: string[] }>(
    'POST',
    'keys',
    { quiet: true },
  )
  const { data: made } = create
  if (made !== undefined)
    return (
      <Dialog
        onClose={onClose}
        title="The key's secret"
        closeOnClickOutside={false}
        closeOnEscape={false}
      >
        <Stack gap="md">
          <Text>
            Put it where the application reads its secrets. It is shown this once; the gateway keeps
            only its hash.
          </Text>
          <div>
            Id <Mono>{made.id}</Mono>
          </div>
          <Textarea
            label="Secret"
            readOnly
            autosize
            value={made.secret}
            onFocus={(event) => event.currentTarget.select()}
          />
          <Group justify="flex-end">
            <CopyText text={`${made.id}:${made.secret}`} label="Copy id and secret" />
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      </Dialog>
    )
  return (
    <Dialog onClose={onClose} title="Make an API key">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate({ name: name.trim(), scopes })
        }}
      >
        <Stack gap="md">
          <TextInput
            label="What it is for"
            placeholder="shop, production"
            maxLength={128}
            required
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={create.error ? sentenceOf(create.error) : undefined}
          />
          <Checkbox.Group label="It may" value={scopes} onChange={setScopes}>
            <Stack gap="xs" mt="xs">
              {SCOPES.map(([value, may]) => (
                <Checkbox key={value} value={value} label={value} description={may} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={create.isPending}
              disabled={scopes.length === 0 || name.trim() === ''}
            >
              Make the key
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
