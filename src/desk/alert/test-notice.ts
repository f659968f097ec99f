import type { AlarmNotice } from './finding.js'

/** What the test button sends: told as a test, and of a severity that pages nobody for long. */
export const testNotice = (at: number): AlarmNotice => ({
  type: 'alarm',
  kind: 'test',
  at,
  alarm: {
    id: `test@${at}`,
    rule: 'measure.applied',
    key: 'test',
    severity: 'info',
    phase: '',
    title: 'This sink hears Tollgate',
    facts: ['Sent by the test button of the console; nothing happened.'],
    page: '/settings/alerts',
    service: null,
    state: 'firing',
    firedAt: at,
    clearSince: null,
    resolvedAt: null,
    notifiedAt: at,
  },
})
