import type { OutcomeRow, RequestRow, SendRow, VerificationRow } from '../../src/ledger/rows.js'

/** 2026-11-20T12:26:40Z: any fixed time will do. */
export const T0 = 1_795_000_000_000
export const MINUTE = 60_000

export function aRequest(id: string, changes: Partial<RequestRow> = {}): RequestRow {
  return {
    id,
    at: T0,
    service: 'signup',
    kind: 'start',
    number: '+2348031234567',
    country: 'NG',
    operator: '234803',
    block: '+234803123',
    ip: '105.112.3.4',
    subnet: '105.112.3.0/24',
    asn: 29465,
    deviceId: 'device-1',
    accountId: null,
    sessionId: 'session-1',
    userAgent: 'Mozilla/5.0 "quoted" \u{1F4F1} ünïcode',
    apiKeyId: 'key-1',
    priceMicroUsd: 110_000,
    verdict: 'allow',
    would: 'challenge',
    mode: 'monitor',
    score: 37.5,
    evidence: [
      {
        code: 'network.hosting',
        group: 'network',
        logOdds: 1.2,
        observed: null,
        expected: null,
        windowMs: null,
      },
    ],
    reasons: [
      {
        code: 'block.credit_exhausted',
        verdict: 'challenge',
        subject: '+234803123',
        observed: 220_000,
        limit: 200_000,
        unit: 'micro_usd',
        windowMs: null,
        until: T0 + 60 * MINUTE,
      },
    ],
    knownGood: true,
    degraded: false,
    policyVersion: 3,
    verificationId: null,
    charge: null,
    credit: 'none',
    maturesAt: null,
    settledAt: null,
    ...changes,
  }
}

/** A request that was sent: two lines charged, maturing two minutes later. */
export function aCharged(id: string, changes: Partial<RequestRow> = {}): RequestRow {
  const at = changes.at ?? T0
  return aRequest(id, {
    charge: {
      lines: [
        { line: 'block', key: '+234803123', cost: 110_000 },
        { line: 'device', key: 'device "1",\n2', cost: 1 },
      ],
      sources: ['device:device-1', 'account:7'],
      numberKey: 'h:0123456789abcdef',
      opensSession: true,
      unitMicroUsd: 110_000,
      seen: {
        raw: -1.25,
        p: 0.7,
        pLow: 0.62,
        present: ['network.hosting'],
        ipCountry: 'NG',
        knownGood: true,
      },
    },
    credit: 'reserved',
    maturesAt: at + 2 * MINUTE,
    ...changes,
  })
}

export function aVerification(id: string, changes: Partial<VerificationRow> = {}): VerificationRow {
  return {
    id,
    service: 'signup',
    number: '+2348031234567',
    to: '+2348031234567',
    channel: 'sms',
    status: 'sent',
    codeHash: 'hash-of-a-code',
    checks: 0,
    sends: 1,
    createdAt: T0,
    updatedAt: T0,
    expiresAt: T0 + 10 * MINUTE,
    lastSendAt: T0,
    context: { ip: '105.112.3.4', nested: { list: [1, null, 'x'] } },
    requestId: `request of ${id}`,
    apiKeyId: 'key-1',
    locale: 'en-NG',
    tags: { campaign: 'spring' },
    version: 0,
    ...changes,
  }
}

export function aSend(id: string, changes: Partial<SendRow> = {}): SendRow {
  return {
    id,
    requestId: 'request-1',
    verificationId: 'verification-1',
    at: T0,
    updatedAt: T0,
    provider: null,
    providerId: null,
    status: 'pending',
    error: null,
    priceMicroUsd: 110_000,
    ...changes,
  }
}

export function anOutcome(requestId: string, changes: Partial<OutcomeRow> = {}): OutcomeRow {
  return {
    at: T0,
    requestId,
    kind: 'delivered',
    from: 'reserved',
    to: 'reserved',
    detail: null,
    ...changes,
  }
}
