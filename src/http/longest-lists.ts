import type { FastifyInstance, preValidationHookHandler } from 'fastify'
import { invalid } from './refusal.js'

/**
 * Lists with more items than their schema allows are refused before it is checked: the validator notes every fault of
 * every item, and a body of 1 MB holds hundreds of thousands. Register before the routes.
 */
export function boundLists(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const bounds = boundsOf(route.schema?.body)
    if (bounds.length === 0) return
    const check: preValidationHookHandler = (request, _reply, done) => {
      const body = request.body as Record<string, unknown> | null | undefined
      const over = bounds.find(([name, most]) => {
        const list = body?.[name]
        return Array.isArray(list) && list.length > most
      })
      done(over && invalid(`/${over[0]}`, `must NOT have more than ${over[1]} items`))
    }
    route.preValidation = [check, ...[route.preValidation ?? []].flat()]
  })
}

/** Lists that stand in the body, and how many items each may have. */
function boundsOf(schema: unknown): [name: string, most: number][] {
  const { properties = {} } = (schema ?? {}) as {
    properties?: Record<string, { maxItems?: number }>
  }
  return Object.entries(properties).flatMap(([name, { maxItems }]) =>
    maxItems === undefined ? [] : [[name, maxItems]],
  )
}
