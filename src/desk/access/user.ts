/** What users of the console may do; each includes those before it. */
export const ROLES = ['viewer', 'analyst', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** A public key of an authenticator. */
export interface Passkey {
  /** credential id, base64url */
  id: string
  /** COSE key, base64url */
  publicKey: string
  /** how often it was used, as the authenticator says; most say 0 for ever */
  counter: number
  transports: string[]
  /** kept by a password manager on several devices, not in one piece of hardware */
  synced: boolean
  name: string
  createdAt: number
  lastUsedAt: number | null
}

/** Somebody who may sign in. The name is shown in the audit log and is unique. */
export interface User {
  name: string
  role: Role
  disabled: boolean
  createdAt: number
  createdBy: string
  lastSignInAt: number | null
  passkeys: Passkey[]
  /** whom the organisation's provider knows: signs in there, and has no passkeys here */
  identity: { issuer: string; subject: string } | null
}

/** A user with the id that everything else names them by. */
export interface KnownUser extends User {
  id: string
}

/** Passkeys a user can have: one for each device, with room for spares. */
export const MOST_PASSKEYS = 10
/** Users of an installation: they are listed on one page. */
export const MOST_USERS = 500
/** Characters of a name of a user or a passkey. */
export const LONGEST_NAME = 64

/** Names as they are compared: two that look alike to a person are the same. */
export const sameName = (a: string, b: string): boolean => folded(a) === folded(b)
const folded = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

/** A name without what would make it look like another: control and direction marks, letters that nobody sees, and space around it. */
export const cleanName = (name: string): string =>
  name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_NAME)
