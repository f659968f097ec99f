import type { Reason, Verdict } from '../../engine/decision.js'
import type { Awaited, Counted, RollUpStore } from '../roll-up.js'
import { CONVERTED, type Credit } from '../rows.js'
import type { CountedRequest } from '../tally.js'
import type { Outcomes } from './outcomes.js'
import type { Requests, StoredRequest } from './requests.js'
import type { Sends } from './sends.js'
import type { Tallies } from './tallies.js'

interface Logs {
  requests: Requests
  outcomes: Outcomes
  sends: Sends
  tallies: Tallies
}

/** What is counted of the ledger in memory. Nothing is written before a step's end, and that is one breath. */
export function memoryRollUpStore({ requests, outcomes, sends, tallies }: Logs): RollUpStore {
  let counted: Counted = { requests: 0, outcomes: 0, sends: 0 }
  let awaited: { due: number; seq: number }[] = []

  return {
    counted: async () => counted,
    requests: async (after, limit) => [...first(requests.log.after(after), limit)].map(countedOf),

    async outcomes(after, limit) {
      return [...first(outcomes.log.after(after), limit)].flatMap(({ seq, value }) => {
        const request = requests.find(value.requestId)
        if (request === undefined) return []
        const send = sends.newestOf(value.requestId)
        return [
          {
            seq,
            from: value.from as Credit,
            to: value.to as Credit,
            provider: send?.provider ?? null,
            pending: send?.status === 'pending',
            request: countedOf(request),
          },
        ]
      })
    },

    async sends(after, limit) {
      return [...first(sends.log.after(after), limit)].flatMap(({ seq, value }) => {
        const request = requests.find(value.requestId)
        if (request === undefined) return []
        const { at, service, priceMicroUsd } = request.value
        const pending = value.status === 'pending'
        const { provider } = value
        return [{ seq, pending, request: request.seq, provider, at, service, priceMicroUsd }]
      })
    },

    async awaited(until, limit): Promise<Awaited[]> {
      return awaited
        .filter(({ due }) => due <= until)
        .slice(0, limit)
        .map(({ due, seq }) => {
          const entry = requests.log.after(seq - 1).next().value
          return { due, seq, request: entry?.seq === seq ? countedOf(entry) : null }
        })
    },

    async allowedAfter({ seq, number, service }, until) {
      return requests
        .ofNumber(number)
        .some(
          ({ seq: later, value }) =>
            later > seq &&
            value.service === service &&
            value.verdict === 'allow' &&
            value.at <= until,
        )
    },
    convertedBefore: async ({ id }, until) =>
      outcomes.of(id).some(({ to, at }) => CONVERTED.includes(to) && at <= until),

    claim: async (claims) => claims.map((claim) => tallies.claim(claim)),

    async write({ changes, counted: next, awaiting, done, time }) {
      tallies.add(changes)
      tallies.dropOver(time)
      const over = new Set(done.map(({ seq }) => seq))
      awaited = [...awaited.filter(({ seq }) => !over.has(seq)), ...awaiting].sort(
        (a, b) => a.due - b.due || a.seq - b.seq,
      )
      counted = next
    },
  }
}

function countedOf({ seq, value }: StoredRequest): CountedRequest {
  const { id, at, service, number, country, operator, block, ip, subnet, asn } = value
  const { deviceId, accountId, priceMicroUsd, verdict, would, reasons, charge } = value
  return {
    ...{ id, seq, at, service, number, country, operator, block, ip, subnet, asn },
    ...{ deviceId, accountId, priceMicroUsd },
    verdict: verdict as Verdict,
    would: would as Verdict,
    reasons: reasons === '[]' ? [] : (JSON.parse(reasons) as Reason[]).map(({ code }) => code),
    charged: charge !== null,
  }
}

function* first<T>(rows: Iterable<T>, limit: number): Generator<T> {
  let left = limit
  if (left <= 0) return
  for (const row of rows) {
    yield row
    if (--left <= 0) return
  }
}
