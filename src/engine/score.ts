import { FIRST_SOURCE_LINE } from './compile.js'
import { LINES } from './policy.js'
import { type Gathered, LINE_WIDTH, type Query } from './state.js'

/** Messages of prior evidence with which a line's conversion is shrunk to the baseline (beta-binomial predictive). */
const PRIOR_MESSAGES = 20

/**
 * Risk of a request, 0 to 100: the largest share of recent sends on any of its lines that must have been pumped for
 * the line to convert as it does. A line that verified S of N converts `q = (k p + S) / (k + N)`; where pumped sends
 * do not verify, a share `1 - q/p` of them was pumped.
 */
export function riskScore(query: Query, state: Gathered, priceMicroUsd: number, p: number): number {
  let worst = 0
  for (let i = 0; i < LINES.length; i++) {
    if (query.keys[i] === '') continue
    const unit = i < FIRST_SOURCE_LINE ? priceMicroUsd : 1
    if (unit <= 0) continue
    const at = i * LINE_WIDTH
    const verified = (state.lines[at + 2] as number) / unit
    const lost = (state.lines[at + 3] as number) / unit
    const q = (PRIOR_MESSAGES * p + verified) / (PRIOR_MESSAGES + verified + lost)
    const pumped = 1 - q / p
    if (pumped > worst) worst = pumped
  }
  return Math.round(100 * worst)
}
