import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const OPENSSL = process.env.TOLLGATE_OPENSSL ?? '/usr/bin/openssl'
const absent = !existsSync(OPENSSL)
/** Where there is no openssl these tests are left out, unless CI says that there must be one. */
export const skipped = absent && process.env.CI !== 'true'
export const why = skipped ? ` (skipped: no ${OPENSSL}; apt-get install openssl)` : ''

export interface Pair {
  /** paths */
  cert: string
  key: string
  /** the certificate itself */
  text: string
}

/** An authority of the tests, and what it has signed; all of it in a temporary folder. */
export interface Authority {
  readonly ca: Pair
  /** @param names hosts and addresses that it is for @param days from now that it is good for; below 0: over */
  sign(name: string, names: readonly string[], days?: number): Pair
  remove(): void
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
const isAddress = (name: string) => /^[\d.]+$|:/.test(name)

export function authority(subject = 'an authority of the tests'): Authority {
  if (absent) throw new Error(`there must be an openssl, but there is no ${OPENSSL}`)
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-certificates-'))
  const openssl = (...args: string[]) =>
    execFileSync(OPENSSL, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const pair = (name: string): Pair => {
    const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)]
    return { cert, key, text: readFileSync(cert, 'utf8') }
  }
  openssl(
    ...['req', '-x509', ...KEY, '-days', '2', '-subj', `/CN=${subject}`],
    ...['-keyout', 'ca.key', '-out', 'ca.crt'],
  )
  return {
    ca: pair('ca'),
    sign(name, names, days = 2) {
      openssl(
        ...['req', ...KEY, '-subj', `/CN=${name}`],
        ...['-keyout', `${name}.key`, '-out', `${name}.csr`],
      )
      const alternatives = names.map((one) => `${isAddress(one) ? 'IP' : 'DNS'}:${one}`)
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${alternatives.join(',')}\n`)
      openssl(
        ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key'],
        ...['-days', String(days), '-extfile', `${name}.ext`, '-out', `${name}.crt`],
      )
      return pair(name)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
