import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Checks `X-Twilio-Signature` (twilio.com/docs/usage/webhooks/webhooks-security): base64 of HMAC-SHA1 over the
 * URL followed by every form parameter's name and value, sorted by name, keyed with the account's auth token.
 *
 * Twilio signs some URLs with and some without their port, whichever it called, so both are tried, and both
 * once more as a URL parser writes them, as Twilio's own libraries do. Only the port can be varied so: whoever
 * knows a signature for one port of this host knows nothing new.
 */
export function verifyTwilioSignature(
  authToken: string,
  { signature, url, form }: { signature: string; url: string; form: URLSearchParams },
): boolean {
  const signed = signedForm(form)
  const given = Buffer.from(signature)
  return spellings(url).some((spelling) => {
    const expected = createHmac('sha1', authToken)
      .update(spelling + signed)
      .digest('base64')
    return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected))
  })
}

/** A name that comes twice counts with its distinct values, sorted. */
function signedForm(form: URLSearchParams): string {
  return [...new Set(form.keys())]
    .sort()
    .map((name) =>
      [...new Set(form.getAll(name))]
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('')
}

function spellings(url: string): string[] {
  const written = URL.canParse(url) ? [url, new URL(url).toString()] : [url]
  return written.flatMap((spelling) => [withoutPort(spelling), withPort(spelling)])
}

/** Scheme and user, host, port with its colon, and the rest, none of it normalised. */
const PARTS = /^([a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?)(\[[^\]/?#]*\]|[^:/?#]*)(:[^/?#]*)?/i

function withoutPort(url: string): string {
  return url.replace(PARTS, '$1$2')
}

function withPort(url: string): string {
  return url.replace(PARTS, (whole, scheme: string, host: string, port?: string) =>
    port ? whole : `${scheme}${host}:${/^https:/i.test(scheme) ? 443 : 80}`,
  )
}
