import type { Contender } from '../contender.js'
import { createAuthgearBudgets } from './authgear-budgets.js'
import { createAwsSample } from './aws-sample.js'
import { createGitlabDialCode } from './gitlab-dial-code.js'
import { createTelnyxGuide } from './telnyx-guide.js'
import { createVendorLimits } from './vendor-limits.js'

export interface PeerOptions {
  /** the platform's markets, ISO 3166 alpha-2: allow-list and core countries where rules have one */
  markets: readonly string[]
  /** factor on every limit @default 1: as published */
  scale?: number
}

/** The published rules of others, by the name they carry in tables. */
export const PEERS = {
  'vendor-limits': ({ scale = 1 }: PeerOptions) => createVendorLimits({ scale }),
  'vendor-limits+allow-list': ({ markets, scale = 1 }: PeerOptions) =>
    createVendorLimits({ allowed: markets, scale }),
  'telnyx-guide': ({ scale = 1 }: PeerOptions) => createTelnyxGuide({ scale }),
  'aws-sample': ({ markets, scale = 1 }: PeerOptions) =>
    createAwsSample({ coreCountries: markets, scale }),
  'authgear-budgets': ({ scale = 1 }: PeerOptions) => createAuthgearBudgets({ scale }),
  'gitlab-dial-code': ({ scale = 1 }: PeerOptions) => createGitlabDialCode({ scale }),
} as const satisfies Record<string, (options: PeerOptions) => Contender>

export type PeerName = keyof typeof PEERS
export const PEER_NAMES = Object.keys(PEERS) as readonly PeerName[]
