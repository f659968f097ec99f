import { chargeText } from './charge-text.js'
import { codec, flag, json } from './codec.js'
import type { DocumentRow } from './console-port.js'
import {
  type ActionRow,
  ASKED,
  type KeyRow,
  LEARNED,
  type ListRow,
  type OutcomeRow,
  type PolicyRow,
  type ReceiptRow,
  type RequestRow,
  SETTLED,
  type SealedNumber,
  type SendRow,
  type ServiceRow,
  type VerificationRow,
} from './rows.js'

export const requests = codec<RequestRow>('requests', {
  id: 'plain',
  at: 'plain',
  service: 'plain',
  kind: 'plain',
  number: 'plain',
  country: 'plain',
  operator: 'plain',
  block: 'plain',
  ip: 'plain',
  subnet: 'plain',
  asn: 'plain',
  deviceId: 'plain',
  accountId: 'plain',
  sessionId: 'plain',
  userAgent: 'plain',
  apiKeyId: 'plain',
  priceMicroUsd: 'plain',
  verdict: 'plain',
  would: 'plain',
  mode: 'plain',
  score: 'plain',
  reasons: json(),
  evidence: json(),
  knownGood: flag,
  degraded: flag,
  policyVersion: 'plain',
  verificationId: 'plain',
  charge: chargeText,
  credit: 'plain',
  maturesAt: 'plain',
  settledAt: 'plain',
})

export const settledRequests = requests.part(SETTLED)
export const learnedRequests = requests.part(LEARNED)
export const askedRequests = requests.part(ASKED)

export const verifications = codec<VerificationRow>('verifications', {
  id: 'plain',
  service: 'plain',
  number: 'plain',
  to: 'plain',
  channel: 'plain',
  status: 'plain',
  codeHash: 'plain',
  checks: 'plain',
  sends: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
  expiresAt: 'plain',
  lastSendAt: 'plain',
  context: json(),
  requestId: 'plain',
  apiKeyId: 'plain',
  locale: 'plain',
  tags: json(),
  version: 'plain',
})

export const sends = codec<SendRow>('sends', {
  id: 'plain',
  requestId: 'plain',
  verificationId: 'plain',
  at: 'plain',
  updatedAt: 'plain',
  provider: 'plain',
  providerId: 'plain',
  status: 'plain',
  error: 'plain',
  priceMicroUsd: 'plain',
})

export const receipts = codec<ReceiptRow>('receipts', {
  sendId: 'plain',
  at: 'plain',
  status: 'plain',
  error: 'plain',
  providerCode: 'plain',
})

export const outcomes = codec<OutcomeRow>('outcomes', {
  at: 'plain',
  requestId: 'plain',
  kind: 'plain',
  from: 'plain',
  to: 'plain',
  detail: 'plain',
})

export const actions = codec<ActionRow>('actions', {
  at: 'plain',
  actor: 'plain',
  action: 'plain',
  target: 'plain',
  detail: json(),
})

export const numbers = codec<SealedNumber>('numbers', {
  numberKey: 'plain',
  period: 'plain',
  keyId: 'plain',
  sealed: 'plain',
})

export const policies = codec<PolicyRow>('policies', {
  version: 'plain',
  at: 'plain',
  by: 'plain',
  yaml: 'plain',
  note: 'plain',
})

export const apiKeys = codec<KeyRow>('api_keys', {
  id: 'plain',
  secretHash: 'plain',
  name: 'plain',
  scopes: json(),
  createdAt: 'plain',
  revokedAt: 'plain',
})

export const listEntries = codec<ListRow>('list_entries', {
  list: 'plain',
  entry: 'plain',
  source: 'plain',
  createdAt: 'plain',
  expiresAt: 'plain',
})

export const services = codec<ServiceRow>('services', {
  sid: 'plain',
  name: 'plain',
  friendlyName: 'plain',
  codeLength: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
})

export const documents = codec<Omit<DocumentRow, 'body'> & { body: object }>('documents', {
  kind: 'plain',
  id: 'plain',
  parent: 'plain',
  at: 'plain',
  expiresAt: 'plain',
  version: 'plain',
  body: json(),
})
