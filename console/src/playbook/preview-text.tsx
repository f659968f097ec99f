import { Alert } from '@mantine/core'
import { IconAlertTriangle, IconEye } from '@tabler/icons-react'
import type { MeasureAction } from '../../../src/engine/measures'
import { Count, Failed, Loading, Money, Percent } from '../kit'
import classes from './playbook.module.css'
import type { PreviewSum } from './use-previews'
import { ACTION_WORDS } from './words'

/** What an order would have done, in the words of the last hour. */
export function PreviewText({
  action,
  sum,
  error,
  retry,
}: {
  action: MeasureAction
  sum: PreviewSum | null
  error: Error | null
  retry: () => void
}) {
  if (error !== null) return <Failed error={error} retry={retry} />
  if (sum === null) return <Loading lines={2} />
  const touched = action === 'allow' ? sum.freed : sum.stopped + sum.stoppedAlready
  return (
    <div className={classes.preview} aria-live="polite">
      {sum.requests === 0 ? (
        <p>Nobody asked for it in the last hour.</p>
      ) : (
        <p>
          It {ACTION_WORDS[action].would}{' '}
          <strong>
            <Count value={touched} />
          </strong>{' '}
          of the last hour’s <Count value={sum.requests} /> requests
          {action === 'allow' ? (
            '.'
          ) : (
            <>
              ,{' '}
              <strong>
                <Count value={sum.verified} />
              </strong>{' '}
              of them verified
              {sum.stoppedAlready > 0 && (
                <>
                  ; <Count value={sum.stoppedAlready} /> were refused or challenged already
                </>
              )}
              . Saved: <Money micro={sum.savedMicroUsd} />, spent on codes that did not come back.
            </>
          )}
          {!sum.complete &&
            ' Reckoned from the newest of them: there were more than are looked at.'}
        </p>
      )}
      {sum.monitors.length > 0 && (
        <Alert variant="light" color="blue" icon={<IconEye size={16} aria-hidden />} p="xs">
          {sum.monitors.join(', ')} {sum.monitors.length === 1 ? 'runs' : 'run'} in monitor mode: it
          is recorded there, and everything is sent all the same.
        </Alert>
      )}
      {sum.confirm !== null && (
        <Alert
          variant="light"
          color="red"
          icon={<IconAlertTriangle size={16} aria-hidden />}
          p="xs"
        >
          These are <Percent share={sum.share} /> of all people who verified in that time.
        </Alert>
      )}
    </div>
  )
}
