import swagger from '@fastify/swagger'
import type { ErrorCode } from './errors.js'
import { type Described, describeAnswers } from './openapi-answers.js'
import { scopeNeeded } from './scope-needed.js'
import type { App } from './wiring.js'

declare module 'fastify' {
  interface FastifySchema {
    /** what this route refuses with, beyond what comes of keys, fields and bodies: for the OpenAPI document */
    refuses?: readonly ErrorCode[]
  }
}

/** The OpenAPI document, from the same schemas that check requests and write answers. Register before the routes. */
export async function describe(app: App, version: string, publicUrl = '/'): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tollgate',
        version,
        description:
          'Phone verification that refuses to be pumped. Times are Unix milliseconds, money is micro-USD.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl, description: 'This gateway' }],
      components: {
        securitySchemes: {
          basic: { type: 'http', scheme: 'basic', description: 'key id and secret' },
          bearer: { type: 'http', scheme: 'bearer', description: '`<key id>:<secret>`' },
        },
      },
      security: [{ basic: [] }, { bearer: [] }],
      tags: [
        { name: 'verifications', description: 'A code is sent, checked and learned from' },
        { name: 'decisions', description: 'Decide only, for any sender' },
        { name: 'outcomes', description: 'What became of messages' },
        { name: 'twilio', description: 'Compatible with Twilio Verify v2 and Lookup v2' },
        { name: 'hooks', description: 'Called by providers' },
        { name: 'admin', description: 'Keys, policies, lists, decisions, actions' },
        { name: 'health', description: 'For orchestrators and monitoring' },
      ],
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, i) => String(json.$id ?? `def-${i}`),
    },
    transform: ({ schema, url, route }) => {
      if (schema === undefined) return { schema, url }
      const scope = scopeNeeded(route.onRequest)
      const key = scope === null ? { security: [] } : { description: `Scope: ${scope}` }
      const form = { consumes: ['application/x-www-form-urlencoded'] }
      const { refuses = [], ...told } = schema
      const own = { 'x-refuses': refuses }
      return { url, schema: { ...key, ...told, ...own, ...(url.startsWith('/v2/') && form) } }
    },
    transformObject: (document) =>
      'openapiObject' in document
        ? describeAnswers(document.openapiObject as typeof document.openapiObject & Described)
        : document.swaggerObject,
  })
  // one copy for all: it is long, and a stranger may ask for it as often as he likes
  let document: Buffer | null = null
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    document ??= Buffer.from(JSON.stringify(app.swagger()))
    return reply.type('application/json; charset=utf-8').send(document)
  })
}
