import { Button } from '@mantine/core'
import type { SessionView } from '../../../../src/http/console/access-view'
import { askHello, useHello } from '../../api/hello'
import { Section, span, useAct } from '../../kit'
import { SessionTable } from './session-table'

/** Where one is signed in oneself. */
export function OwnSessions({ sessions }: { sessions: readonly SessionView[] }) {
  const end = useAct<void, SessionView>('DELETE', ({ id }) => `me/sessions/${id}`, {
    again: ['me', 'users'],
  })
  const idle = useHello().data?.session?.idleMs
  const others = useAct<void>('DELETE', 'me/sessions?but=this', {
    again: ['me', 'users'],
    done: 'Signed out everywhere else',
  })
  return (
    <Section
      flush
      title="Your sessions"
      about={`A session ends ${idle === undefined ? 'when nobody uses it' : `after ${span(idle)} without use`}, and at the latest when the list says.`}
      actions={
        <Button
          size="xs"
          variant="default"
          disabled={sessions.length < 2}
          loading={others.isPending}
          onClick={() => others.mutate()}
        >
          Sign out everywhere else
        </Button>
      }
    >
      <SessionTable
        sessions={sessions}
        onEnd={(session) =>
          end.mutate(session, {
            onSuccess: () => {
              if (session.current) void askHello()
            },
          })
        }
      />
    </Section>
  )
}
