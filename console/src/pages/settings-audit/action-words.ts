/** Kinds of actions as the filter has them; a dot at the end: all that begin so. */
export const ACTION_GROUPS: readonly (readonly [action: string, label: string])[] = [
  ['sign-in', 'Sign-ins'],
  ['sign-in.failed', 'Failed sign-ins'],
  ['user.', 'Users and roles'],
  ['passkey.', 'Passkeys'],
  ['session.', 'Sessions ended'],
  ['key.', 'API keys'],
  ['policy.', 'Policy'],
  ['playbook.', 'Playbook'],
  ['review.', 'Review'],
  ['list.', 'Lists'],
  ['alert.', 'Alerts'],
]

const WORDS: Readonly<Record<string, string>> = {
  'sign-in': 'Signed in',
  'sign-in.failed': 'Failed to sign in',
  'sign-out': 'Signed out',
  'user.create': 'Became a user',
  'user.invite': 'Invited a user',
  'user.uninvite': 'Withdrew an invitation',
  'user.link': 'Made a link for a new passkey',
  'user.role': 'Changed a role',
  'user.disable': 'Disabled a user',
  'user.enable': 'Enabled a user',
  'user.delete': 'Deleted a user',
  'passkey.add': 'Added a passkey',
  'passkey.remove': 'Removed a passkey',
  'passkey.rename': 'Renamed a passkey',
  'recovery.make': 'Made recovery codes',
  'session.end': 'Ended a session',
  'session.end-all': 'Ended sessions',
  'key.create': 'Made an API key',
  'key.revoke': 'Revoked an API key',
  'list.add': 'Added to a list',
  'list.remove': 'Removed from a list',
  'playbook.apply': 'Ordered a measure',
  'incident.opened': 'Opened an incident',
  'incident.contained': 'Saw an incident contained',
  'incident.closed': 'Closed an incident',
}

/** `playbook.extend` where there are no words for it: its own. */
export const actionWords = (action: string): string => WORDS[action] ?? action
