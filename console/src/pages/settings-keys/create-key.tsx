import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { KeyView } from '../../../../src/http/console/access-view'
import { Dialog, Mono, ShownOnce, sentenceOf, useAct } from '../../kit'

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
      <Dialog stays onClose={onClose} title="The key's secret">
        <ShownOnce
          label="Secret"
          value={made.secret}
          copied={`${made.id}:${made.secret}`}
          copy="Copy id and secret"
          onDone={onClose}
        >
          <Text>
            Put it where the application reads its secrets. It is shown this once; the gateway keeps
            only its hash.
          </Text>
          <div>
            Id <Mono>{made.id}</Mono>
          </div>
        </ShownOnce>
      </Dialog>
    )
  return (
    <Dialog
      stays={create.isPending}
      written={name.trim() !== ''}
      onClose={onClose}
      title="Make an API key"
    >
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
            <Button variant="default" disabled={create.isPending} onClick={onClose}>
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
