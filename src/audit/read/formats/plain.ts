import type { Format } from './format.js'

/** Columns that are already called what the audit calls them: the left sides of `--map`. */
export const plainNames: Format = {
  name: 'plain',
  source: 'docs/audit.md',
  columns: {
    id: ['id'],
    at: ['at'],
    to: ['to'],
    status: ['status'],
    delivered: ['delivered'],
    price: ['price'],
    fee: ['fee'],
    currency: ['currency'],
    segments: ['segments'],
    error: ['error'],
    direction: ['direction'],
    channel: ['channel'],
    outcome: ['outcome'],
    verified: ['verified'],
    ip: ['ip'],
  },
  signature: [['at'], ['to'], ['price', 'status', 'outcome', 'segments']],
}
