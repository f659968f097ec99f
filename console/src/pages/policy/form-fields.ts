import type { ComponentType } from 'react'
import { Choice, Countries, EntryLines, Permissions, type RowColumn, Rows, Words } from './controls'
import type { FieldProps } from './field'

export type Control = ComponentType<FieldProps & { id: string; label: string }>

interface FieldOf {
  path: readonly string[]
  label: string
  about: string
  control: Control
}

const choice = (options: readonly (readonly [value: string, label: string])[]): Control =>
  Choice(options)
const rows = (columns: readonly RowColumn[], fresh: Record<string, string | number>): Control =>
  Rows(columns, fresh)

const SUBJECTS = [
  'number',
  'ip',
  'subnet',
  'network',
  'device',
  'account',
  'session',
  'block',
  'operator',
  'country',
  'service',
  'apiKey',
  'global',
]
const ACTIONS = ['challenge', 'hold', 'deny']

/** The settings of the form, in the order in which a policy is usually made. */
export const FIELDS: readonly FieldOf[] = [
  {
    path: ['mode'],
    label: 'Mode',
    about: 'Monitor records what it would do; enforce does it.',
    control: choice([
      ['monitor', 'Monitor'],
      ['enforce', 'Enforce'],
    ]),
  },
  {
    path: ['markets'],
    label: 'Markets',
    about: 'Countries your users live in. All others share the small lines of abroad.',
    control: Countries,
  },
  {
    path: ['outside'],
    label: 'Outside the markets',
    about:
      'Credit serves a customer abroad within a small bound; deny makes the markets an allow-list.',
    control: choice([
      ['credit', 'Credit'],
      ['challenge', 'Challenge'],
      ['hold', 'Hold'],
      ['deny', 'Deny'],
    ]),
  },
  {
    path: ['countries'],
    label: 'Countries with rules of their own',
    about: 'Stronger than markets and outside.',
    control: Permissions,
  },
  {
    path: ['fraudBudget'],
    label: 'Fraud budget a day',
    about: 'The most that an attacker who verifies nothing can cost this service in a day.',
    control: Words('50 USD'),
  },
  {
    path: ['spendCaps'],
    label: 'Spend caps',
    about: 'Hold against everything, verified users too: well above your busiest day.',
    control: rows(
      [
        { key: 'per', label: 'Per', of: ['hour', 'day', 'month'] },
        { key: 'max', label: 'At most' },
        { key: 'country', label: 'Country', optional: true },
      ],
      { per: 'day', max: '500 USD' },
    ),
  },
  {
    path: ['rateLimits'],
    label: 'Rate limits',
    about: 'Messages in a sliding window. The list replaces what was inherited.',
    control: rows(
      [
        { key: 'per', label: 'Per', of: SUBJECTS },
        { key: 'window', label: 'In' },
        { key: 'max', label: 'At most', number: true },
        { key: 'outsideMax', label: 'Abroad', number: true, optional: true },
        { key: 'action', label: 'Then', of: ACTIONS },
      ],
      { per: 'ip', window: '1h', max: 10, action: 'challenge' },
    ),
  },
  {
    path: ['code', 'digits'],
    label: 'Digits of the code',
    about: '4 to 10.',
    control: Words('6', true),
  },
  {
    path: ['code', 'expires'],
    label: 'The code expires after',
    about: 'Such as 10m.',
    control: Words('10m'),
  },
  {
    path: ['code', 'checks'],
    label: 'Wrong codes',
    about: 'Before a verification is over.',
    control: Words('5', true),
  },
  {
    path: ['code', 'sends'],
    label: 'Messages of one verification',
    about: 'The first and its resends.',
    control: Words('5', true),
  },
  {
    path: ['code', 'text'],
    label: 'Message text',
    about: '{code} and {service} are filled in.',
    control: Words(''),
  },
  {
    path: ['lists', 'allow'],
    label: 'Always allowed',
    about: 'One a line: numbers, ranges (+23480*), addresses, AS64500, device:x, account:x.',
    control: EntryLines,
  },
  {
    path: ['lists', 'deny'],
    label: 'Always refused',
    about: 'One a line. Entries that end belong in the lists of the console.',
    control: EntryLines,
  },
]
