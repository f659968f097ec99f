import { Button } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { askHello, useHello } from '../../api/hello'
import { safePath } from '../../app/return-path'
import { here, noPasskeys } from './availability'
import { Frame, Note, Text } from './frame'
import classes from './frame.module.css'
import { passkeyProblem, signInWithPasskey } from './passkey'
import { problemSentence } from './problems'
import { Recovery } from './recovery'
import { ThroughLink } from './through-link'

/** The ways in: a passkey, a recovery code, the organisation's provider, a one-time link. */
export function Page() {
  const [path] = useLocation()
  const [recovering, setRecovering] = useState(false)
  if (path === '/sign-in/setup') return <ThroughLink />
  if (recovering) return <Recovery onBack={() => setRecovering(false)} />
  return <SignIn onRecovery={() => setRecovering(true)} />
}

function SignIn({ onRecovery }: { onRecovery: () => void }) {
  const { data } = useHello()
  const search = new URLSearchParams(useSearch())
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState(() => problemSentence(search.get('problem')))
  const { setup = false, oidc = null, publicUrl = null } = data ?? {}
  const impossible = noPasskeys(here(), publicUrl)
  const next = safePath(search.get('to'))

  async function signIn(): Promise<void> {
    setBusy(true)
    setProblem(null)
    try {
      await signInWithPasskey()
      await askHello()
    } catch (error) {
      setProblem(passkeyProblem(error))
    } finally {
      setBusy(false)
    }
  }

  if (setup && oidc === null)
    return (
      <Frame title="Nobody can sign in yet">
        <Text>
          The first administrator is made by a one-time link. The gateway prints it where it was
          started, after <strong>sign in</strong>.
        </Text>
        <Text>
          The start is out of sight? Run <code>tollgate users link</code> on its machine, with the
          same configuration.
        </Text>
        <Button variant="default" onClick={() => void askHello()}>
          Look again
        </Button>
      </Frame>
    )
  return (
    <Frame title="Sign in">
      {problem !== null && <Note tone="bad">{problem}</Note>}
      {impossible !== null && <Note tone="warn">{impossible}</Note>}
      <Button
        loading={busy}
        disabled={impossible !== null}
        leftSection={<IconFingerprint size={18} aria-hidden />}
        onClick={() => void signIn()}
      >
        Sign in with a passkey
      </Button>
      {oidc !== null && (
        <Button
          variant="default"
          component="a"
          href={`/v1/console/oidc/start?next=${encodeURIComponent(next)}`}
        >
          Sign in with {oidc}
        </Button>
      )}
      <div className={classes.or}>or</div>
      <Button variant="subtle" onClick={onRecovery}>
        Use a recovery code
      </Button>
      <Text>
        Neither at hand? An administrator gives you a link; on the gateway's machine{' '}
        <code>tollgate users link</code> does.
      </Text>
    </Frame>
  )
}
