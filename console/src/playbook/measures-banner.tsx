import { Link } from 'wouter'
import type { PlaybookView } from '../../../src/http/console/playbook-view'
import { useApi } from '../kit/use-api'
import { useNow } from '../kit/use-now'
import classes from './playbook.module.css'

/** Says on every page that measures are in force: what is refused now may be refused by an order. */
export function MeasuresBanner() {
  const { data } = useApi<PlaybookView>('playbook')
  const now = useNow(10_000)
  const inForce = (data?.inForce ?? []).filter(({ until }) => until > now)
  if (inForce.length === 0) return null
  return (
    <p data-tone="warn">
      <strong>
        {inForce.length === 1 ? 'One measure is' : `${inForce.length} measures are`} in force
      </strong>{' '}
      by the playbook.{' '}
      <Link href="/incidents#measures" className={classes.plain}>
        Look, extend or undo
      </Link>
    </p>
  )
}
