import {
  createMessageLog,
  type Message,
  type MessageLog,
  OUTCOME,
  STATUS,
} from '../../src/audit/message-log.js'

/** A delivered message of Nigeria, of which the log says no more than it must. */
export const message = (part: Partial<Message> = {}): Message => ({
  at: 0,
  number: 2_348_031_234_567,
  masked: 0,
  priceMicro: 100_000,
  currency: 'USD',
  segments: 1,
  status: STATUS.delivered,
  outcome: OUTCOME.unknown,
  id: '',
  error: '',
  ip: '',
  ...part,
})

/** @param shared what all of them have in common */
export function logOfRows(
  rows: readonly Partial<Message>[],
  shared: Partial<Message> = {},
): MessageLog {
  const log = createMessageLog()
  for (const part of rows) log.add(message({ ...shared, ...part }))
  return log
}
