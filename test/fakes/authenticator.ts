import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest()
const b64 = (data: Buffer): string => data.toString('base64url')

/** The few kinds of CBOR (RFC 8949) that an attestation without a statement is made of. */
const head = (major: number, n: number): Buffer => {
  if (n < 24) return Buffer.from([(major << 5) | n])
  if (n < 256) return Buffer.from([(major << 5) | 24, n])
  return Buffer.from([(major << 5) | 25, n >> 8, n & 255])
}
const int = (n: number): Buffer => (n < 0 ? head(1, -1 - n) : head(0, n))
const text = (s: string): Buffer => Buffer.concat([head(3, s.length), Buffer.from(s)])
const blob = (b: Buffer): Buffer => Buffer.concat([head(2, b.length), b])
const map = (...pairs: Buffer[][]): Buffer =>
  Buffer.concat([head(5, pairs.length), ...pairs.flat()])

export interface AuthenticatorFaults {
  /** the page that the browser says it is on */
  origin?: string
  rpId?: string
  challenge?: string
  /** no PIN, fingerprint or face was asked for */
  unverified?: boolean
  counter?: number
  signedBy?: 'another'
}

/** An authenticator in software with one discoverable ES256 credential, and the browser around it. */
export function createAuthenticator(origin: string) {
  const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { privateKey, publicKey } = pair()
  const other = pair().privateKey
  const id = randomBytes(32)
  let counter = 0
  let userHandle = ''

  const clientData = (type: string, challenge: string, from: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin: from, crossOrigin: false }))

  function authData(rpId: string, flags: number, count: number, credential = Buffer.alloc(0)) {
    const tail = Buffer.alloc(5)
    tail.writeUInt8(flags, 0)
    tail.writeUInt32BE(count, 1)
    return Buffer.concat([sha256(rpId), tail, credential])
  }

  return {
    id: b64(id),
    get userHandle(): string {
      return userHandle
    },

    // biome-ignore lint/suspicious/noExplicitAny: what the server asked, as it is
    create(options: any, faults: AuthenticatorFaults = {}) {
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
      const key = map(
        [int(1), int(2)],
        [int(3), int(-7)],
        [int(-1), int(1)],
        [int(-2), blob(Buffer.from(x, 'base64url'))],
        [int(-3), blob(Buffer.from(y, 'base64url'))],
      )
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const attested = Buffer.concat([Buffer.alloc(16), length, id, key])
      const flags = faults.unverified ? 0x41 : 0x45
      const data = authData(faults.rpId ?? options.rp.id, flags, counter, attested)
      userHandle = options.user.id
      return {
        id: b64(id),
        rawId: b64(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: b64(
            clientData(
              'webauthn.create',
              faults.challenge ?? options.challenge,
              faults.origin ?? origin,
            ),
          ),
          attestationObject: b64(
            map(
              [text('fmt'), text('none')],
              [text('attStmt'), map()],
              [text('authData'), blob(data)],
            ),
          ),
          transports: ['internal'],
        },
      }
    },

    // biome-ignore lint/suspicious/noExplicitAny: what the server asked, as it is
    get(options: any, faults: AuthenticatorFaults = {}) {
      counter = faults.counter ?? counter + 1
      const data = authData(faults.rpId ?? options.rpId, faults.unverified ? 0x01 : 0x05, counter)
      const client = clientData(
        'webauthn.get',
        faults.challenge ?? options.challenge,
        faults.origin ?? origin,
      )
      const signed = Buffer.concat([data, sha256(client)])
      const by = faults.signedBy === 'another' ? other : privateKey
      return {
        id: b64(id),
        rawId: b64(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: b64(client),
          authenticatorData: b64(data),
          signature: b64(sign('sha256', signed, by)),
          userHandle,
        },
      }
    },
  }
}

export type Authenticator = ReturnType<typeof createAuthenticator>
