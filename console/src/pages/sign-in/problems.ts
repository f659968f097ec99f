/** What the gateway sends the browser back with when signing in elsewhere did not work, in words. */
const PROBLEMS: Readonly<Record<string, string>> = {
  attempt_expired: 'Signing in took too long, or was begun in another window. Begin again.',
  oidc_refused:
    "Your organisation's sign-in worked, but you are not let in here. Ask an administrator of this console.",
  oidc_failed:
    "Your organisation's sign-in did not answer as it should. Try again; if it stays so, tell who runs the gateway.",
  foreign_origin: 'This address is not where the console is served. Open it under its own address.',
  rate_limited: 'Too many attempts from this address. Wait a minute.',
}

/** @param code of the address; words in it would be anybody's */
export const problemSentence = (code: string | null): string | null =>
  code === null ? null : (PROBLEMS[code] ?? 'Signing in did not work. Try again.')
