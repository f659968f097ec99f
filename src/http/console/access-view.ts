import type { Role } from '../../desk/access/user.js'

/** What the pages of sign-in, users, keys and audit read. Times are Unix ms. */

export interface PasskeyView {
  id: string
  name: string
  synced: boolean
  createdAt: number
  lastUsedAt: number | null
}

export interface SessionView {
  id: string
  createdAt: number
  seenAt: number
  endsAt: number
  way: 'passkey' | 'recovery' | 'link' | 'oidc'
  source: string
  userAgent: string | null
  /** the session that asks */
  current: boolean
}

/** The user who is signed in. */
export interface MeView {
  id: string
  name: string
  role: Role
  /** host of the organisation's provider, for who signs in there */
  provider: string | null
  passkeys: PasskeyView[]
  recoveryCodesLeft: number
  sessions: SessionView[]
}

export interface UserView {
  id: string
  name: string
  role: Role
  disabled: boolean
  createdAt: number
  createdBy: string
  lastSignInAt: number | null
  passkeys: number
  recoveryCodesLeft: number
  sessions: number
  provider: string | null
}

export interface InvitationView {
  id: string
  name: string
  role: Role
  by: string
  createdAt: number
  expiresAt: number
}

export interface UsersView {
  users: UserView[]
  invitations: InvitationView[]
}

/** A link that was just made: shown once. */
export interface LinkMadeView {
  url: string
  expiresAt: number
}

/** What a one-time link is for. */
export interface LinkView {
  purpose: 'setup' | 'invite' | 'passkey'
  /** '' where the first administrator chooses it */
  name: string
  role: Role
  expiresAt: number
}

export interface SignedInView {
  user: { id: string; name: string; role: Role }
  /** new ones, for the only time */
  recoveryCodes: string[] | null
}

export interface AuditEntryView {
  seq: number
  at: number
  actor: string
  /** name of the user who acted, as it is today */
  actorName: string | null
  action: string
  target: string
  /** name of the user it was done to, as it is today */
  targetName: string | null
  detail: Record<string, unknown> | null
}

export interface AuditView {
  rows: AuditEntryView[]
  /** goes into `before` for the next page */
  next: number | null
}

export interface KeyView {
  id: string
  name: string
  scopes: string[]
  createdAt: number
  revokedAt: number | null
  /** last request with it that this process saw since its start */
  lastUsedAt: number | null
}
