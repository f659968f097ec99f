import type { DecisionDetail } from '../../../../src/http/console/decisions-view'
import { Ago, Empty, Section, StateBadge, sentenceCase, useNow, VerdictBadge } from '../../kit'
import classes from './one-page.module.css'
import { VERDICT_WORDS } from './words'

/** The same request today, and what would change its verdict. */
export function WhatNow({ told }: { told: DecisionDetail }) {
  const { now, notAsked } = told
  return (
    <Section
      title="If it came now"
      about="The gate asked again, without a trace and without a charge."
    >
      {now === null ? (
        <Empty title="It cannot be asked">{notAsked}</Empty>
      ) : (
        <>
          <p className={classes.said}>
            <VerdictBadge verdict={now.would} />
            <span>
              It would be <strong>{VERDICT_WORDS[now.would]}</strong>
              {now.reasons[0] !== undefined && now.would !== 'allow' && (
                <>
                  : <bdi>{now.reasons[0].sentence}</bdi>
                </>
              )}
              .
            </span>
          </p>
          {now.alternatives.length > 0 && (
            <>
              <h3 className={classes.h3}>What would change that</h3>
              <ul className={classes.others}>
                {now.alternatives.map(({ change, would }) => (
                  <li key={change}>
                    <StateBadge tone={would === 'allow' ? 'good' : 'plain'}>
                      {would === now.would ? 'No change' : sentenceCase(VERDICT_WORDS[would])}
                    </StateBadge>{' '}
                    with {change}
                  </li>
                ))}
                <Waiting reasons={now.reasons} would={now.would} />
              </ul>
            </>
          )}
        </>
      )}
    </Section>
  )
}

/** Waiting helps when everything that speaks as strongly ends by itself. */
function Waiting({
  reasons,
  would,
}: {
  reasons: NonNullable<DecisionDetail['now']>['reasons']
  would: string
}) {
  const now = useNow(30_000)
  const binding = reasons.filter(({ verdict }) => verdict === would)
  const ends = Math.max(0, ...binding.map(({ until }) => until ?? Number.POSITIVE_INFINITY))
  if (binding.length === 0 || !Number.isFinite(ends) || ends <= now) return null
  return (
    <li>
      <StateBadge tone="good">Ends</StateBadge> by waiting: its reasons end <Ago at={ends} />, if
      nothing more is sent
    </li>
  )
}
