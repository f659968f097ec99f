import type { ConsoleStore, RollupPeriod, ServiceSum } from '../ledger/console-port.js'

/** Names come from requests: a policy has a thousand at most, but may let any other in. */
const MOST_SERVICES = 10_000

/** What each service came to in a time, most requests first; those without a request are not among them. */
export const serviceSums = (
  ledger: Pick<ConsoleStore, 'top'>,
  time: { period: RollupPeriod; from: number; to: number },
): Promise<ServiceSum[]> =>
  ledger.top({ ...time, dimension: 'all', byService: true }, 'requests', MOST_SERVICES)
