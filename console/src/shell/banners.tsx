import type { StatusView } from '../../../src/http/console/hello-view'
import { useHello } from '../api/hello'
import { utc } from '../kit/figures'
import { useLive } from '../kit/use-now'
import { MeasuresBanner } from '../playbook/measures-banner'
import classes from './shell.module.css'

/** What has to be known before anything on the page is read: simulation, monitor mode, trouble, a newer gateway. */
export function Banners({ status }: { status: StatusView | undefined }) {
  const { data } = useHello()
  const { newVersion, connection } = useLive()
  const monitored = (status?.services ?? []).filter(({ mode }) => mode === 'monitor')
  const all = monitored.length > 0 && monitored.length === status?.services.length
  return (
    <section className={classes.banners} aria-label="Notices">
      {data?.simulation && (
        <p data-tone="accent">
          <strong>Simulation.</strong> Traffic and money are made up, and no message leaves.
        </p>
      )}
      {monitored.length > 0 && (
        <p data-tone="plain">
          <strong>
            Monitor mode{all ? '' : `: ${monitored.map(({ name }) => name).join(', ')}`}.
          </strong>{' '}
          Verdicts are recorded and not enforced; nothing is refused.
        </p>
      )}
      <MeasuresBanner />
      {status?.trouble.map(({ what, since }) => (
        <p key={what} data-tone="bad" role="alert">
          {what}
          {since !== null && ` Since ${utc(since)}.`}
        </p>
      ))}
      {connection.is === 'stale' && (
        <p data-tone="warn" role="alert">
          The gateway does not answer. What this page shows may be old; it is tried again.
        </p>
      )}
      {newVersion !== null && (
        <p data-tone="accent" role="status">
          The gateway is now version {newVersion}.{' '}
          <button type="button" onClick={() => location.reload()}>
            Load the page of that version
          </button>
        </p>
      )}
    </section>
  )
}
