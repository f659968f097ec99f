import { Button, TextInput } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useState } from 'react'
import type { SignedInView } from '../../../../src/http/console/access-view'
import { askHello, useHello } from '../../api/hello'
import { request } from '../../api/request'
import { sentenceOf } from '../../kit'
import { here, noPasskeys } from './availability'
import { Frame, Note, Text } from './frame'
import { addPasskey, passkeyProblem } from './passkey'

/** In with a recovery code, and then a new passkey in place of the one that is lost. */
export function Recovery({ onBack }: { onBack: () => void }) {
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [inside, setInside] = useState(false)

  async function enter(): Promise<void> {
    setBusy(true)
    setProblem(null)
    try {
      await request<SignedInView>('sign-in/recovery', { method: 'POST', body: { code } })
      setInside(true)
    } catch (error) {
      setProblem(sentenceOf(error))
    } finally {
      setBusy(false)
    }
  }

  if (inside) return <NewPasskey />
  return (
    <Frame title="Use a recovery code">
      <Text>One of the ten codes you were given. It works once.</Text>
      {problem !== null && <Note tone="bad">{problem}</Note>}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void enter()
        }}
      >
        <TextInput
          label="Recovery code"
          placeholder="7f3k-9mzq-41xd-ek0t"
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
          required
          data-autofocus
          mb="md"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" fullWidth loading={busy}>
          Sign in
        </Button>
      </form>
      <Button variant="subtle" onClick={onBack}>
        Back to passkeys
      </Button>
    </Frame>
  )
}

/** Whoever needed a code has no passkey at hand: now is the time for a new one. */
function NewPasskey() {
  const publicUrl = useHello().data?.publicUrl ?? null
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const impossible = noPasskeys(here(), publicUrl)

  async function make(): Promise<void> {
    setBusy(true)
    setProblem(null)
    try {
      await addPasskey('')
      await askHello()
    } catch (error) {
      setProblem(passkeyProblem(error))
      setBusy(false)
    }
  }

  return (
    <Frame title="Make a new passkey">
      <Text>
        You are in, and the code is used up. Make a passkey on this device, so that the next sign-in
        needs no code. Remove a lost one in Settings, Users.
      </Text>
      {impossible !== null && <Note tone="warn">{impossible}</Note>}
      {problem !== null && <Note tone="bad">{problem}</Note>}
      <Button
        loading={busy}
        disabled={impossible !== null}
        leftSection={<IconFingerprint size={18} aria-hidden />}
        onClick={() => void make()}
      >
        Make a passkey
      </Button>
      <Button variant="subtle" onClick={() => void askHello()}>
        Later
      </Button>
    </Frame>
  )
}
