import { type Check, type CheckId, confirmed, pass } from './row.js'

/** Below this a service's outcomes say nothing. */
const ENOUGH_SENDS = 50

/** How it is run. */
export const RUNNING_CHECKS: Record<
  Extract<CheckId, 'outcomes' | 'prices' | 'https' | 'backups'>,
  Check
> = {
  outcomes: {
    group: 'running',
    title: 'Applications say what became of codes',
    of({ outcomes }) {
      const busy = outcomes.filter(({ sends }) => sends >= ENOUGH_SENDS)
      if (busy.length === 0)
        return {
          state: 'unknown',
          why: 'There were too few messages in the last week to tell.',
          evidence: `under ${ENOUGH_SENDS} messages in each service`,
          remedy: null,
        }
      const silent = busy.filter(({ verified }) => verified === 0)
      if (silent.length === 0)
        return pass(
          'Verified codes repay the lines: customers never run out of credit.',
          busy
            .map(
              ({ service, sends, verified }) =>
                `${service}: ${Math.round((100 * verified) / sends)} %`,
            )
            .join('; '),
        )
      return {
        state: 'fail',
        why: 'Not one code came back: lines run dry and customers are refused.',
        evidence: silent.map(({ service, sends }) => `${service}: 0 of ${sends}`).join('; '),
        remedy: {
          kind: 'do',
          label: 'Report outcomes with POST /v1/outcomes, or let the gateway check the codes',
        },
      }
    },
  },
  prices: {
    group: 'running',
    title: 'Prices are your own',
    of({ prices }) {
      if (!prices.startsWith('example prices'))
        return pass('Lines on the destination side are in money: they need true prices.', prices)
      return {
        state: 'warn',
        why: 'Lines and reports are in money that is not what you pay.',
        evidence: prices,
        remedy: {
          kind: 'do',
          label: 'Give prices: in the configuration, as your provider lists them',
        },
      }
    },
  },
  https: {
    group: 'running',
    title: 'It is reached over HTTPS',
    of({ publicUrl }) {
      if (publicUrl?.startsWith('https://'))
        return pass('Numbers, codes and sessions are read by nobody on the way.', publicUrl)
      return {
        state: publicUrl === null ? 'warn' : 'fail',
        why:
          publicUrl === null
            ? 'It is not said under which address it is reached: links in alerts lead nowhere.'
            : 'Numbers, codes and sessions cross the network in clear.',
        evidence: publicUrl ?? 'no public address',
        remedy: {
          kind: 'do',
          label: 'Put it behind TLS and set server.publicUrl in the configuration',
        },
      }
    },
  },
  backups: {
    group: 'running',
    title: 'The data is backed up',
    of: (facts) =>
      confirmed(
        facts,
        'backups',
        'The ledger, the server key and this policy are in one directory; a gateway cannot see whether somebody copies it, and whether it was ever read back.',
        'Confirm that it is',
      ),
  },
}
