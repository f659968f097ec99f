import { usd } from '../../../../src/engine/money'
import type { ShownReason } from '../../../../src/http/console/decisions-view'
import { Ago, Empty, Mono, span, useNow, VerdictBadge } from '../../kit'
import classes from './one-page.module.css'

/** What spoke against it: a sentence, its figures, and what to do about it. */
export const Reasons = ({ reasons }: { reasons: readonly ShownReason[] }) =>
  reasons.length === 0 ? (
    <Empty title="No rule spoke against it" />
  ) : (
    <ol className={classes.reasons}>
      {reasons.map((reason) => (
        <Reason key={`${reason.code} ${reason.subject}`} reason={reason} />
      ))}
    </ol>
  )

function Reason({ reason }: { reason: ShownReason }) {
  const { code, verdict, sentence, remedy, observed, limit, headroom, unit, windowMs, until } =
    reason
  const now = useNow(30_000)
  const figures: [string, string][] = []
  if (observed !== null) figures.push(['Observed', amount(observed, unit)])
  if (limit !== null) figures.push(['Limit', amount(limit, unit)])
  if (headroom !== null)
    figures.push([headroom < 0 ? 'Over by' : 'Headroom', amount(Math.abs(headroom), unit)])
  if (windowMs !== null) figures.push(['Window', span(windowMs)])
  return (
    <li className={classes.reason}>
      <div className={classes.said}>
        <VerdictBadge verdict={verdict} />
        <strong>
          <bdi className={classes.sentence}>{sentence}</bdi>
        </strong>
      </div>
      {observed !== null && limit !== null && limit > 0 && (
        <Bar observed={observed} limit={limit} />
      )}
      {figures.length > 0 && (
        <dl className={classes.figures}>
          {figures.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          {until !== null && (
            <div>
              <dt>{until > now ? 'Ends' : 'Ended'}</dt>
              <dd>
                <Ago at={until} />
              </dd>
            </div>
          )}
        </dl>
      )}
      <p className={classes.remedy}>
        {remedy} <Mono>{code}</Mono>
      </p>
    </li>
  )
}

/** How full it was: the limit stands at the mark. */
function Bar({ observed, limit }: { observed: number; limit: number }) {
  const scale = Math.max(observed, limit)
  return (
    <svg className={classes.bar} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden>
      <rect className={classes.track} width={100} height={8} />
      <rect
        className={classes.within}
        width={(100 * Math.min(observed, limit)) / scale}
        height={8}
      />
      {observed > limit && (
        <rect
          className={classes.beyond}
          x={(100 * limit) / scale}
          width={(100 * (observed - limit)) / scale}
          height={8}
        />
      )}
    </svg>
  )
}

function amount(value: number, unit: ShownReason['unit']): string {
  if (unit === 'micro_usd') return usd(value)
  const figure = String(Math.round(value * 100) / 100)
  return unit === null || unit === 'score' ? figure : `${figure} ${unit}`
}
