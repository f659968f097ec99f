import { csvRow } from '../../audit/report/csv.js'
import type { Incident } from '../../engine/detect/change.js'
import { giveWay } from '../../ledger/give-way.js'
import type { Ledger } from '../../ledger/port.js'
import { CONVERTED, type RequestRow, type SendRow, WENT_OUT } from '../../ledger/rows.js'
import { type IncidentTraffic, incidentTraffic } from './incident-traffic.js'

/** Messages looked up at a time. */
const AT_ONCE = 500

/** What a carrier needs to find a message and its charge, and nothing else that the ledger knows of a person. */
const EVIDENCE_FIELDS = [
  'number',
  'sent_at',
  'range',
  'country',
  'operator',
  'amount',
  'currency',
  'status',
  'error',
  'code_entered',
  'provider',
  'provider_message_id',
  'request_id',
] as const

export type EvidenceMessage = Record<(typeof EVIDENCE_FIELDS)[number], string | number>

export interface Evidence {
  incident: string
  service: string
  /** ISO 8601, UTC */
  from: string
  to: string
  countries: string[]
  ranges: { range: string; level: string; sent: number; verified: number; expected: number }[]
  messages: EvidenceMessage[]
  /** USD, of the messages listed */
  amount: number
  /** `false`: there were more messages than one file lists */
  complete: boolean
}

const iso = (at: number): string => new Date(at).toISOString()

/** The messages of an incident that went out, one by one, for the carrier. Numbers in full where they are kept so. */
export async function evidenceOf(
  ledger: Parameters<typeof incidentTraffic>[0] & Pick<Ledger, 'sendsOf'>,
  incident: Incident,
  now: number,
): Promise<Evidence> {
  const traffic: IncidentTraffic = await incidentTraffic(ledger, incident, now)
  const wentOut = traffic.rows.filter(({ credit }) => WENT_OUT.includes(credit))
  const messages: EvidenceMessage[] = []
  let microUsd = 0
  for (let at = 0; at < wentOut.length; at += AT_ONCE) {
    const since = performance.now()
    const rows = wentOut.slice(at, at + AT_ONCE)
    const sends = await ledger.sendsOf(rows.map(({ id }) => id))
    for (const row of rows) {
      microUsd += row.priceMicroUsd
      messages.push(messageOf(row, incident, sends.get(row.id)))
    }
    await giveWay(performance.now() - since)
  }
  return {
    incident: incident.id,
    service: incident.service,
    from: iso(incident.firstSendAt),
    to: iso(incident.closedAt ?? now),
    countries: incident.countries,
    ranges: incident.ranges.map(({ key, level, sent, verified, expected }) => ({
      range: key,
      level,
      sent,
      verified,
      expected: Math.round(expected),
    })),
    messages,
    amount: microUsd / 1e6,
    complete: traffic.complete,
  }
}

function messageOf(
  row: RequestRow,
  { ranges }: Incident,
  send: SendRow | undefined,
): EvidenceMessage {
  const range = ranges.find(({ key }) => row.number.startsWith(key) || row.block.startsWith(key))
  return {
    number: row.number,
    sent_at: iso(row.at),
    range: range?.key ?? row.block,
    country: row.country,
    operator: row.operator,
    amount: row.priceMicroUsd / 1e6,
    currency: 'USD',
    status: send?.status ?? '',
    error: send?.error ?? '',
    code_entered: CONVERTED.includes(row.credit) ? 'yes' : row.credit === 'reserved' ? '' : 'no',
    provider: send?.provider ?? '',
    provider_message_id: send?.providerId ?? '',
    request_id: row.id,
  }
}

/** The messages as a file that spreadsheets and carriers read. */
export const evidenceCsv = ({ messages }: Evidence): string =>
  csvRow(EVIDENCE_FIELDS) +
  messages.map((message) => csvRow(EVIDENCE_FIELDS.map((field) => message[field]))).join('')
