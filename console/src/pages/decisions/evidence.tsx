import type { ShownEvidence } from '../../../../src/http/console/decisions-view'
import { Empty } from '../../kit'
import classes from './one-page.module.css'

/** What would be shown as 0.0 says nothing. */
const TOLD = 0.05

/** Signals by weight: to the right towards pumping, to the left towards a person. */
export function Evidence({
  score,
  evidence: all,
}: {
  score: number
  evidence: readonly ShownEvidence[]
}) {
  const evidence = all.filter(({ logOdds }) => Math.abs(logOdds) >= TOLD)
  const widest = Math.max(1, ...evidence.map(({ logOdds }) => Math.abs(logOdds)))
  return (
    <>
      <p className={classes.score}>
        <strong>{Math.round(score)}</strong> of 100
      </p>
      {evidence.length === 0 ? (
        <Empty title="No signal spoke">The score is what is usual here.</Empty>
      ) : (
        <table className={classes.evidence}>
          <thead>
            <tr>
              <th scope="col">Signal</th>
              <th scope="col" className={classes.end}>
                Log-odds
              </th>
            </tr>
          </thead>
          <tbody>
            {evidence.map((one) => (
              <tr key={one.code}>
                <td>
                  <bdi className={classes.sentence}>{withoutWeight(one.sentence)}</bdi>
                  <Weight logOdds={one.logOdds} widest={widest} />
                </td>
                <td className={classes.end}>
                  {one.logOdds < 0 ? '−' : '+'}
                  {Math.abs(one.logOdds).toFixed(1)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

/** The sentence ends with its weight, which has a column of its own here. */
const withoutWeight = (sentence: string): string => sentence.replace(/; [+-][0-9.]+$/, '')

function Weight({ logOdds, widest }: { logOdds: number; widest: number }) {
  const width = (50 * Math.abs(logOdds)) / widest
  return (
    <svg className={classes.weight} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden>
      <rect className={classes.track} width={100} height={4} />
      <rect
        className={logOdds < 0 ? classes.innocent : classes.beyond}
        x={logOdds < 0 ? 50 - width : 50}
        width={width}
        height={4}
      />
    </svg>
  )
}
