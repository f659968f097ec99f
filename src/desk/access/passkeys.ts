import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { MINUTE } from '../../engine/units.js'
import type { Ledger } from '../../ledger/port.js'
import { no, type Outcome, ok } from './faults.js'
import type { Sealer } from './seal.js'
import { relyingParty, type Site } from './site.js'
import { digest, type RandomBytes } from './token.js'
import { type KnownUser, type Passkey, sameName } from './user.js'
import type { Users } from './users.js'

/** Time for a person to find their key and touch it. */
export const STEP_MS = 5 * MINUTE
/** What authenticators and browsers name us by, beside the host. */
const RP_NAME = 'Tollgate'

/** Which step of which attempt: a challenge answers only the step it was made for. */
type Purpose = 'sign-in' | 'add-passkey' | 'link'

/** What the browser keeps between the two halves of a step. */
interface Step {
  challenge: string
  /** whose passkey it becomes; '' when signing in */
  userId: string
  /** the link it is made through, or '' */
  linkId: string
}

/** One half of a step: what the authenticator is asked, and what the browser keeps until it answers. */
export interface Asking<T> {
  options: T
  step: string
}

export interface PasskeyOptions {
  ledger: Pick<Ledger, 'putIfAbsent'>
  users: Users
  sealer: Sealer
  clock: () => number
  random: RandomBytes
}

const EXPIRED = no(
  'attempt_expired',
  'This took too long, or was begun in another window. Try again.',
)
const UNKNOWN = no(
  'passkey_refused',
  'This passkey opens nothing here: it was removed, or belongs to another installation.',
)
const REFUSED = no('passkey_refused', 'The passkey was not accepted. Try again, or use another.')

const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text))
const decoded = (base64url: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(base64url, 'base64url'))

/**
 * Registration and use of passkeys (WebAuthn Level 3). Credentials are discoverable and verify their user (PIN,
 * fingerprint, face): nobody types a name, and a found key opens nothing.
 */
export function createPasskeys({ ledger, users, sealer, clock, random }: PasskeyOptions) {
  const sealed = (purpose: Purpose, step: Step): string =>
    sealer.seal(`passkey ${purpose}`, step, clock() + STEP_MS)

  /** Opens a step and uses its challenge up: an answer that was overheard answers nothing again. */
  async function taken(purpose: Purpose, text: string | undefined): Promise<Step | null> {
    const now = clock()
    const step = sealer.open(`passkey ${purpose}`, text, now) as Step | null
    if (step === null) return null
    const key = `passkey:${digest(step.challenge)}`
    const before = await ledger.putIfAbsent('challenge', key, '1', now + STEP_MS, now)
    return before === null ? step : null
  }

  return {
    async askSignIn(site: Site): Promise<Outcome<Asking<PublicKeyCredentialRequestOptionsJSON>>> {
      const rp = relyingParty(site)
      if (!rp.ok) return rp
      const options = await generateAuthenticationOptions({
        rpID: rp.value,
        challenge: new Uint8Array(random(32)),
        userVerification: 'required',
        timeout: STEP_MS,
      })
      const step = { challenge: options.challenge, userId: '', linkId: '' }
      return ok({ options, step: sealed('sign-in', step) })
    },

    /** @returns whose passkey it is, its use counted */
    async signIn(
      site: Site,
      text: string | undefined,
      response: AuthenticationResponseJSON,
    ): Promise<Outcome<KnownUser>> {
      const rp = relyingParty(site)
      if (!rp.ok) return rp
      const step = await taken('sign-in', text)
      if (step === null) return EXPIRED
      const handle = response.response.userHandle ?? ''
      const user = await users.get(Buffer.from(handle, 'base64url').toString('utf8'))
      const passkey = user?.passkeys.find(({ id }) => id === response.id)
      if (user === null || passkey === undefined) return UNKNOWN
      const counter = await verified(async () => {
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          response,
          expectedChallenge: step.challenge,
          expectedOrigin: site.origin,
          expectedRPID: rp.value,
          requireUserVerification: true,
          credential: {
            id: passkey.id,
            publicKey: decoded(passkey.publicKey),
            counter: passkey.counter,
          },
        })
        return verified ? authenticationInfo.newCounter : null
      })
      if (counter === null) return REFUSED
      const now = clock()
      return users.change(user.id, (before) => {
        const kept = before.passkeys.find(({ id }) => id === passkey.id)
        if (kept === undefined) return UNKNOWN
        // Two uses at the same time with the same count: one of them is a copy of the authenticator.
        if (counter > 0 && counter <= kept.counter) return REFUSED
        if (before.disabled)
          return no('passkey_refused', 'This user is disabled. Ask an administrator.')
        const passkeys = before.passkeys.map((other) =>
          other.id === passkey.id ? { ...other, counter, lastUsedAt: now } : other,
        )
        return ok({ ...before, passkeys, lastSignInAt: now })
      })
    },

    async askRegistration(
      site: Site,
      purpose: 'add-passkey' | 'link',
      who: { userId: string; name: string; passkeys: readonly Passkey[]; linkId?: string },
    ): Promise<Outcome<Asking<PublicKeyCredentialCreationOptionsJSON>>> {
      const rp = relyingParty(site)
      if (!rp.ok) return rp
      const options = await generateRegistrationOptions({
        rpName: RP_NAME,
        rpID: rp.value,
        userName: who.name,
        userDisplayName: who.name,
        userID: bytes(who.userId),
        challenge: new Uint8Array(random(32)),
        timeout: STEP_MS,
        // what make of key it is decides nothing here: not asking keeps it private
        attestationType: 'none',
        excludeCredentials: who.passkeys.map(({ id, transports }) => ({ id, transports })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      const step = { challenge: options.challenge, userId: who.userId, linkId: who.linkId ?? '' }
      return ok({ options, step: sealed(purpose, step) })
    },

    /** @returns the passkey, and for whom it was asked */
    async register(
      site: Site,
      purpose: 'add-passkey' | 'link',
      text: string | undefined,
      response: RegistrationResponseJSON,
      name: string,
    ): Promise<Outcome<{ passkey: Passkey; userId: string; linkId: string }>> {
      const rp = relyingParty(site)
      if (!rp.ok) return rp
      const step = await taken(purpose, text)
      if (step === null) return EXPIRED
      const info = await verified(async () => {
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          response,
          expectedChallenge: step.challenge,
          expectedOrigin: site.origin,
          expectedRPID: rp.value,
          requireUserVerification: true,
        })
        return verified ? registrationInfo : null
      })
      if (info === null) return REFUSED
      const { credential, credentialBackedUp } = info
      const passkey: Passkey = {
        id: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: (credential.transports ?? []).slice(0, 8).map((t) => t.slice(0, 32)),
        synced: credentialBackedUp,
        name,
        createdAt: clock(),
        lastUsedAt: null,
      }
      return ok({ passkey, userId: step.userId, linkId: step.linkId })
    },
  }
}

/** The library throws for every answer that does not fit: to the person all of them are one refusal. */
async function verified<T>(check: () => Promise<T | null>): Promise<T | null> {
  try {
    return await check()
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}

/** A name for a passkey that has none, unlike those there are. */
export function passkeyName(passkeys: readonly Passkey[]): string {
  for (let n = passkeys.length + 1; ; n++) {
    const name = `Passkey ${n}`
    if (!passkeys.some((passkey) => sameName(passkey.name, name))) return name
  }
}

export type Passkeys = ReturnType<typeof createPasskeys>
