import { type Static, Type } from '@sinclair/typebox'
import { ROLES } from '../desk/access/user.js'
import { Secret } from '../send/secret.js'
import { NUMBERS_AT_REST } from '../verify/number-keys.js'
import { FailureFile } from './failure-config.js'
import { storeUrl } from './stores-config.js'
import { TracingFile } from './tracing-config.js'

const closed = { additionalProperties: false }
const path = (description: string) => Type.Optional(Type.String({ minLength: 1, description }))
const age = (description: string) =>
  Type.Optional(
    Type.String({
      // of nothing, everything would go at once
      pattern: '^(?=.*[1-9])(\\d+(\\.\\d+)?[smhd])+$',
      description: `an age such as 90d (units s, m, h, d): ${description}`,
    }),
  )
const asNumbers = (description: string) =>
  Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 0xffff_ffff }), { description }))

const role = () =>
  Type.Union(
    ROLES.map((name) => Type.Literal(name)),
    { description: ROLES.join(', ') },
  )

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const

/** The deployment file. Every leaf has its name in the environment too (`config-env.ts`). */
export const DeploymentFile = Type.Object(
  {
    server: Type.Optional(
      Type.Object(
        {
          host: Type.Optional(
            Type.String({ minLength: 1, description: 'address to listen on; default 127.0.0.1' }),
          ),
          port: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 65_535,
              description: 'a port, 0 to 65535; 0 takes a free one; default 7700',
            }),
          ),
          trustProxies: Type.Optional(
            Type.Array(Type.String(), {
              description: 'addresses and CIDR blocks of proxies, e.g. [10.0.0.0/8]',
            }),
          ),
          publicUrl: Type.Optional(
            Type.String({
              pattern: '^https?://[^/]+(/.*[^/])?$',
              description: 'http(s)://host, without a slash at its end',
            }),
          ),
          openMetrics: Type.Optional(
            Type.Boolean({
              description: 'true: /metrics needs no key; false: scope admin; default true',
            }),
          ),
          maxConnections: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 1_000_000,
              description:
                'connections open at once, 1 or more; beyond it new ones are dropped; default 10000',
            }),
          ),
          requestsPerSecond: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 1_000_000,
              description: 'per API key, 1 or more; default 2000',
            }),
          ),
        },
        closed,
      ),
    ),
    data: path(
      'directory of ledger, snapshot and server key; none: nothing is kept here; default ./data',
    ),
    lines: storeUrl(
      'memory, or the Redis that gateways share: redis://, redis+sentinel://, redis+cluster://; default memory',
    ),
    ledger: storeUrl(
      'sqlite, or the database that gateways share: postgres://user@host/database; default sqlite',
    ),
    replica: storeUrl('a standby of that database, for what the console reads'),
    gateway: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9._-]{1,64}$',
        description: 'name of this gateway among several; default: the name of the machine',
      }),
    ),
    send: Type.Optional(
      Type.Array(Type.Unknown(), {
        minItems: 1,
        description:
          'a list of providers, e.g. [{ name: dev, type: console }], which is the default: messages are printed',
      }),
    ),
    policy: path('the policy file; default: the built-in policy, in monitor mode'),
    prices: path(
      'the price file: CSV, or JSON of the Twilio or Vonage pricing API; default: example prices',
    ),
    rates: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Number({ exclusiveMinimum: 0, description: 'a number above 0: USD for one unit' }),
        {
          description: 'USD for one unit of a currency, e.g. { EUR: 1.08 }',
        },
      ),
    ),
    numbers: Type.Optional(
      Type.Union(
        NUMBERS_AT_REST.map((kept) => Type.Literal(kept)),
        { description: 'clear, hashed or encrypted; default clear' },
      ),
    ),
    numberKeys: path(
      'the file of keys that encrypted numbers are sealed with; default number.keys in data',
    ),
    defaultCountry: Type.Optional(
      Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166 alpha-2, e.g. NG' }),
    ),
    retention: Type.Optional(
      Type.Object(
        {
          requests: age(
            'requests, sends and outcomes are deleted after it, in PostgreSQL up to a day later; default 90d',
          ),
          verifications: age(
            'ended verifications are deleted after it, in PostgreSQL up to a day later; default 30d',
          ),
        },
        closed,
      ),
    ),
    log: Type.Optional(
      Type.Object(
        {
          level: Type.Optional(
            Type.Union(
              LOG_LEVELS.map((level) => Type.Literal(level)),
              { description: `one of ${LOG_LEVELS.join(', ')}; default info` },
            ),
          ),
        },
        closed,
      ),
    ),
    tracing: Type.Optional(TracingFile),
    allowPrivateSinks: Type.Optional(
      Type.Boolean({
        description:
          'true: alerts may be posted to private networks, and without TLS; default false',
      }),
    ),
    console: Type.Optional(
      Type.Object(
        {
          idleTimeout: age('unused sessions of the console end after it; default 30m'),
          sessionLifetime: age('sessions of the console end after it, used or not; default 12h'),
          oidc: Type.Optional(
            Type.Object(
              {
                issuer: Type.Optional(
                  Type.String({
                    pattern: '^https?://[^/]+(/.*)?$',
                    description: 'https:// URL of the OpenID Connect provider',
                  }),
                ),
                allowPrivate: Type.Optional(
                  Type.Boolean({ description: 'true: it may be in a private network' }),
                ),
                clientId: Type.Optional(
                  Type.String({ minLength: 1, description: 'of the application registered there' }),
                ),
                clientSecret: Type.Optional(Secret),
                allowedDomains: Type.Optional(
                  Type.Array(Type.String({ minLength: 1 }), {
                    description: 'e-mail domains that may sign in, e.g. [example.com]',
                  }),
                ),
                emailVerifiedClaim: Type.Optional(
                  Type.String({
                    minLength: 1,
                    description: 'claim that proves the address; default email_verified',
                  }),
                ),
                roleClaim: Type.Optional(
                  Type.String({ minLength: 1, description: 'claim with groups or roles' }),
                ),
                roles: Type.Optional(
                  Type.Record(Type.String(), role(), {
                    description: 'role for a value of it, e.g. { fraud-team: analyst }',
                  }),
                ),
                defaultRole: Type.Optional(role()),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
    failure: Type.Optional(FailureFile),
    capacity: Type.Optional(
      Type.Integer({
        minimum: 10_000,
        maximum: 200_000_000,
        description:
          'lines and counters kept at most, 10000 or more; about 45 bytes each; default 10000000',
      }),
    ),
    network: Type.Optional(
      Type.Object(
        {
          asnDatabase: path('.mmdb file of autonomous systems; default: the one that comes along'),
          countryDatabase: path('.mmdb file of countries; default: the one that comes along'),
          hosting: asNumbers('AS numbers to take for hosting networks'),
          notHosting: asNumbers('AS numbers not to take for hosting networks'),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type DeploymentFile = Static<typeof DeploymentFile>

/** Keys whose value is a path: written in the file they go from the file's own directory. */
export const PATH_KEYS = [
  ['data'],
  ['numberKeys'],
  ['policy'],
  ['prices'],
  ['network', 'asnDatabase'],
  ['network', 'countryDatabase'],
] as const
