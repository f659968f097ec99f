import helmet from '@fastify/helmet'
import { Type } from '@sinclair/typebox'
import type { App } from './wiring.js'

/** `GET /`: says what this is. The page headers of helmet are for pages: the APIs answer no browser, and pay no hook for it. */
export async function hello(app: App, version: string): Promise<void> {
  await app.register(async (page: App) => {
    await page.register(helmet, {
      global: false,
      // Served over plain HTTP on a private network, a page must not be told to fetch itself over TLS.
      contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
      strictTransportSecurity: false,
    })
    page.get(
      '/',
      {
        helmet: {},
        schema: {
          hide: false,
          tags: ['health'],
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
      async () => ({
        name: 'tollgate',
        version,
        api: '/v1',
        twilio: '/v2',
        openapi: '/openapi.json',
        health: '/readyz',
      }),
    )
  })
}
