import type { CreditView } from '../../../src/http/console/ranges-view'
import { percent, type Tone, usd } from '../kit'
import classes from './traffic.module.css'

/** From here on a line asks those under it to prove themselves; at its limit it asks everybody. */
const FILLING = 0.5

const creditTone = ({ utilisation, closed }: CreditView): Tone =>
  closed || utilisation >= 1 ? 'bad' : utilisation >= FILLING ? 'warn' : 'accent'

/** How much of a line of credit is used now. */
export function Credit({ credit }: { credit: CreditView | null }) {
  if (credit === null) return <span title="no line of credit is kept of it">–</span>
  const { utilisation, debt, limit, closed, service } = credit
  const title = `${usd(debt)} of ${usd(limit)} in ${service}${closed ? ', closed' : ''}`
  return (
    <span className={classes.credit} title={title}>
      <span className={classes.bar} aria-hidden>
        <span
          className={classes.fill}
          data-tone={creditTone(credit)}
          style={{ width: `${Math.min(100, utilisation * 100)}%` }}
        />
      </span>
      {percent(utilisation, 0)}
    </span>
  )
}
