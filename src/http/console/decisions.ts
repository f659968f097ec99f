import { Type } from '@sinclair/typebox'
import { createListChanges } from '../../desk/lists/change-lists.js'
import { VERDICTS } from '../../engine/decision.js'
import { REASON_CODES } from '../../engine/reasons.js'
import { HOUR } from '../../engine/units.js'
import type { DecisionSearch } from '../../ledger/console-port.js'
import type { RequestRow } from '../../ledger/rows.js'
import { actorOf, seesNumbers } from '../access.js'
import { isDecisionId } from '../ids.js'
import { maskNumber } from '../mask.js'
import { invalid, Refusal } from '../refusal.js'
import { queryInteger, strings } from '../schema.js'
import { decisionDetail, numberOf } from './decision-detail.js'
import { showRow } from './decision-show.js'
import type { DecisionDetail, DecisionsPage, Understood } from './decisions-view.js'
import type { ConsoleRoutes } from './routes.js'
import { understand } from './understand.js'

const text = (maxLength: number) => Type.Optional(Type.String({ minLength: 1, maxLength }))

const Query = Type.Object(
  {
    number: text(64),
    range: Type.Optional(Type.String({ pattern: '^\\+[1-9][0-9]{0,14}$' })),
    ip: text(50),
    asn: Type.Optional(queryInteger(10)),
    device: text(256),
    account: text(256),
    service: text(100),
    country: Type.Optional(Type.String({ pattern: '^([A-Z]{2}|001)$' })),
    verdict: Type.Optional(strings(VERDICTS)),
    reason: Type.Optional(strings(REASON_CODES)),
    from: Type.Optional(queryInteger(15)),
    to: Type.Optional(queryInteger(15)),
    before: Type.Optional(queryInteger(15)),
    limit: Type.Optional(queryInteger(3)),
  },
  { additionalProperties: false },
)

const DEFAULT_ROWS = 50
const MAX_ROWS = 200
/** An hour is enough to try again, a month for a customer with a lasting trouble. */
const ALLOW_HOURS = { shortest: 1, usual: 24, longest: 31 * 24 }

const answer = <T>() => ({ 200: Type.Unsafe<T>({ type: 'object', additionalProperties: true }) })

/** Every decision: found, explained, and mended for one number. */
export const decisions: ConsoleRoutes = (app, wiring) => {
  const { ledger, gate, clock, allow, desk } = wiring
  const changes = createListChanges(wiring)

  app.get(
    '/v1/console/decisions',
    {
      onRequest: allow('viewer'),
      schema: { hide: true, querystring: Query, response: answer<DecisionsPage>() },
    },
    async (request) => {
      const { query } = request
      const clear = seesNumbers(request)
      const found = await ledger.search({
        ...sought(query),
        ...(query.number !== undefined && { number: wholeNumber(query.number) }),
        limit: Math.min(MAX_ROWS, Math.max(1, Number(query.limit ?? DEFAULT_ROWS))),
        // whoever sees no numbers must not find them out digit by digit, not even by where a page ends
        ...(!clear && { blocksOnly: true }),
      })
      return {
        rows: found.rows.map((row) => showRow(row, clear)),
        next: found.next,
        searchedTo: found.searchedTo,
      }
    },
  )

  app.get(
    '/v1/console/decisions/understood',
    {
      onRequest: allow('viewer'),
      schema: {
        hide: true,
        querystring: Type.Object({ text: Type.String({ maxLength: 300 }) }),
        response: answer<Understood>(),
      },
    },
    async (request) => understand(request.query.text, (typed) => gate.parseNumber(typed)),
  )

  const Params = Type.Object({ id: Type.String({ maxLength: 64 }) })

  app.get(
    '/v1/console/decisions/:id',
    {
      onRequest: allow('viewer'),
      schema: { hide: true, params: Params, response: answer<DecisionDetail>() },
    },
    async (request) => decisionDetail(desk, await known(request.params.id), seesNumbers(request)),
  )

  app.post(
    '/v1/console/decisions/:id/allow',
    {
      onRequest: allow('analyst'),
      schema: {
        hide: true,
        params: Params,
        body: Type.Object(
          {
            hours: Type.Optional(
              Type.Integer({ minimum: ALLOW_HOURS.shortest, maximum: ALLOW_HOURS.longest }),
            ),
            /** where only a hash is kept: the number as the customer says it */
            number: text(64),
          },
          { additionalProperties: false },
        ),
        response: answer<{ expiresAt: number }>(),
      },
    },
    async (request) => {
      const { hours = ALLOW_HOURS.usual, number } = request.body
      const row = await known(request.params.id)
      const entry = await numberToAllow(row, number)
      const now = clock()
      const expiresAt = now + hours * HOUR
      const source = actorOf(request).id
      await changes.put(source, [{ list: 'allow', entry, source, createdAt: now, expiresAt }])
      desk.live.emit('list', { list: 'allow', entry: maskNumber(entry), decision: row.id })
      return { expiresAt }
    },
  )

  async function known(id: string): Promise<RequestRow> {
    const row = isDecisionId(id) ? await ledger.request(id) : null
    if (row === null) throw new Refusal('not_found', 'There is no decision of this id (any more).')
    return row
  }

  function wholeNumber(typed: string): string {
    const { e164 } = gate.parseNumber(typed)
    if (e164 === '')
      throw invalid('query/number', 'is not a phone number', 'write it in E.164: +2348031234567')
    return e164
  }

  async function numberToAllow(row: RequestRow, said: string | undefined): Promise<string> {
    const verification =
      row.verificationId === null ? null : await ledger.verification(row.verificationId)
    const number = numberOf(row, verification)
    if (number !== null || row.number === '') {
      if (number !== null && gate.parseNumber(number).problem === null) return number
      throw new Refusal(
        'conflict',
        'No message can be sent to this number, whatever list it is on.',
      )
    }
    if (said === undefined)
      throw invalid(
        '/number',
        'only a hash of the number is kept',
        'ask for the number and give it here: it is compared with the hash',
      )
    const { e164, problem } = gate.parseNumber(said)
    if (problem !== null) throw invalid('/number', 'is not a phone number')
    const same = await ledger.requests({ number: e164, from: row.at, to: row.at, limit: MAX_ROWS })
    if (!same.some(({ id }) => id === row.id))
      throw invalid('/number', 'is not the number of this decision')
    return e164
  }
}

type Sought = (typeof Query)['static']

const sought = (query: Sought): Omit<DecisionSearch, 'limit'> => ({
  ...(query.range !== undefined && { range: query.range }),
  ...(query.ip !== undefined && { ip: query.ip }),
  ...(query.asn !== undefined && { asn: Number(query.asn) }),
  ...(query.device !== undefined && { deviceId: query.device }),
  ...(query.account !== undefined && { accountId: query.account }),
  ...(query.service !== undefined && { service: query.service }),
  ...(query.country !== undefined && { country: query.country }),
  ...(query.verdict !== undefined && { verdict: query.verdict }),
  ...(query.reason !== undefined && { reason: query.reason }),
  ...(query.from !== undefined && { from: Number(query.from) }),
  ...(query.to !== undefined && { to: Number(query.to) }),
  ...(query.before !== undefined && { before: Number(query.before) }),
})
