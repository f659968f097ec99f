import { Type } from '@sinclair/typebox'
import { inTime } from './in-time.js'
import { strings } from './schema.js'
import type { Routes } from './wiring.js'

/** For orchestrators: alive, and able to work. No key needed; nothing in them is secret. */
export const health: Routes = (app, { ledger, sender, conditions }) => {
  let closing = false
  app.addHook('preClose', (done) => {
    closing = true
    done()
  })

  app.get(
    '/healthz',
    {
      exposeHeadRoute: true,
      schema: {
        tags: ['health'],
        operationId: 'getHealth',
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
    trouble: Type.Array(
      Type.Object({
        name: Type.String({ description: 'lines, ledger, clock or load' }),
        state: strings(['degraded', 'lost']),
        since: Type.Union([Type.Integer(), Type.Null()]),
        says: Type.String(),
      }),
      { description: 'what the gateway depends on and is not as it should be' },
    ),
  })
  app.get(
    '/readyz',
    {
      exposeHeadRoute: true,
      schema: {
        tags: ['health'],
        operationId: 'getReadiness',
        summary: 'Requests can be served; degraded: not all of them, or not as they should be',
        response: { 200: Ready, 503: Ready },
      },
    },
    async (_request, reply) => {
      // one that stands still is known by those who watch it: whoever asks here has a time limit too
      const answered = await inTime(ledger.healthy().catch(() => false)).catch(() => null)
      const trouble = conditions.trouble()
      const answers = answered ?? !trouble.some(({ name }) => name === 'ledger')
      // what is spooled is recorded: as long as there is room, the ledger's loss refuses no message
      const healthy =
        answers || trouble.some(({ name, state }) => name === 'ledger' && state === 'degraded')
      const providers = sender.health()
      const dark = providers.length > 0 && providers.every(({ state }) => state === 'open')
      const ready = healthy && !closing
      reply.code(ready ? 200 : 503)
      return {
        status: ready ? (dark || trouble.length > 0 ? 'degraded' : 'ready') : 'unready',
        ledger: answers ? 'ok' : 'unavailable',
        closing,
        providers,
        trouble: trouble.map(({ name, state, since, says }) => ({
          ...{ name, since, says },
          state: state === 'lost' ? ('lost' as const) : ('degraded' as const),
        })),
      } as const
    },
  )
}
