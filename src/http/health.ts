import { Type } from '@sinclair/typebox'
import { strings } from './schema.js'
import type { Routes } from './wiring.js'

/** For orchestrators: alive, and able to work. No key needed; nothing in them is secret. */
export const health: Routes = (app, { ledger, sender }) => {
  let closing = false
  app.addHook('preClose', (done) => {
    closing = true
    done()
  })

  app.get(
    '/healthz',
    {
      schema: {
        tags: ['health'],
        summary: 'The process answers',
        response: { 200: Type.Object({ status: strings(['ok']) }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  )

  const Ready = Type.Object({
    status: strings(['ready', 'degraded', 'unready']),
    ledger: strings(['ok', 'unavailable']),
    closing: Type.Boolean(),
    providers: Type.Array(
      Type.Object({ provider: Type.String(), state: strings(['closed', 'open', 'half_open']) }),
    ),
  })
  app.get(
    '/readyz',
    {
      schema: {
        tags: ['health'],
        summary: 'Requests can be served: degraded when no provider takes messages',
        response: { 200: Ready, 503: Ready },
      },
    },
    async (_request, reply) => {
      const healthy = await ledger.healthy().catch(() => false)
      const providers = sender.health()
      const dark = providers.length > 0 && providers.every(({ state }) => state === 'open')
      const ready = healthy && !closing
      reply.code(ready ? 200 : 503)
      return {
        status: ready ? (dark ? 'degraded' : 'ready') : 'unready',
        ledger: healthy ? 'ok' : 'unavailable',
        closing,
        providers,
      } as const
    },
  )
}
