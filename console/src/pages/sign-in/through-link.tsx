import { Button, TextInput } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { LinkView, SignedInView } from '../../../../src/http/console/access-view'
import { askHello, useHello } from '../../api/hello'
import { request } from '../../api/request'
import { Loading, sentenceOf } from '../../kit'
import { here, noPasskeys } from './availability'
import { Frame, Note, Text } from './frame'
import { passkeyProblem, registerThroughLink } from './passkey'
import { RecoveryCodes } from './recovery-codes'

/** The token of a one-time link: in the fragment, which browsers send to nobody. */
const tokenOf = (hash: string): string => new URLSearchParams(hash.slice(1)).get('token') ?? ''

const TITLE: Record<LinkView['purpose'], string> = {
  setup: 'Set up the first administrator',
  invite: 'Welcome',
  passkey: 'Get in again',
}

/** What a one-time link opens: a name for the first administrator, a passkey, and recovery codes to keep. */
export function ThroughLink() {
  const [token] = useState(() => tokenOf(location.hash))
  const [, navigate] = useLocation()
  const [done, setDone] = useState<SignedInView | null>(null)
  const link = useQuery({
    queryKey: ['link', token],
    queryFn: () => request<LinkView>('link', { method: 'POST', body: { token } }),
    enabled: /^[A-Za-z0-9_-]{43}$/.test(token) && done === null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })

  async function goOn(): Promise<void> {
    // the token leaves the address and the history with it
    navigate('/', { replace: true })
    await askHello()
  }

  if (done !== null)
    return (
      <Frame title={done.recoveryCodes === null ? 'You are in' : 'Keep your recovery codes'}>
        {done.recoveryCodes === null ? (
          <>
            <Text>The new passkey works from now on. Your recovery codes are as before.</Text>
            <Button onClick={() => void goOn()}>Go to the console</Button>
          </>
        ) : (
          <RecoveryCodes
            codes={done.recoveryCodes}
            action="Go to the console"
            onDone={() => void goOn()}
          />
        )}
      </Frame>
    )
  if (link.data !== undefined) return <Register token={token} link={link.data} onDone={setDone} />
  if (link.isLoading)
    return (
      <Frame title="One-time link">
        <Loading lines={3} />
      </Frame>
    )
  return (
    <Frame title="This link does not work">
      <Note tone="bad">
        {link.error
          ? sentenceOf(link.error)
          : 'The address is not whole: open the link as it was given, all of it.'}
      </Note>
      <Text>
        Links work once. Whoever runs the gateway makes another with{' '}
        <code>tollgate users link</code>; with a new start it prints one too, as long as there is no
        user.
      </Text>
      <Button variant="default" onClick={() => navigate('/sign-in', { replace: true })}>
        Go to sign-in
      </Button>
    </Frame>
  )
}

function Register({
  token,
  link,
  onDone,
}: {
  token: string
  link: LinkView
  onDone: (signedIn: SignedInView) => void
}) {
  const publicUrl = useHello().data?.publicUrl ?? null
  const [name, setName] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const impossible = noPasskeys(here(), publicUrl)

  async function register(): Promise<void> {
    setBusy(true)
    setProblem(null)
    try {
      onDone(await registerThroughLink(token, name.trim()))
    } catch (error) {
      setProblem(passkeyProblem(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <Frame title={TITLE[link.purpose]}>
      <Text>
        {link.purpose === 'setup' ? (
          'You will administer this console: its policy, users, keys and alerts. There is no password; this device keeps a passkey.'
        ) : (
          <>
            {link.purpose === 'invite' ? 'You are invited as ' : 'This makes a new passkey for '}
            <strong>
              <bdi>{link.name}</bdi>
            </strong>{' '}
            ({link.role}). There is no password; this device keeps a passkey.
          </>
        )}
      </Text>
      {impossible !== null && <Note tone="warn">{impossible}</Note>}
      {problem !== null && <Note tone="bad">{problem}</Note>}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void register()
        }}
      >
        {link.purpose === 'setup' && (
          <TextInput
            label="Your name"
            description="as the audit log shows it"
            placeholder="ada@example.com"
            autoComplete="username"
            maxLength={64}
            required
            mb="md"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <Button
          type="submit"
          fullWidth
          loading={busy}
          disabled={impossible !== null}
          leftSection={<IconFingerprint size={18} aria-hidden />}
        >
          Make a passkey
        </Button>
      </form>
    </Frame>
  )
}
