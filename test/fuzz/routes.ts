import { channel } from 'node:diagnostics_channel'
import type { RouteOptions } from 'fastify'
import type { App } from '../../src/http/wiring.js'
import type { Schema } from './schema-values.js'

/** A route as the server itself has it, described or not. */
export interface Route {
  method: string
  /** with its parameters: `/v1/console/users/:id` */
  path: string
  params: Schema
  query: Schema | null
  body: Schema | null
}

export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string =>
  `${method} ${path}`

/** Opens a server and tells of every route that is given to it: a new one cannot be forgotten. */
export async function withRoutes<T>(
  open: () => Promise<T>,
): Promise<{ opened: T; routes: Route[] }> {
  const routes: Route[] = []
  const note = ({ method, url, schema }: RouteOptions): void => {
    for (const each of [method].flat()) {
      routes.push({
        method: each,
        path: url,
        params: (schema?.params ?? {}) as Schema,
        query: (schema?.querystring ?? null) as Schema | null,
        body: (schema?.body ?? null) as Schema | null,
      })
    }
  }
  const initialised = channel('fastify.initialization')
  const watch = (message: unknown): void => {
    ;(message as { fastify: App }).fastify.addHook('onRoute', note)
  }
  initialised.subscribe(watch)
  try {
    return { opened: await open(), routes }
  } finally {
    initialised.unsubscribe(watch)
  }
}
