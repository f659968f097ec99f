import type { NumberRecords } from '../../ledger/privacy-port.js'

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/** What is held about one number, in words that the person it belongs to can read. */
export function personalData(number: string, records: NumberRecords, now: number) {
  const { requests, verifications, sends, receipts, outcomes, lists, documents } = records
  return {
    about: number,
    exportedAt: iso(now),
    note: 'Everything this gateway keeps about the number. Prices are in US dollars. Codes are never kept; what is kept of one is a keyed hash, and not part of this.',
    verifications: verifications.map((row) => ({
      id: row.id,
      service: row.service,
      status: row.status,
      startedAt: iso(row.createdAt),
      changedAt: iso(row.updatedAt),
      expiresAt: iso(row.expiresAt),
      codesSent: row.sends,
      codesTried: row.checks,
      language: row.locale,
      givenByTheApplication: row.tags,
      keptForResends: row.context,
    })),
    requests: requests.map((row) => ({
      id: row.id,
      at: iso(row.at),
      service: row.service,
      kind: row.kind,
      number: row.number,
      country: row.country,
      operator: row.operator,
      address: row.ip,
      network: row.asn === null ? null : `AS${row.asn}`,
      device: row.deviceId,
      account: row.accountId,
      session: row.sessionId,
      browser: row.userAgent,
      decision: row.verdict,
      reasons: row.reasons.map(({ code }) => code),
      signals: row.evidence.map(({ code }) => code),
      score: row.score,
      price: row.priceMicroUsd / 1e6,
      outcome: row.credit,
      settledAt: iso(row.settledAt),
      verification: row.verificationId,
    })),
    messages: sends.map((row) => ({
      id: row.id,
      at: iso(row.at),
      provider: row.provider,
      idAtProvider: row.providerId,
      status: row.status,
      error: row.error,
      price: row.priceMicroUsd / 1e6,
    })),
    deliveryReceipts: receipts.map((row) => ({ ...row, at: iso(row.at) })),
    outcomes: outcomes.map(({ at, requestId, kind, detail }) => ({
      at: iso(at),
      request: requestId,
      kind,
      detail,
    })),
    lists: lists.map(({ list, source, createdAt, expiresAt }) => ({
      list,
      addedBy: source,
      addedAt: iso(createdAt),
      until: iso(expiresAt),
    })),
    documents: documents.map(({ kind, id, at, body }) => ({
      kind,
      id,
      at: iso(at),
      content: onlyAbout(number, body),
    })),
    policyVersions: records.policyVersions,
  }
}

export type PersonalData = ReturnType<typeof personalData>

/** Of a report that names many numbers, the part about this one: others are other people. */
function onlyAbout(number: string, body: unknown): unknown {
  if (Array.isArray(body)) {
    const about = body.filter((item) => JSON.stringify(item)?.includes(number))
    return about.map((item) => onlyAbout(number, item))
  }
  if (typeof body !== 'object' || body === null) return body
  return Object.fromEntries(
    Object.entries(body)
      .filter(([, value]) => !Array.isArray(value) || JSON.stringify(value).includes(number))
      .map(([key, value]) => [key, onlyAbout(number, value)]),
  )
}
