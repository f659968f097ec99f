import { type TSchema, Type } from '@sinclair/typebox'
import { invalid } from '../refusal.js'

/** Parameters of forms and queries are text. Those that Twilio has and we do not know are ignored, as Twilio does. */
export const Fields = <T extends Record<string, TSchema>>(
  fields: T,
  example?: Record<string, string>,
) => Type.Object(fields, { additionalProperties: true, ...(example && { examples: [example] }) })

export const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
export const E164 = Type.String({
  pattern: '^\\+[1-9][0-9]{1,14}$',
  description: 'E.164: a plus sign (%2B in a form), calling code, number',
})
export const Flag = Type.Optional(
  Type.String({ pattern: '^([Tt]rue|[Ff]alse)$', description: 'true or false' }),
)
export const PageFields = {
  PageSize: Type.Optional(
    Type.String({
      pattern: '^[1-9][0-9]{0,8}$',
      description:
        '1 to 1000; what is more is 1000, since SDKs ask for the limit of a list as one page',
    }),
  ),
  Page: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$' })),
  PageToken: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
}
export const ServiceSid = Type.Object({ ServiceSid: Type.String({ maxLength: 64 }) })

/** Unix ms of an ISO 8601 time; a date alone is its midnight in UTC. */
export function time(name: string, value: string): number {
  const at = /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(at)) throw invalid(`/${name}`, 'is not an ISO 8601 time', '2026-11-21T04:00:00Z')
  return at
}

/** A parameter that holds a JSON map of texts. */
export function textMap(
  name: string,
  value: string,
  limits: { entries: number; length: number },
): Record<string, string> {
  const hint = `a JSON object of at most ${limits.entries} texts of up to ${limits.length} characters`
  let parsed: unknown
  try {
    parsed = JSON.parse(value)
  } catch {
    throw invalid(`/${name}`, 'is not JSON', hint)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalid(`/${name}`, 'is not a JSON object', hint)
  }
  const entries = Object.entries(parsed)
  const fits = (part: unknown) =>
    typeof part === 'string' && part.length <= limits.length && part !== '__proto__'
  if (entries.length > limits.entries || !entries.every((entry) => entry.every(fits))) {
    throw invalid(`/${name}`, 'holds something else', hint)
  }
  return Object.fromEntries(entries)
}

/** ISO 8601 without fractions, as Twilio writes times. */
export const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`
