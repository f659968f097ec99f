import type { TlsFiles } from './tls.js'

/** Where the shared lines are, as the configuration names it. */
export interface Target {
  kind: 'single' | 'sentinel' | 'cluster'
  hosts: { host: string; port: number }[]
  /** `null`: in clear */
  tls: TlsFiles | null
  username: string | null
  password: string | null
  /** database number; a cluster has only 0 */
  db: number
  /** what the sentinels call the primary; '' elsewhere */
  primary: string
  /** what sentinels ask for that have passwords of their own */
  sentinel: { username: string | null; password: string | null }
}

/** What may stand behind the question mark. */
const FILES = ['sslrootcert', 'sslcert', 'sslkey', 'sslname'] as const
const SENTINEL = ['sentineluser', 'sentinelpassword'] as const
type Parameter = (typeof FILES)[number] | (typeof SENTINEL)[number]

const SCHEME = /^(redis|rediss|valkey|valkeys)(\+sentinel|\+cluster)?:\/\/(.+)$/
const FORMS =
  'redis://host:6379/0, rediss://user:password@host:6379, redis+sentinel://host1:26379,host2:26379/name or redis+cluster://host1:6379,host2:6379'

const bad = (what: string): Error => new Error(`lines: ${what}; it is written as ${FORMS}`)

/** @throws Error that says what is wrong with it, without its password */
export function parseUrl(url: string): Target {
  const found = SCHEME.exec(url.trim())
  if (found === null) throw bad('no address of Redis or Valkey')
  const [, scheme = '', form = '', rest = ''] = found
  const kind = form === '+sentinel' ? 'sentinel' : form === '+cluster' ? 'cluster' : 'single'
  const { before, after } = splitLast(rest)
  const [where = '', query = ''] = splitFirst(after, '?')
  const [list = '', rawPath = ''] = splitFirst(where, '/')
  const path = rawPath.replace(/\/$/, '')
  const hosts = list.split(',').map((entry) => hostOf(entry, kind === 'sentinel' ? 26_379 : 6_379))
  if (kind === 'single' && hosts.length > 1)
    throw bad('several hosts, but neither +sentinel nor +cluster')
  const { username, password } = accountOf(before)
  const isTls = scheme === 'rediss' || scheme === 'valkeys'
  const { sentineluser, sentinelpassword, ...files } = parametersOf(query, kind, isTls)
  const sentinel = { username: sentineluser ?? null, password: sentinelpassword ?? null }
  const base = { kind, hosts, tls: isTls ? files : null, username, password, sentinel }
  if (kind === 'sentinel') {
    const [primary = '', db = '0'] = path.split('/')
    if (primary === '') throw bad('the name of the primary is missing, as the sentinels call it')
    return { ...base, primary, db: numberOf(db) } as Target
  }
  const db = path === '' ? 0 : numberOf(path)
  if (kind === 'cluster' && db !== 0) throw bad('a cluster has only database 0')
  return { ...base, primary: '', db } as Target
}

function splitLast(rest: string): { before: string | null; after: string } {
  const at = rest.lastIndexOf('@')
  return at < 0
    ? { before: null, after: rest }
    : { before: rest.slice(0, at), after: rest.slice(at + 1) }
}

function splitFirst(text: string, by: string): [before: string, after: string] {
  const at = text.indexOf(by)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function parametersOf(
  query: string,
  kind: Target['kind'],
  isTls: boolean,
): Partial<Record<Parameter, string>> {
  const found: Partial<Record<Parameter, string>> = {}
  for (const [name, value] of new URLSearchParams(query)) {
    const known = [...FILES, ...SENTINEL].find((one) => one === name)
    if (known === undefined)
      throw bad(
        `there is no parameter ${name.slice(0, 40)}, only ${[...FILES, ...SENTINEL].join(', ')}`,
      )
    if (value === '') throw bad(`${known} is empty`)
    if (!isTls && FILES.some((one) => one === known))
      throw bad(`${known} is of no use without TLS: rediss://`)
    if (kind !== 'sentinel' && SENTINEL.some((one) => one === known))
      throw bad(`${known} is of no use without sentinels`)
    found[known] = value
  }
  return found
}

function accountOf(text: string | null): { username: string | null; password: string | null } {
  if (text === null) return { username: null, password: null }
  const colon = text.indexOf(':')
  try {
    const username = decodeURIComponent(colon < 0 ? text : text.slice(0, colon))
    const password = colon < 0 ? '' : decodeURIComponent(text.slice(colon + 1))
    return {
      username: username === '' ? null : username,
      password: password === '' ? null : password,
    }
  } catch {
    throw bad('a percent sign in user or password that is not followed by two hex digits')
  }
}

function hostOf(entry: string, port: number): { host: string; port: number } {
  const found = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(entry.trim())
  const [, host = '', digits] = found ?? []
  const given = digits === undefined ? port : Number(digits)
  if (host === '' || given < 1 || given > 65_535) throw bad('a host or its port is wrong')
  return { host: host.replace(/^\[|\]$/g, ''), port: given }
}

function numberOf(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw bad('the database is not a number')
  return Number(text)
}

/** The address as it may be shown: without user and password. */
export const shown = ({ kind, hosts, tls, primary }: Target): string =>
  `redis${tls === null ? '' : 's'}${kind === 'single' ? '' : `+${kind}`}://${hosts
    .map(({ host, port }) => `${host}:${port}`)
    .join(',')}${primary === '' ? '' : `/${primary}`}`
