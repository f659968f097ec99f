import type { Restored } from '../verify/compose.js'
import { pairs } from './columns.js'
import { duration } from './duration.js'
import type { FirstKey } from './first-key.js'

/** What a start has to say, as data. */
export interface Greeting {
  url: string
  /** where people open the console: with a name, since browsers give passkeys to names only */
  console: string
  /** one-time link of the first administrator, while there is no user; it is here and nowhere after */
  signIn: { link: string; expiresAt: number } | null
  version: string
  config: string | null
  data: string
  /** one gateway of several: its name, and what it shares with the others; `null` for one that is alone */
  cluster: { gateway: string; stores: string } | null
  policy: {
    file: string | null
    /** without a file: what was published in the console stays in force */
    published: boolean
    version: number
    services: { name: string; mode: string }[]
  }
  senders: { name: string; type: string }[]
  prices: string
  /** the first key of the installation; the secret is here and nowhere after */
  key: FirstKey | null
  /** a request that works as it is printed */
  curl: string
  restored: Restored
  tookMs: number
}

const MODES: Record<string, string> = {
  monitor: 'monitor: decisions are recorded and not enforced',
  enforce: 'enforce',
}

export function greetingText(greeting: Greeting): string[] {
  const { version, policy, senders, key, curl, restored } = greeting
  const modes = [...new Set(policy.services.map((s) => s.mode))]
  const mode =
    modes.length === 1
      ? (MODES[modes[0] ?? ''] ?? '')
      : policy.services.map((s) => `${s.name} ${s.mode}`).join(', ')
  const rows: [string, string][] = [
    ['console', `${greeting.console}/`],
    ...signInRows(greeting.signIn),
    ['mode', mode],
    [
      'policy',
      policy.file === null
        ? policy.published
          ? `version ${policy.version}, published in the console`
          : 'built in (name a file with --policy)'
        : `${policy.file} (version ${policy.version})`,
    ],
    ['sender', senders.map(senderText).join(', then ')],
    ['prices', greeting.prices],
    ['data', greeting.data],
  ]
  if (greeting.cluster !== null) {
    rows.push(['gateway', greeting.cluster.gateway], ['shared', greeting.cluster.stores])
  }
  if (greeting.config !== null) rows.push(['config', greeting.config])
  if ((restored.learned ?? 0) > 0)
    rows.push(['learned', `${restored.learned} rows of the shared log`])
  const made = restored.charges + restored.settlements
  if (made + restored.interrupted > 0)
    rows.push([
      'restored',
      `${made} charges and settlements ${restored.snapshotAt === null ? 'of the ledger' : 'since the last snapshot'}${restored.interrupted > 0 ? `, ${restored.interrupted} sends were cut short and count as unknown` : ''}`,
    ])
  return [
    `tollgate ${version}, ready after ${duration(greeting.tookMs)}`,
    '',
    ...pairs(rows).map((line) => `  ${line}`),
    '',
    ...keyText(key),
    'Try it:',
    '',
    `  ${curl}`,
    '',
  ]
}

const signInRows = (signIn: Greeting['signIn']): [string, string][] =>
  signIn === null
    ? []
    : [
        ['sign in', signIn.link],
        ['', 'makes the first administrator; works once, for a day, until the next start'],
      ]

const senderText = ({ name, type }: { name: string; type: string }): string =>
  type === 'console'
    ? `${name} (development: prints messages here, sends nothing)`
    : `${name} (${type})`

function keyText(key: FirstKey | null): string[] {
  if (key === null) return ['API keys: as before; make another with: tollgate keys create', '']
  if (key.secret === null) return [`API key ${key.id}, from TOLLGATE_BOOTSTRAP_KEY`, '']
  return [
    'API key, made on this first start. Its secret is not shown again:',
    '',
    `  id      ${key.id}`,
    `  secret  ${key.secret}`,
    '',
  ]
}

/** @param messages whether a verification may be asked for: the sender prints it and spends nothing */
export function curlLine(
  url: string,
  key: FirstKey | null,
  example: { service: string; to: string },
  messages: boolean,
): string {
  const user = key?.user ?? '"$TOLLGATE_KEY"'
  const path = messages ? '/v1/verifications' : '/v1/decisions'
  return `curl -sS -u ${user} -H 'content-type: application/json' -d '${JSON.stringify(example)}' ${url}${path}`
}
