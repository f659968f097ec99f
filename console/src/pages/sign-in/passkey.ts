import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'
import type { SignedInView } from '../../../../src/http/console/access-view'
import type { HelloView } from '../../../../src/http/console/hello-view'
import { askHello, HELLO_KEY } from '../../api/hello'
import { ProblemError } from '../../api/problem'
import { queryClient } from '../../api/query-client'
import { request } from '../../api/request'

const post = <T>(path: string, body?: unknown): Promise<T> =>
  request<T>(path, { method: 'POST', body })

/** Asks the browser for a passkey of this site, and the gateway whether it is one of ours. */
export async function signInWithPasskey(): Promise<SignedInView> {
  const optionsJSON = await post<PublicKeyCredentialRequestOptionsJSON>('sign-in/options')
  const response = await startAuthentication({ optionsJSON })
  return post('sign-in', { response })
}

/** The passkey once more, for who is signed in already. @returns false when it was not given: what was asked stays refused */
export async function signInAgain(): Promise<boolean> {
  const hello = queryClient.getQueryData<HelloView>(HELLO_KEY)
  const before = hello?.user?.id
  // who signs in with the organisation has no passkey here: the sentence says to sign out and in
  if (hello?.session?.way === 'oidc') return false
  try {
    const { user } = await signInWithPasskey()
    // somebody else's passkey: the page is theirs from now on, and what was asked is not done in their name
    if (user.id !== before) await askHello()
    return user.id === before
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}

/** Makes a passkey for whom a one-time link is for. */
export async function registerThroughLink(token: string, name: string): Promise<SignedInView> {
  const optionsJSON = await post<PublicKeyCredentialCreationOptionsJSON>('link/options', {
    token,
    name,
  })
  const response = await startRegistration({ optionsJSON })
  return post('link/redeem', { token, name, passkeyName: '', response })
}

/** Makes another passkey for who is signed in. */
export async function addPasskey(name: string): Promise<void> {
  const optionsJSON = await post<PublicKeyCredentialCreationOptionsJSON>('me/passkeys/options')
  const response = await startRegistration({ optionsJSON })
  await post('me/passkeys', { name, response })
}

/** What a browser calls its refusals, and what a person can do about each. */
const BROWSER: Readonly<Record<string, string>> = {
  NotAllowedError:
    'Cancelled, or it took too long. Try again, and confirm with your fingerprint, face or PIN.',
  InvalidStateError: 'This device has a passkey for this user already. Sign in with it.',
  NotSupportedError: 'This device cannot make such a passkey. Use a phone or a security key.',
  ConstraintError: 'This device cannot check who you are. Set a PIN, fingerprint or face first.',
  SecurityError: 'The browser gives no passkeys to this address. Open the console under its name.',
  AbortError: 'Cancelled. Try again.',
}

/** What went wrong, as a sentence that says what to do. */
export function passkeyProblem(error: unknown): string {
  if (error instanceof ProblemError) return error.message
  const name = error instanceof Error ? error.name : ''
  return BROWSER[name] ?? 'The browser could not use a passkey. Try again, or another way.'
}
