import { issuerGuard } from '../desk/access/oidc.js'
import type { Guard } from '../outward/guard.js'
import { type ProviderConfig, placeOf } from '../send/config.js'
import { providerGuard } from '../send/exchange.js'
import { collectorGuard } from '../tracing/export.js'
import type { Config } from './config.js'
import { usageFault } from './fault.js'
import { tracesUrl } from './tracing-config.js'

/** A place that the configuration makes the gateway ask by HTTP. */
interface Destination {
  /** where it stands, e.g. `send[0].url` */
  key: string
  url: string
  guard: Guard
}

/** Where one of them leads: `private` is refused, `unknown` may be found later. */
export type Led = { key: string } & Awaited<ReturnType<Guard['find']>>

type Given = Pick<Config, 'send' | 'tracing' | 'console'>
type Env = Readonly<Record<string, string | undefined>>

function destinations({ send, tracing, console }: Given, env: Env): Destination[] {
  const traces = tracesUrl(tracing, env)
  const { allowPrivate = false } = tracing
  return [
    ...(send as ProviderConfig[]).flatMap((entry, i): Destination[] => {
      const place = placeOf(entry)
      if (place === null) return []
      const { key, url } = place
      return [{ key: `send[${i}].${key}`, url, guard: providerGuard(key, place) }]
    }),
    ...(traces === null
      ? []
      : [{ key: 'tracing', url: traces, guard: collectorGuard({ allowPrivate }) }]),
    ...(console.oidc === null
      ? []
      : [
          {
            key: 'console.oidc.issuer',
            url: console.oidc.issuer,
            guard: issuerGuard(console.oidc),
          },
        ]),
  ]
}

/** Looks up where the URLs of the configuration lead now. */
export const whereLed = (config: Given, env: Env): Promise<Led[]> =>
  Promise.all(
    destinations(config, env).map(async ({ key, url, guard }) => ({
      key,
      ...(await guard.find(url)),
    })),
  )

/**
 * What would be refused at the first code is told at the start.
 * @throws CliFault with every URL that leads into a private network, and how to allow it
 */
export async function refusePrivate(config: Given, env: Env): Promise<void> {
  const inside = (await whereLed(config, env)).filter(({ at }) => at === 'private')
  if (inside.length > 0)
    throw usageFault(inside.map(({ key, says }) => `${key}: ${says}`).join('\n'))
}
