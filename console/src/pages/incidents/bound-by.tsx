import { Link } from 'wouter'
import type { IncidentView } from '../../../../src/http/console/incidents-view'
import { Count, Empty, Money, Mono, Section, When } from '../../kit'
import classes from './incidents.module.css'

/** What refused it, and when that began. */
export function BoundBy({ incident }: { incident: IncidentView }) {
  const { boundBy, firstRefused, refused, requests } = incident.findings
  const most = boundBy[0]?.refused ?? 1
  const within = {
    service: incident.service,
    from: String(incident.firstSendAt),
    ...(incident.closedAt !== null && { to: String(incident.closedAt) }),
  }
  return (
    <Section
      title="What bound it"
      about={
        <>
          <Count value={refused} /> of <Count value={requests} /> requests refused or challenged
          {!incident.complete && ', of those that were looked at'}.
        </>
      }
    >
      {firstRefused !== null && (
        <p className={classes.soft}>
          First by <Mono>{firstRefused.code}</Mono> at <When at={firstRefused.at} seconds />
          {firstRefused.monitor && ', recorded and not enforced'}. Spent before:{' '}
          <Money micro={firstRefused.spentBeforeMicroUsd} />, from then on:{' '}
          <Money micro={firstRefused.spentAfterMicroUsd} />.
        </p>
      )}
      {boundBy.length === 0 ? (
        <Empty title="Nothing has refused any of it">Act on its ranges.</Empty>
      ) : (
        <ul className={classes.bars}>
          {boundBy.slice(0, 8).map(({ code, refused: count, sentence }) => (
            <li key={code} title={sentence}>
              <Link
                className={classes.link}
                href={`/decisions?${new URLSearchParams({ reason: code, ...within })}`}
              >
                <Mono>{code}</Mono>
              </Link>
              <Count value={count} />
              <span
                className={classes.bar}
                style={{ width: `${(100 * count) / most}%` }}
                aria-hidden
              />
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
