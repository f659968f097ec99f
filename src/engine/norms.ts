/** What is usual for a request's destination: learned by `baseline.ts`, or priors on an empty installation. */
export interface Norms {
  /** baseline conversion, robust, 0.40 to 0.90 */
  p: number
  /** its lower confidence bound, floor 0.40: what repayment is computed with */
  pLow: number
  /** robust expected verified spend of an hour, micro-USD */
  countryHourlyMicroUsd: number
  operatorHourlyMicroUsd: number
  serviceHourlyMicroUsd: number
  abroadHourlyMicroUsd: number
}
