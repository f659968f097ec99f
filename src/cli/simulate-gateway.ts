import { setTimeout as sleep } from 'node:timers/promises'
import type { TrafficRow } from '../lab/traffic.js'
import { CliFault, EXIT } from './fault.js'

export interface GatewayDecision {
  id: string
  verdict: 'allow' | 'challenge' | 'hold' | 'deny'
}

export interface GatewayOutcome {
  id: string
  kind: 'failed' | 'verified' | 'activated'
}

/** A running gateway, asked over HTTP. Errors that no waiting mends end the command with what to do. */
export interface GatewayClient {
  decide(row: TrafficRow, service: string): Promise<GatewayDecision>
  /** @returns how many were not accepted */
  report(outcomes: readonly GatewayOutcome[]): Promise<number>
  /** times it was told to come later, or found the gateway busy */
  waits(): number
}

/** 429 and 503 are waited out so often in a row, and so long without a Retry-After. */
const TRIES = 6
const WAIT_MS = 500
const ANSWER_MS = 10_000

const fault = (message: string, mend: string, cause?: unknown): CliFault =>
  new CliFault(EXIT.refused, message, { mend, cause })

/** @param key `id:secret` */
export function createGatewayClient(url: URL, key: string): GatewayClient {
  const authorization = `Basic ${Buffer.from(key).toString('base64')}`
  const base = url.href.replace(/\/$/, '')
  let waited = 0

  async function post(path: string, body: object): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const response = await reach(path, body)
      const text = await response.text()
      if (response.ok) return JSON.parse(text)
      const busy = response.status === 429 || response.status === 503
      if (!busy || attempt === TRIES) throw refusal(response.status, text, path)
      waited++
      const seconds = Number(response.headers.get('retry-after'))
      await sleep(seconds > 0 ? seconds * 1_000 : WAIT_MS)
    }
  }

  async function reach(path: string, body: object): Promise<Response> {
    try {
      return await fetch(`${base}${path}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_MS),
      })
    } catch (cause) {
      throw fault(
        `no gateway answers at ${base} (${reasonOf(cause)})`,
        'is it running? tollgate serve prints where it listens',
        cause,
      )
    }
  }

  function refusal(status: number, text: string, path: string): CliFault {
    if (status === 401)
      return fault(
        `the gateway at ${base} refuses the key`,
        'check --key <id>:<secret>; tollgate keys list shows which ones there are',
      )
    const said = detailOf(text)
    if (status === 403)
      return fault(
        `the key may not ask ${path}: ${said}`,
        'it needs the scopes decide and outcomes',
      )
    return fault(
      `the gateway answered ${status} to ${path}: ${said}`,
      'check the URL, and that its policy names the service (--service)',
    )
  }

  return {
    async decide(row, service) {
      const context = Object.entries({
        ip: row.ip,
        deviceId: row.deviceId,
        accountId: row.accountId,
        sessionId: row.sessionId,
        userAgent: row.userAgent,
        sessionAgeMs: row.sessionAgeMs,
        precedingEvents: row.precedingEvents,
      }).filter(([, value]) => value !== null)
      const { id, verdict } = (await post('/v1/decisions', {
        service,
        to: row.to,
        context: Object.fromEntries(context),
        ...(row.priceMicroUsd !== null && { priceMicroUsd: row.priceMicroUsd }),
      })) as GatewayDecision
      return { id, verdict }
    },
    async report(outcomes) {
      const { results } = (await post('/v1/outcomes', { outcomes })) as {
        results: { accepted: boolean }[]
      }
      return results.filter(({ accepted }) => !accepted).length
    },
    waits: () => waited,
  }
}

/** The detail of problem details (RFC 9457); an answer that is none is no gateway's. */
function detailOf(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown }
    if (typeof detail === 'string') return detail
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return 'not an answer of a gateway'
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error && cause.message !== '' ? cause.message : message
}
