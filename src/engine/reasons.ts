/**
 * The closed catalogue of reasons. `docs/reasons.md` is proven equal to it, both ways, by a test.
 * A code reads `<subject>.<measure>`; sentences take {subject} {observed} {limit} {window}.
 */
interface CatalogueEntry {
  /** what it means, for a person */
  sentence: string
  /** what to do about it, for the operator who is asked why */
  remedy: string
}

const credit = (what: string, remedy: string): CatalogueEntry => ({
  sentence: `${what} {subject} would have unverified sends of {observed} with this one, against a limit of {limit}`,
  remedy,
})
const rate = (what: string): CatalogueEntry => ({
  sentence: `{observed} messages for ${what} {subject} in {window}, limit {limit}`,
  remedy:
    'Ends by itself as the window slides. Raise the limit in the policy if real users meet it.',
})
const distinct = (what: string, per: string): CatalogueEntry => ({
  sentence: `{observed} different ${what} from ${per} {subject} in {window}, limit {limit}`,
  remedy:
    'A shared address earns room as its users verify. Raise the limit, or list the address as allowed.',
})
const RANGE =
  'Frees as the debt decays or codes are verified. Allow the number, or raise the opening of the line.'
const SOURCE =
  'Frees as the debt decays; sources earn room as their users verify. Allow the source if it is yours.'

