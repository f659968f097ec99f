import type { LiveKind } from '../../../src/desk/live'

export type { LiveKind }

/** What is read again when something of a kind happened, by the first word of the path below /v1/console. */
const CHANGED_BY: Readonly<Record<string, readonly LiveKind[]>> = {
  overview: ['tally', 'incident', 'playbook', 'policy', 'trouble'],
  status: ['incident', 'review', 'policy', 'trouble'],
  incidents: ['incident', 'playbook'],
  playbook: ['playbook', 'incident', 'policy'],
  ranges: ['tally', 'playbook'],
  sources: ['tally', 'playbook'],
  review: ['review'],
  policy: ['policy'],
  checklist: ['policy', 'alert'],
  money: ['tally', 'policy'],
  lists: ['list'],
  reports: ['report'],
  alerts: ['alert'],
  settings: ['policy', 'trouble'],
}

/** Kinds of events after which an answer is read again. A page of its own choice gives its own. */
export const kindsOf = (path: string): readonly LiveKind[] =>
  CHANGED_BY[path.split('/')[0] ?? ''] ?? []
