import { Link } from 'wouter'
import type { DecisionDetail } from '../../../../src/http/console/decisions-view'
import { Mono, VerdictBadge, When } from '../../kit'
import { creditWords } from './credit'
import classes from './one-page.module.css'
import { eventWords } from './words'

/** What happened, in order, and the other decisions of the same verification. */
export function Timeline({ told }: { told: DecisionDetail }) {
  const { timeline, verification } = told
  const others = verification?.decisions.filter(({ id }) => id !== told.id) ?? []
  return (
    <>
      <ol className={classes.timeline}>
        {timeline.map((step) => (
          <li key={`${step.at} ${step.event}`}>
            <When at={step.at} seconds />
            <span>
              {eventWords(step.event)}
              {step.detail !== null && (
                <>
                  {' '}
                  <Mono>{step.detail}</Mono>
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
      {told.credit !== 'none' && <p className={classes.remedy}>{creditWords(told.credit)}</p>}
      {others.length > 0 && (
        <>
          <h3 className={classes.h3}>Other decisions of this verification</h3>
          <ul className={classes.others}>
            {others.map(({ id, at, verdict }) => (
              <li key={id}>
                <Link href={`/decisions/${id}`}>
                  <When at={at} seconds />
                </Link>{' '}
                <VerdictBadge verdict={verdict} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
