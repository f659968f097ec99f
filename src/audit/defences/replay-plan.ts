import type { Policy } from '../../engine/policy.js'
import { createContender } from '../../lab/bench/contenders.js'
import type { Contender } from '../../lab/contender.js'
import { createTollgate } from '../../lab/contest-tollgate.js'
import { PEER_NAMES, type PeerName } from '../../lab/peers/all.js'
import { PUBLISHED } from '../../lab/peers/published.js'

/** Who is tried on a log, and how it is called. */
export interface Entry {
  contender: Contender
  title: string
  source: string
  /** what it does, where its title does not say it all */
  rules: string
}

/** Peers by names that tell whose rules they are: each stands alone, on a card or a line of a table. */
const PEER_TITLES: Readonly<Record<PeerName, string>> = {
  'vendor-limits': "Rate limits of a provider's guide",
  'vendor-limits+allow-list': "Rate limits of a provider's guide and an allow-list",
  'telnyx-guide': 'Telnyx guide: limits and a country pause',
  'aws-sample': 'AWS sample: score of velocities',
  'authgear-budgets': 'Authgear: budgets of unverified codes',
  'gitlab-dial-code': 'GitLab: limit for each dial code',
}

/** Peers whose rules say nothing without a list of countries. */
const NEED_MARKETS: ReadonlySet<PeerName> = new Set(['vendor-limits+allow-list', 'aws-sample'])

/** As published, where a reader who knows neither the other rules nor the benchmark understands it. */
const rulesOf = (peer: PeerName): string => {
  if (peer === 'vendor-limits+allow-list')
    return `${PUBLISHED['vendor-limits'].rules}; nothing outside the markets`
  return PUBLISHED[peer].rules.replace(', see the curves for others', '')
}

const ours = (contender: Contender, title: string): Entry => ({
  contender,
  title,
  source: '',
  rules: '',
})

/**
 * Tollgate and the published rules of others.
 * @param policy tried besides the default one
 * @returns those who meet attackers who solve no challenge, and those who meet attackers who solve every one
 */
export function replayPlan(
  markets: readonly string[],
  policy: Policy | undefined,
): { asLogged: Entry[]; allSolved: Entry[] } {
  const tollgate = () => createContender({ kind: 'tollgate' }, markets)
  const peers = PEER_NAMES.filter((peer) => markets.length > 0 || !NEED_MARKETS.has(peer))
  return {
    asLogged: [
      ours(tollgate(), 'Tollgate, default policy, enforced'),
      ...(policy === undefined
        ? []
        : [
            ours(
              createTollgate({ policy, name: 'tollgate-proposed' }),
              'Tollgate, the proposed policy, enforced',
            ),
          ]),
      ...peers.map(
        (peer): Entry => ({
          contender: createContender({ kind: 'peer', peer }, markets),
          title: PEER_TITLES[peer],
          rules: rulesOf(peer),
          source: PUBLISHED[peer].source,
        }),
      ),
    ],
    allSolved: [
      ours(
        { ...tollgate(), name: 'tollgate-solved' },
        'Tollgate, default policy, against an attacker who solves every challenge',
      ),
    ],
  }
}
