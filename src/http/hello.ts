import { Type } from '@sinclair/typebox'
import { type Pages, wantsPage } from './console/pages.js'
import { pageHeaders } from './page-headers.js'
import type { App } from './wiring.js'

/**
 * `GET /`: says what this is, and is the console to a browser. The headers of pages are for pages: the APIs answer no
 * browser, and pay no hook for it.
 */
export async function hello(app: App, version: string, pages: Pages | null): Promise<void> {
  await app.register(async (front: App) => {
    if (pages === null) await pageHeaders(front, false)
    else await pages.headers(front)
    front.get(
      '/',
      {
        schema: {
          hide: false,
          tags: ['health'],
          operationId: 'getGateway',
          summary: 'What this is',
          response: {
            200: Type.Object({
              name: Type.String(),
              version: Type.String(),
              api: Type.String(),
              twilio: Type.String(),
              openapi: Type.String(),
              health: Type.String(),
            }),
          },
        },
      },
      async (request, reply) => {
        // caches in between are told that it depends
        reply.header('vary', 'accept')
        if (pages !== null && wantsPage(request)) return pages.page(reply)
        return {
          name: 'tollgate',
          version,
          api: '/v1',
          twilio: '/v2',
          openapi: '/openapi.json',
          health: '/readyz',
        }
      },
    )
  })
}