export const REASONS = {
  'number.invalid': {
    sentence: 'not a number a code can be sent to: {subject}; E.164 is +, calling code, number',
    remedy:
      'Ask the user to correct the number; send it in E.164, or name the country of national numbers (defaultCountry).',
  },
  'number.extension': {
    sentence: 'the number carries an extension',
    remedy: 'Strip the extension: codes go to the line itself.',
  },
  'number.global_code': {
    sentence: 'calling code {subject} is a satellite, global or shared-cost network',
    remedy: 'No message is sent to such codes. Offer another channel.',
  },
  'number.type': {
    sentence: 'line type {subject} is not permitted',
    remedy: 'Permit the type under numberTypes if your users have such numbers.',
  },
  'number.unallocated': {
    sentence: 'valid, but no operator is named for range {subject}',
    remedy:
      'A weak sign of made-up numbers: passing a challenge lets it through. Set unallocated: allow to ignore it.',
  },
  'number.credit_exhausted': credit('the number', SOURCE),
  'number.messages': rate('number'),
  'risk.high': {
    sentence:
      'looks like pumping: score {observed}, challenged from {limit} while its lines are this full',
    remedy:
      'The evidence beside it says why. Passing a challenge lets it through; raise risk.challenge if real users meet it.',
  },
  'range.quarantined': {
    sentence: 'range {subject} is in quarantine: what was sent there did not verify',
    remedy:
      'Ends by itself, and lets one message through to see. Allow the number if it is a customer.',
  },
  'range.attacked': {
    sentence:
      '{subject} is under attack, and the request looks like it: score {observed}, limit {limit}',
    remedy:
      'Ends with the incident. Numbers verified before pass. Offer another channel, or raise risk.duringAttack.',
  },
  'block.attacked': {
    sentence:
      'its country is under attack, and codes sent to range {subject} are not entered either',
    remedy:
      'Ends with the incident, or as codes of the range are entered. Allow the number if it is a customer.',
  },
  'range.overdue': {
    sentence: 'codes sent to range {subject} are overdue',
    remedy: 'Passing a challenge lets it through. Ends when codes are entered again.',
  },
  'block.surprise': {
    sentence: 'far more requests than usual for range {subject}',
    remedy:
      'Passing a challenge lets it through. A company that enrols its phones can be put on the allow list.',
  },
  'list.denied': {
    sentence: 'on the deny list: {subject}',
    remedy: 'Remove the entry from the list.',
  },
  'list.allowed': {
    sentence: 'on the allow list: {subject}',
    remedy: 'Nothing; the entry lets it pass the lines.',
  },
  'playbook.blocked': {
    sentence: '{subject} is blocked by an order of the playbook',
    remedy: 'Ends by itself. Undo the measure under Incidents, or allow the number.',
  },
  'playbook.throttled': {
    sentence: '{subject} is throttled: {observed} messages in {window}, limit {limit}',
    remedy:
      'Ends with the measure, and earlier as the window slides. Undo it, or give it another limit.',
  },
  'playbook.challenge_required': {
    sentence: 'an order of the playbook asks for a challenge for {subject}',
    remedy: 'Passing a challenge lets it through. Ends with the measure; it can be undone.',
  },
  'playbook.held': {
    sentence: 'an order of the playbook holds {subject} for review',
    remedy: 'Approve it in the review queue, or undo the measure.',
  },
  'playbook.paused': {
    sentence: '{subject} is paused by an order of the playbook: nothing is sent to anybody',
    remedy: 'Ends by itself, or undo the measure. Offer another channel.',
  },
  'playbook.allowed': {
    sentence: 'an order of the playbook lets {subject} pass',
    remedy:
      'Nothing; while it lasts, lines, limits and risk do not stop it. Caps and number checks do.',
  },
  'country.denied': {
    sentence: 'messages to {subject} are not permitted',
    remedy: 'Change the country in the policy, or set outside: credit.',
  },
  'country.challenge': {
    sentence: 'messages to {subject} need a challenge first',
    remedy: 'Change the country in the policy.',
  },
  'country.hold': {
    sentence: 'messages to {subject} wait for review',
    remedy: 'Approve it in the review queue, or change the country in the policy.',
  },
  'sub_block.credit_exhausted': credit('range', RANGE),
  'block.credit_exhausted': credit('range', RANGE),
  'operator.credit_exhausted': credit('operator', RANGE),
  'country.credit_exhausted': credit('country', RANGE),
  'abroad.credit_exhausted': credit('destinations outside the markets of', RANGE),
  'service.credit_exhausted': credit(
    'service',
    'The daily fraud budget is used up. Raise it, or look at the ranges that used it.',
  ),
  'ip.credit_exhausted': credit('address', SOURCE),
  'subnet.credit_exhausted': credit('subnet', SOURCE),
  'network.credit_exhausted': credit('network', SOURCE),
  'device.credit_exhausted': credit('device', SOURCE),
  'account.credit_exhausted': credit('account', SOURCE),
  'session.credit_exhausted': credit('session', SOURCE),
  'sub_block.messages': rate('range'),
  'block.messages': rate('range'),
  'operator.messages': rate('operator'),
  'country.messages': rate('country'),
  'abroad.messages': rate('destinations outside the markets of'),
  'service.messages': rate('service'),
  'ip.messages': rate('address'),
  'subnet.messages': rate('subnet'),
  'network.messages': rate('network'),
  'device.messages': rate('device'),
  'account.messages': rate('account'),
  'session.messages': rate('session'),
  'api_key.messages': rate('API key'),
  'global.messages': rate('all services'),
  'ip.numbers': distinct('numbers', 'address'),
  'subnet.numbers': distinct('numbers', 'subnet'),
  'network.numbers': distinct('numbers', 'network'),
  'device.numbers': distinct('numbers', 'device'),
  'account.numbers': distinct('numbers', 'account'),
  'session.numbers': distinct('numbers', 'session'),
  'ip.countries': distinct('countries', 'address'),
  'subnet.countries': distinct('countries', 'subnet'),
  'network.countries': distinct('countries', 'network'),
  'device.countries': distinct('countries', 'device'),
  'account.countries': distinct('countries', 'account'),
  'session.countries': distinct('countries', 'session'),
  'spend.service': {
    sentence: 'service {subject} has spent {observed} of its cap of {limit} per {window}',
    remedy: 'Ends with the period (UTC). Raise the cap to go on.',
  },
  'spend.country': {
    sentence: 'messages to {subject} have cost {observed} of the cap of {limit} per {window}',
    remedy: 'Ends with the period (UTC). Raise the cap to go on.',
  },
  'spend.global': {
    sentence: 'all services have spent {observed} of the cap of {limit} per {window}',
    remedy: 'Ends with the period (UTC). Raise the cap to go on.',
  },
  'store.degraded': {
    sentence:
      'the store of {subject} is lost: decided on the lines of this gateway alone, with its share of the usual credit',
    remedy:
      'Mend the store; failure.lines says what happens meanwhile. What was charged is carried over when it is back.',
  },
  'store.open': {
    sentence:
      'the store of {subject} is lost and the failure policy is open: decided without lines of credit',
    remedy:
      'Mend the store. Only caps, limits and number checks hold; set failure.lines: degraded to keep a bound.',
  },
  'store.contended': {
    sentence: 'concurrent requests took the headroom of {subject}',
    remedy: 'Retry: the request is decided anew.',
  },
} as const satisfies Record<string, CatalogueEntry>

export type ReasonCode = keyof typeof REASONS

export const REASON_CODES = Object.keys(REASONS) as ReasonCode[]
