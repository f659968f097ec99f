import { Link } from 'wouter'
import type { OpenIncident } from '../../../../src/http/console/overview-view'
import { Ago, Count, countryName, Empty, Money, Mono, StateBadge } from '../../kit'
import classes from './incidents.module.css'

/** Attacks and outages that are not over, the dearest first. */
export function Incidents({ incidents }: { incidents: readonly OpenIncident[] }) {
  if (incidents.length === 0)
    return (
      <Empty title="Nothing is attacked">
        Ranges that stop converting, and outages of a route, show here by themselves.
      </Empty>
    )
  const ordered = [...incidents].sort((a, b) => b.lost + b.saved - (a.lost + a.saved))
  return (
    <ul className={classes.list}>
      {ordered.map((incident) => (
        <Row key={incident.id} incident={incident} />
      ))}
    </ul>
  )
}

function Row({ incident }: { incident: OpenIncident }) {
  const { id, kind, state, service, countries, ranges, rangeCount, since } = incident
  const where = countries.map(countryName).join(', ')
  return (
    <li className={classes.row}>
      <div className={classes.top}>
        <Link href={`/incidents/${encodeURIComponent(id)}`} className={classes.link}>
          {kind === 'attack' ? 'Attack on' : 'Outage in'} <bdi>{service}</bdi>
          {where !== '' && `, ${where}`}
        </Link>
        <StateBadge tone={state === 'contained' ? 'warn' : 'bad'}>
          {state === 'contained' ? 'Contained' : 'Open'}
        </StateBadge>
      </div>
      <p className={classes.facts}>
        began <Ago at={since} />, lost <Money micro={incident.lost} />, saved{' '}
        <Money micro={incident.saved} />, <Count value={incident.refusedNumbers} /> numbers refused
      </p>
      {ranges.length > 0 && (
        <p className={classes.facts}>
          {ranges.map((range, at) => (
            <span key={range}>
              {at > 0 && ', '}
              <Mono>{range}</Mono>
            </span>
          ))}
          {rangeCount > ranges.length && ` and ${rangeCount - ranges.length} more ranges`}
        </p>
      )}
    </li>
  )
}
