import helmet from '@fastify/helmet'
import type { App } from './wiring.js'

/**
 * Content-Security-Policy of the console. Scripts and styles are our own files; style elements that components make at
 * run time carry the nonce of the response, and nothing else may: a stored string that becomes markup stays powerless.
 */
export const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ')

/** What pages of the console may use of the device: passkeys and the clipboard. */
const PERMISSIONS = [
  'publickey-credentials-get=(self)',
  'publickey-credentials-create=(self)',
  'clipboard-write=(self)',
  ...['camera', 'geolocation', 'microphone', 'payment', 'usb'].map((feature) => `${feature}=()`),
].join(', ')

const YEAR_S = 365 * 86_400

/** Headers for whatever a browser shows. @param https people reach this gateway by TLS only */
export async function pageHeaders(app: App, https: boolean): Promise<void> {
  await app.register(helmet, {
    // written with each page, for its nonce
    contentSecurityPolicy: false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // on plain HTTP in a private network it would be ignored or, behind another host, lock it
    strictTransportSecurity: https ? { maxAge: YEAR_S, includeSubDomains: false } : false,
  })
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('permissions-policy', PERMISSIONS)
    done()
  })
}
