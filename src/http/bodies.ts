import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { Refusal } from './refusal.js'

/** JSON and nothing else, for the native API. Text that is not UTF-8 is refused, never repaired. */
export function acceptJson(app: FastifyInstance): void {
  // Keys that would reach a prototype once an object is copied.
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (!Buffer.isBuffer(body) || !isUtf8(body)) return done(new Refusal('invalid_utf8'))
    if (body.length === 0) return done(null, undefined)
    const text = body.toString('utf8')
    parse(request, text, (error, value) => {
      if (error) done(jsonRefusal(text))
      else done(null, value)
    })
  })
}

function jsonRefusal(text: string): Refusal {
  try {
    JSON.parse(text)
  } catch (error) {
    // The engine's message quotes the text around the fault, which may be a number or a code.
    const at = error instanceof Error ? /position \d+/.exec(error.message)?.[0] : undefined
    return new Refusal(
      'malformed_json',
      `The body is not JSON: fault ${at ? `at ${at}` : 'at its end'}.`,
    )
  }
  return new Refusal(
    'malformed_json',
    'A key named __proto__ or constructor.prototype is not accepted.',
  )
}

/** Form parameters, for the Twilio-compatible API. Throws a Refusal. */
export function parseForm(text: string): Record<string, string> {
  const form: Record<string, string> = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    // What URLSearchParams puts for bytes that are not UTF-8.
    if (name.includes('\uFFFD') || value.includes('\uFFFD')) throw new Refusal('invalid_utf8')
    if (form[name] !== undefined) {
      throw new Refusal('malformed_form', `Parameter ${name.slice(0, 64)} is given twice.`)
    }
    form[name] = value
  }
  return form
}

/** The body as it came, whatever its type: a signature is over its bytes. */
export function acceptRaw(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    if (!Buffer.isBuffer(body) || !isUtf8(body)) return done(new Refusal('invalid_utf8'))
    done(null, body.toString('utf8'))
  })
}
