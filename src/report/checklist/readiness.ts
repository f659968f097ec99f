import { type Check, type CheckId, confirmed, names, pass } from './row.js'

/** Whether an attack or an outage is met prepared. */
export const READINESS_CHECKS: Record<
  Extract<CheckId, 'incident-plan' | 'administrators' | 'providers' | 'receipts'>,
  Check
> = {
  'incident-plan': {
    group: 'readiness',
    title: 'There is a plan for an attack',
    of: (facts) =>
      confirmed(
        facts,
        'incident-plan',
        'Who is called, who may pause a country, who talks to the provider: written down before it is three in the morning. docs/runbook.md is a beginning.',
        'Confirm that there is a plan',
      ),
  },
  administrators: {
    group: 'readiness',
    title: 'Two people administer',
    of({ admins }) {
      if (admins >= 2) return pass('One can let the other in again.', `${admins} administrators`)
      return {
        state: admins === 0 ? 'fail' : 'warn',
        why: 'When the only administrator is away or loses the passkey, nobody can change the policy.',
        evidence: admins === 1 ? '1 administrator' : 'none who can sign in',
        remedy: { kind: 'page', label: 'Invite another', to: '/settings/users' },
      }
    },
  },
  providers: {
    group: 'readiness',
    title: 'Messages have a second way out',
    of({ providers }) {
      const real = providers.filter(({ type }) => type !== 'console')
      if (real.length >= 2) return pass('When one fails, the next takes over.', names(real))
      if (real.length === 0)
        return {
          state: 'fail',
          why: 'Messages are printed and reach nobody: this is the development sender.',
          evidence: names(providers) || 'no provider',
          remedy: { kind: 'do', label: 'Name a provider under send: in the configuration' },
        }
      return {
        state: 'warn',
        why: 'While its only provider is down nobody can sign in.',
        evidence: `only ${names(real)}`,
        remedy: { kind: 'do', label: 'Name a second provider under send: in the configuration' },
      }
    },
  },
  receipts: {
    group: 'readiness',
    title: 'Providers report delivery',
    of({ providers }) {
      const real = providers.filter(({ type }) => type !== 'console')
      const without = real.filter(({ receipts }) => !receipts)
      if (real.length > 0 && without.length === 0)
        return pass(
          'A message that was not delivered is told from one that was not read.',
          names(real),
        )
      return {
        state: 'warn',
        why: 'Without receipts an outage of a carrier looks like fraud: nothing is verified.',
        evidence: without.length > 0 ? `none from ${names(without)}` : 'no provider',
        remedy: {
          kind: 'do',
          label: 'Set server.publicUrl in the configuration, so that providers can reach it',
        },
      }
    },
  },
}
