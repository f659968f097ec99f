import type { OidcOptions } from './oidc.js'

/** How people sign in to the console. */
export interface AccessOptions {
  /** ms without use after which a session ends @default 30 minutes */
  idleMs?: number
  /** ms after which a session ends whatever happens @default 12 hours */
  lifetimeMs?: number
  /** @default passkeys only */
  oidc?: OidcOptions
}
