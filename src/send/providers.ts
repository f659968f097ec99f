import { type ProviderConfig, sendConfigProblems } from './config.js'
import { consoleProvider } from './console.js'
import { httpProvider } from './http.js'
import type { Provider } from './port.js'
import { resolveSecret, type Secret } from './secret.js'
import { twilioProvider } from './twilio.js'

export interface ProviderSurroundings {
  /** where `{ env: NAME }` is looked up. @default process.env */
  env?: Readonly<Record<string, string | undefined>>
  /** Unix ms. @default Date.now */
  now?: () => number
  /** where the console sender prints. @default standard output */
  write?: (line: string) => void
}

/**
 * Providers of the deployment file, in its order.
 *
 * @throws with all problems of the list in one message, and for a secret that cannot be found
 */
export function providersFromConfig(
  list: unknown,
  surroundings: ProviderSurroundings = {},
): Provider[] {
  const problems = sendConfigProblems(list)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return (list as ProviderConfig[]).map((config, index) =>
    limited(config, build(config, `send[${index}]`, surroundings)),
  )
}

/** The sender bounds providers, whatever their kind. */
function limited(config: ProviderConfig, provider: Provider): Provider {
  if (config.type === 'console' || config.limits === undefined) return provider
  return { ...provider, limits: config.limits }
}

function build(
  config: ProviderConfig,
  path: string,
  { env = process.env, now = Date.now, write }: ProviderSurroundings,
): Provider {
  const secret = (value: Secret, key: string) => resolveSecret(value, `${path}.${key}`, env)
  if (config.type === 'console') {
    return consoleProvider({ name: config.name, ...(write ? { write } : {}) })
  }
  if (config.type === 'http') {
    const { type: _, limits: __, headers, receipts, ...rest } = config
    return httpProvider({
      ...rest,
      now,
      ...(headers && {
        headers: Object.fromEntries(
          Object.entries(headers).map(([key, value]) => [key, secret(value, `headers.${key}`)]),
        ),
      }),
      ...(receipts && { receipts: { secret: secret(receipts.secret, 'receipts.secret') } }),
    })
  }
  const { name, accountSid, authToken, apiKey, apiSecret, from, messagingServiceSid } = config
  const { webhookAuthToken = authToken, baseUrl, allowPrivate, timeoutMs } = config
  return twilioProvider({
    name,
    accountSid,
    now,
    credentials:
      apiKey !== undefined && apiSecret !== undefined
        ? { apiKey, apiSecret: secret(apiSecret, 'apiSecret') }
        : { authToken: secret(authToken ?? '', 'authToken') },
    sender: messagingServiceSid === undefined ? { from: from ?? '' } : { messagingServiceSid },
    ...(webhookAuthToken && { webhookAuthToken: secret(webhookAuthToken, 'webhookAuthToken') }),
    ...(baseUrl && { baseUrl }),
    ...(allowPrivate !== undefined && { allowPrivate }),
    ...(timeoutMs && { timeoutMs }),
  })
}
