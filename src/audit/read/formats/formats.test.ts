import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { OUTCOME, STATUS } from '../../message-log.js'
import { readLogs } from '../read-logs.js'
import { FORMATS } from './all.js'

const LOGS = fileURLToPath(new URL('../../../../test/fixtures/logs/', import.meta.url))
const now = Date.UTC(2026, 5, 1)

/** The two messages that every fixture holds, in its provider's layout. */
interface Expected {
  at: [string, string]
  number?: [number, number]
  masked?: [number, number]
  price: [number, number]
  currency: string
  segments: [number, number]
  status: [number, number]
  outcome?: [number, number]
  error: [string, string]
  skipped?: Record<string, number>
  rows?: number
}

const { delivered, failed, sent, unknown } = STATUS
const TIMES: [string, string] = ['2026-03-01T10:00:00.000Z', '2026-03-01T10:00:05.000Z']
const NUMBERS: [number, number] = [2_348_031_234_567, 447_700_900_123]
const converted: [number, number] = [OUTCOME.verified, OUTCOME.unverified]
const none: [number, number] = [OUTCOME.unknown, OUTCOME.unknown]

const EXPECTED: Record<string, Expected> = {
  'twilio-messages.csv': {
    at: TIMES,
    price: [51_200, 88_000],
    currency: 'USD',
    segments: [1, 2],
    status: [delivered, failed],
    error: ['', '30003'],
    skipped: { inbound: 1 },
  },
  'twilio-messages.json': {
    at: TIMES,
    price: [51_200, 88_000],
    currency: 'USD',
    segments: [1, 2],
    status: [delivered, failed],
    error: ['', '30003'],
    rows: 3,
  },
  'twilio-verify-attempts.json': {
    at: ['2026-03-01T10:00:01.000Z', '2026-03-01T10:00:02.000Z'],
    price: [51_200, 44_000],
    currency: 'USD',
    segments: [1, 1],
    status: [delivered, failed],
    outcome: converted,
    error: ['', '30008'],
    skipped: { other_channel: 1 },
  },
  'vonage-sms.csv': {
    at: TIMES,
    price: [47_300, 33_300],
    currency: 'EUR',
    segments: [1, 1],
    status: [delivered, failed],
    error: ['', '6'],
  },
  'vonage-verify.json': {
    at: ['2026-03-01T10:00:01.000Z', '2026-03-01T10:00:05.000Z'],
    price: [100_000, 0],
    currency: 'EUR',
    segments: [1, 1],
    status: [unknown, unknown],
    outcome: converted,
    error: ['', ''],
  },
  'aws-sns.ndjson': {
    at: ['2026-03-01T10:00:01.558Z', '2026-03-01T10:00:02.558Z'],
    price: [51_200, 88_800],
    currency: 'USD',
    segments: [1, 2],
    status: [delivered, failed],
    error: ['', ''],
  },
  'aws-sns-usage.csv': {
    at: ['2026-03-01T10:00:00.476Z', '2026-03-01T10:00:05.561Z'],
    price: [51_200, 88_000],
    currency: 'USD',
    segments: [1, 2],
    status: [sent, delivered],
    error: ['', ''],
    skipped: { message_part: 1 },
  },
  'aws-end-user-messaging.ndjson': {
    at: TIMES,
    price: [54_200, 44_000],
    currency: 'USD',
    segments: [1, 1],
    status: [delivered, failed],
    error: ['', ''],
    skipped: { status_update: 1 },
  },
  'aws-pinpoint.ndjson': {
    at: TIMES,
    price: [51_200, 44_000],
    currency: 'USD',
    segments: [1, 1],
    status: [delivered, failed],
    error: ['', ''],
  },
  'plivo.json': {
    at: TIMES,
    price: [51_200, 88_000],
    currency: 'USD',
    segments: [1, 2],
    status: [delivered, failed],
    error: ['', '450'],
  },
  'messagebird.json': {
    at: ['2026-03-01T10:00:00.000Z', '2026-03-01T10:00:00.000Z'],
    price: [51_200, 88_000],
    currency: 'EUR',
    segments: [1, 2],
    status: [delivered, failed],
    error: ['', '6'],
  },
  'bird.json': {
    at: TIMES,
    price: [Number.NaN, Number.NaN],
    currency: '',
    segments: [1, 1],
    status: [delivered, failed],
    error: ['', '101'],
  },
  'infobip.json': {
    at: TIMES,
    price: [51_200, 88_000],
    currency: 'EUR',
    segments: [1, 2],
    status: [delivered, failed],
    error: ['', 'EC_ABSENT_SUBSCRIBER'],
  },
  'sinch.json': {
    at: TIMES,
    price: [Number.NaN, Number.NaN],
    currency: '',
    segments: [1, 2],
    status: [delivered, failed],
    error: ['', '407'],
    skipped: { status_update: 1 },
  },
  'telnyx.json': {
    at: TIMES,
    price: [54_200, 88_000],
    currency: 'USD',
    segments: [1, 2],
    status: [delivered, failed],
    error: ['', '40008'],
  },
  'tollgate-ledger.ndjson': {
    at: TIMES,
    // the second number is a pseudonym: its block is known
    number: [2_348_031_234_567, 447_700_900_000],
    masked: [0, 4],
    price: [51_200, 44_000],
    currency: 'USD',
    segments: [1, 1],
    status: [delivered, sent],
    outcome: converted,
    error: ['', ''],
    skipped: { not_sent: 1 },
  },
  'tollgate-traffic.ndjson': {
    at: TIMES,
    price: [51_200, 44_000],
    currency: 'USD',
    segments: [1, 1],
    status: [delivered, failed],
    outcome: converted,
    error: ['', '30003'],
  },
  'plain.csv': {
    at: TIMES,
    price: [51_200, 88_000],
    currency: 'EUR',
    segments: [1, 2],
    status: [delivered, failed],
    outcome: converted,
    error: ['', ''],
  },
}

describe('readers', () => {
  it('have a fixture in the documented layout each', () => {
    const formats = new Set(Object.keys(EXPECTED).map((file) => file.split('.')[0]))
    expect([...formats].sort()).toEqual(FORMATS.map(({ name }) => name).sort())
    expect(readdirSync(LOGS).sort()).toEqual(Object.keys(EXPECTED).sort())
  })

  it.each(Object.entries(EXPECTED))('read %s', async (file, expected) => {
    const { log, files, skipped, outcomes, duplicates, sampled } = await readLogs({
      paths: [`${LOGS}${file}`],
      now,
    })
    const { columns } = log
    const two = (column: ArrayLike<number>): number[] => [column[0] ?? -1, column[1] ?? -1]
    const price = two(columns.priceMicro)
    expect({
      format: files[0]?.format,
      rows: log.size,
      at: two(columns.at).map((at) => new Date(at).toISOString()),
      number: two(columns.number),
      masked: two(columns.masked),
      price,
      currency: log.currencies[columns.currency[0] ?? 0],
      segments: two(columns.segments),
      status: two(columns.status),
      outcome: two(columns.outcome),
      error: two(columns.error).map((place) => log.errors[place]),
      skipped: Object.fromEntries(skipped.map(({ why, rows }) => [why, rows])),
      outcomes,
      duplicates,
      sampled,
    }).toEqual({
      number: NUMBERS,
      masked: [0, 0],
      outcome: none,
      skipped: {},
      rows: 2,
      ...expected,
      format: file.split('.')[0],
      outcomes: expected.outcome === undefined ? 'none' : 'log',
      duplicates: 0,
      sampled: 1,
    })
  })
})
