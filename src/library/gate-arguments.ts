import type { Gate } from '../verify/types.js'
import { checked, type Field, type Takes } from './check-arguments.js'

const text: Field = { is: 'string' }
const number: Field = { is: 'number' }
const maybeText: Field = { is: 'string', optional: true }
const textOrNull: Field = { is: 'stringOrNull' }
const texts: Field = { is: 'list', items: text }
const id = { id: text }
const patience: Field = {
  is: 'object',
  optional: true,
  fields: { seeThrough: { is: 'function' } },
}

/** Methods that answer later, with what they take. `decide`, `assess` and `start` look at their request themselves. */
const LATER: Partial<Record<keyof Gate | 'receipts', Takes>> = {
  report: { outcomes: { is: 'list', items: { is: 'object' } } },
  receive: { provider: text, receipts: { is: 'list', items: { is: 'object' } } },
  receipts: { provider: text, request: { is: 'object' } },
  find: { service: text, to: text },
  get: { ...id, patience },
  check: { ...id, code: text, patience },
  solve: { ...id, solution: { is: 'object', fields: { type: text, solution: text } }, patience },
  resend: {
    ...id,
    options: {
      is: 'object',
      optional: true,
      fields: { code: maybeText, apiKeyId: maybeText, idempotencyKey: maybeText },
    },
    patience,
  },
  cancel: { ...id, patience },
  approve: { ...id, patience },
  review: { ...id, answer: { is: 'string', oneOf: ['approve', 'refuse'] }, patience },
  rangeLines: {
    service: text,
    path: { is: 'object', fields: { country: text, priceMicroUsd: number } },
  },
}

const NOW: Partial<Record<keyof Gate | 'receipts', Takes>> = {
  parseNumber: { input: text, defaultCountry: maybeText },
  sourceFacts: { ip: textOrNull },
  renameIncident: { ...id, to: text },
  setPolicy: {
    policy: { is: 'object', fields: { services: { is: 'object' }, fallback: { is: 'any' } } },
    version: number,
  },
  setLists: { lists: { is: 'object', fields: { allow: texts, deny: texts } } },
  setMeasures: {
    measures: {
      is: 'list',
      items: {
        is: 'object',
        fields: {
          id: text,
          target: { is: 'object', fields: { kind: text, key: text } },
          action: text,
          until: number,
        },
      },
    },
  },
}

/** The same gate, whose methods say which of their arguments is wrong. */
export function withChecks<Checked extends Gate>(gate: Checked): Checked {
  const methods = gate as unknown as Record<string, (...args: unknown[]) => unknown>
  for (const [which, later] of [
    [LATER, true],
    [NOW, false],
  ] as const)
    for (const [name, takes] of Object.entries(which)) {
      const method = methods[name]
      if (method !== undefined) methods[name] = checked(`gate.${name}`, takes, method, later)
    }
  return gate
}
