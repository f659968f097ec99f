import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { pageHeaders, pagePolicy } from '../page-headers.js'
import type { App, Wiring } from '../wiring.js'
import { findPages, NOT_BUILT, type PageFiles } from './page-files.js'

export interface PagesOptions extends Pick<Wiring, 'random' | 'publicUrl'> {
  /** @default those that were built */
  files?: PageFiles | null
}

const NONCE_BYTES = 16
/** What is no page, whatever a browser says it takes. */
const NO_PAGE = /^\/(v[0-9]+|assets|openapi\.json|metrics|healthz|readyz)(\/|$|\?)/

export const wantsPage = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers.accept?.includes('text/html') ?? false

/**
 * The console's files. Every address that is no API answers a browser with the one page, which finds its way itself.
 * @returns answers with the page, for a route of another plugin that shares its address with one
 */
export function pages({ random, publicUrl, files = findPages() }: PagesOptions) {
  const https = publicUrl?.startsWith('https:') ?? false

  function page(reply: FastifyReply): FastifyReply {
    const nonce = random(NONCE_BYTES).toString('base64url')
    reply.header('content-security-policy', pagePolicy(nonce)).type('text/html; charset=utf-8')
    return files === null ? reply.code(503).send(NOT_BUILT) : reply.send(files.index(nonce))
  }

  return {
    page,
    headers: (app: App) => pageHeaders(app, https),
    async routes(app: App): Promise<void> {
      await pageHeaders(app, https)
      if (files !== null)
        await app.register(fastifyStatic, {
          root: files.assets,
          prefix: '/assets/',
          preCompressed: true,
          // a changed file has another name
          immutable: true,
          maxAge: '1y',
          index: false,
          decorateReply: false,
          schemaHide: true,
        })
      app.get('/*', { schema: { hide: true } }, async (request, reply) => {
        if (!wantsPage(request) || NO_PAGE.test(request.url)) return reply.callNotFound()
        return page(reply)
      })
    },
  }
}

export type Pages = ReturnType<typeof pages>
