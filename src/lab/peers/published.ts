import type { PeerName } from './all.js'

/** What a rule set says, for tables, and where it is published. */
export interface Published {
  rules: string
  source: string
}

export const PUBLISHED: Readonly<Record<PeerName, Published>> = {
  'vendor-limits': {
    rules: 'in an hour 5 for a number, 10 for an IP address, 5 for a device',
    source: 'https://developers.telnyx.com/docs/identity/verify/security-best-practices',
  },
  'vendor-limits+allow-list': {
    rules: 'the same, and nothing outside the markets',
    source: 'https://developers.telnyx.com/docs/identity/verify/security-best-practices',
  },
  'telnyx-guide': {
    rules:
      '3 for a number and 20 for an IP address in 10 min, 100 a minute over all; a country pauses under 30 % verified of more than 20 in 15 min',
    source: 'https://developers.telnyx.com/docs/identity/verify/rate-limiting-fraud-prevention',
  },
  'aws-sample': {
    rules:
      'score of velocities over 24 h (number 5, IP address 5, number without three digits 10), countries and data centres; 2 blocks',
    source: 'https://github.com/achrafsouk/sms-pumping',
  },
  'authgear-budgets': {
    rules:
      'budgets of unverified codes for country and IP address, by day and hour, that follow what was verified; enforced, while its default records only',
    source: 'https://github.com/authgear/authgear-server/blob/main/docs/specs/fraud-protection.md',
  },
  'gitlab-dial-code': {
    rules:
      '50 for a dial code in 24 h, 800 for +1, then a payment card; figures chosen for the volume of GitLab.com, see the curves for others',
    source: 'https://gitlab.com/gitlab-org/gitlab/-/work_items/631067',
  },
}
