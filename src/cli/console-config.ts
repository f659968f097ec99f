import { issuerGuard } from '../desk/access/oidc.js'
import type { AccessOptions } from '../desk/access/options.js'
import { isLoopback } from '../desk/access/site.js'
import { parseDuration } from '../policy/units.js'
import { resolveSecret, type Secret } from '../send/secret.js'
import type { DeploymentFile } from './config-schema.js'
import { usageFault } from './fault.js'

/** How people sign in to the console, as configured; the client's secret is still where it stands. */
export interface ConsoleConfig {
  idleMs: number | null
  lifetimeMs: number | null
  oidc:
    | (Omit<NonNullable<AccessOptions['oidc']>, 'clientSecret'> & { clientSecret: Secret | null })
    | null
}

type Written = NonNullable<DeploymentFile['console']>

/** Entra ID's issuers that let in whoever has an account anywhere. */
const EVERY_TENANT = /^https:\/\/login\.microsoftonline\.com\/(common|organizations|consumers)\b/i

/** What the schema cannot say: file and environment together give the provider. */
function oidcProblems(oidc: NonNullable<Written['oidc']>): { key: string; message: string }[] {
  const wrong: { key: string; message: string }[] = []
  for (const key of ['issuer', 'clientId'] as const)
    if (oidc[key] === undefined) wrong.push({ key, message: 'is missing: the provider needs it' })
  const { issuer } = oidc
  if (issuer !== undefined && !URL.canParse(issuer))
    wrong.push({ key: 'issuer', message: 'is no URL' })
  else if (issuer?.startsWith('http:') === true && !isLoopback(new URL(issuer).hostname))
    wrong.push({
      key: 'issuer',
      message: 'is plain http: who signs in could be anybody; use https',
    })
  else if (issuer !== undefined) {
    const away = issuerGuard({ allowPrivate: oidc.allowPrivate ?? false }).problem(issuer)
    if (away !== null) wrong.push({ key: 'issuer', message: `is refused: ${away}` })
    if (EVERY_TENANT.test(new URL(issuer).href))
      wrong.push({
        key: 'issuer',
        message:
          'is every tenant, and each gives roles as it likes; name yours: https://login.microsoftonline.com/<tenant id>/v2.0',
      })
  }
  if (oidc.emailVerifiedClaim !== undefined && oidc.allowedDomains === undefined)
    wrong.push({
      key: 'emailVerifiedClaim',
      message: 'needs allowedDomains, which it is asked for',
    })
  if (oidc.roles !== undefined && oidc.roleClaim === undefined)
    wrong.push({ key: 'roles', message: 'needs roleClaim, the claim whose values these are' })
  if (oidc.roles === undefined && oidc.defaultRole === undefined)
    wrong.push({
      key: 'defaultRole',
      message: 'without roles and without a default nobody is let in; give one of them',
    })
  return wrong
}

/** @throws CliFault with everything that is wrong */
export function consoleConfig(written: Written = {}): ConsoleConfig {
  const problems = written.oidc === undefined ? [] : oidcProblems(written.oidc)
  if (problems.length > 0)
    throw usageFault(
      problems.map(({ key, message }) => `console.oidc.${key} ${message}`).join('\n'),
      'see docs/console-access.md',
    )
  const ms = (text: string | undefined): number | null => {
    if (text === undefined) return null
    const parsed = parseDuration(text)
    if ('value' in parsed && parsed.value > 0) return parsed.value
    throw usageFault(`console: ${'wrong' in parsed ? parsed.wrong : `${text} is no time`}`)
  }
  const { idleTimeout, sessionLifetime, oidc } = written
  return {
    idleMs: ms(idleTimeout),
    lifetimeMs: ms(sessionLifetime),
    oidc:
      oidc?.issuer === undefined || oidc.clientId === undefined
        ? null
        : {
            issuer: oidc.issuer,
            allowPrivate: oidc.allowPrivate ?? false,
            clientId: oidc.clientId,
            clientSecret: oidc.clientSecret ?? null,
            allowedDomains: oidc.allowedDomains ?? null,
            emailVerifiedClaim: oidc.emailVerifiedClaim ?? null,
            roleClaim: oidc.roleClaim ?? null,
            roles: oidc.roles ?? {},
            defaultRole: oidc.defaultRole ?? null,
          },
  }
}

/** @throws Error when the secret of the provider's client cannot be read */
export function signInOptions(
  { idleMs, lifetimeMs, oidc }: ConsoleConfig,
  env: Readonly<Record<string, string | undefined>>,
): AccessOptions {
  return {
    ...(idleMs !== null && { idleMs }),
    ...(lifetimeMs !== null && { lifetimeMs }),
    ...(oidc !== null && {
      oidc: {
        ...oidc,
        clientSecret:
          oidc.clientSecret === null
            ? null
            : resolveSecret(oidc.clientSecret, 'console.oidc.clientSecret', env),
      },
    }),
  }
}
