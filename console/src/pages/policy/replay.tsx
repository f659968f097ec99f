import { Button, Checkbox, Group, Progress, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReplayView } from '../../../../src/http/console/policy-view'
import { dayOf, Empty, Failed, ProblemError, request, timeOf, useAct, useMe } from '../../kit'
import classes from './policy.module.css'
import { ReplayResult } from './replay-result'

/** The replay that was asked for here, and of which text; kept while the page is left. */
let kept: { id: string; text: string } | null = null

const POLL_MS = 700

/** The gateway was started again meanwhile, or ran too many others since. */
const isGone = (error: Error | null): boolean =>
  error instanceof ProblemError && error.status === 404

const moment = (at: number): string => `${dayOf(at)}, ${timeOf(at)}`

/** Recorded traffic under the text in the editor, beside the policy in force. */
export function Replay({
  text,
  ready,
  running,
}: {
  text: string
  /** the text is a policy */
  ready: boolean
  /** a replay that somebody else started */
  running: string | null
}) {
  const { can } = useMe()
  const [mine, setMine] = useState(kept)
  const [days, setDays] = useState('7')
  const [enforce, setEnforce] = useState(false)
  const id = mine?.id ?? running
  const query = useQuery<ReplayView>({
    queryKey: ['policy-replay', id],
    queryFn: ({ signal }) => request<ReplayView>(`policy/replays/${id}`, { signal }),
    enabled: id !== null,
    refetchInterval: ({ state }) =>
      state.data?.state === 'running' && !isGone(state.error) ? POLL_MS : false,
  })
  const start = useAct<ReplayView, { text: string; days: number; enforce: boolean }>(
    'POST',
    'policy/replays',
    { again: [] },
  )
  const cancel = useAct<unknown, { id: string }>('DELETE', ({ id: of }) => `policy/replays/${of}`, {
    again: [],
  })
  const replay = id === null || isGone(query.error) ? undefined : query.data
  const busy = replay?.state === 'running'
  return (
    <div className={classes.stack}>
      {can('analyst') && (
        <Group gap="md" align="center">
          <SegmentedControl
            size="xs"
            aria-label="Time that is replayed"
            data={[
              { value: '1', label: 'Last day' },
              { value: '7', label: '7 days' },
              { value: '30', label: '30 days' },
            ]}
            value={days}
            onChange={setDays}
          />
          <Checkbox
            size="xs"
            label="As if enforced"
            checked={enforce}
            onChange={(event) => setEnforce(event.currentTarget.checked)}
          />
          <Button
            size="xs"
            disabled={!ready || busy}
            loading={start.isPending}
            onClick={() =>
              start.mutate(
                { text, days: Number(days), enforce },
                {
                  onSuccess: (made) => {
                    kept = { id: made.id, text }
                    setMine(kept)
                  },
                },
              )
            }
          >
            Replay
          </Button>
          {busy && (
            <Button
              size="xs"
              variant="default"
              loading={cancel.isPending}
              onClick={() => cancel.mutate({ id: replay.id })}
            >
              Cancel
            </Button>
          )}
        </Group>
      )}
      {replay === undefined && query.error === null && (
        <Empty title="Try it on what really happened">
          The requests of the last days are decided again, once by the policy in force and once by
          the text in the editor. What differs is what publishing would have changed.
        </Empty>
      )}
      {query.error !== null && replay === undefined && (
        <Failed
          error={query.error}
          {...(!isGone(query.error) && { retry: () => void query.refetch() })}
        />
      )}
      {replay !== undefined && (
        <>
          <p className={classes.fieldAbout}>
            {busy ? 'Replaying' : 'Replayed'} {moment(replay.from)} to {moment(replay.to)}
            {replay.enforce && ', as if enforced'}
            {mine !== null && mine.text !== text && ' · the text has changed since'}
          </p>
          {busy && (
            <Progress
              aria-label="Progress of the replay"
              value={
                replay.progress === null
                  ? 0
                  : Math.min(100, (100 * replay.progress.rows) / Math.max(1, replay.progress.of))
              }
            />
          )}
          {replay.state === 'cancelled' && <Empty title="The replay was cancelled" />}
          {replay.state === 'failed' && (
            <Failed error={new Error(replay.error ?? 'The replay failed.')} />
          )}
          {replay.result !== null && <ReplayResult result={replay.result} />}
        </>
      )}
    </div>
  )
}
