import { expect } from 'vitest'
import { ERRORS } from '../../src/http/errors.js'
import type { Said } from './ask.js'
import { CANARY } from './odd.js'

/** Longest that a refusal says, bytes: twenty fields with their hints. */
const MOST_REFUSAL = 24_000
/** Statuses after which nothing may have been charged or sent. */
export const COSTS_NOTHING = new Set([400, 401, 403, 404, 405, 413, 415, 431])

/** Busy with another upload, or with all streams it may have; and what of Twilio's is not served. */
const HONEST = ['503 overloaded', '501 60204']

/** What holds of every answer, whatever was asked. @param route what was asked for, as `/v2/...` */
export function judge(
  path: string,
  { status, headers, text, endless }: Said,
  why: () => string | undefined,
): void {
  const type = headers['content-type'] ?? ''
  expect(status, text.slice(0, 500)).toBeGreaterThanOrEqual(200)
  if (status >= 500) expect(HONEST, why()).toContain(`${status} ${String(codeIn(text))}`)
  expect(headers['x-content-type-options']).toBe('nosniff')
  if (endless) return
  expect(headers['cache-control']).toMatch(/no-store|no-cache|max-age/)
  if (/html|xml|svg/.test(type)) expect(text).not.toContain(CANARY.slice(0, 12))
  for (const value of Object.values(headers).flat()) expect(value).not.toMatch(/[\r\n]|<svg/)
  if (type.includes('json') && text !== '') JSON.parse(text)
  if (status >= 400 && text !== '') refusal(path, status, type, text)
}

const codeIn = (text: string): unknown => {
  try {
    return (JSON.parse(text) as { code?: unknown }).code
  } catch {
    return text.slice(0, 300)
  }
}

function refusal(path: string, status: number, type: string, text: string): void {
  expect(text.length).toBeLessThan(MOST_REFUSAL)
  const said = JSON.parse(text) as Record<string, unknown>
  if (path.startsWith('/v2/')) {
    expect(type).toMatch(/^application\/json/)
    expect(said).toMatchObject({
      code: expect.any(Number),
      message: expect.any(String),
      more_info: `https://www.twilio.com/docs/errors/${String(said.code)}`,
      status,
    })
    return
  }
  expect(type).toMatch(/^application\/problem\+json/)
  expect(Object.keys(ERRORS)).toContain(said.code)
  expect(said).toMatchObject({
    type: `urn:tollgate:error:${String(said.code)}`,
    title: expect.stringMatching(/./),
    detail: expect.stringMatching(/./),
    status,
  })
}
