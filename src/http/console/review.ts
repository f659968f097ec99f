import { Type } from '@sinclair/typebox'
import type { Held } from '../../desk/review/review.js'
import { actorOf, seesNumbers } from '../access.js'
import { refreshLists } from '../lists.js'
import { maskNumber } from '../mask.js'
import { decisionState } from '../native/decision-state.js'
import { Refusal, refusalOf } from '../refusal.js'
import { problems } from '../schema.js'
import { sentence } from '../sentence.js'
import { pageBefore, pageNext } from './paging.js'
import type { AnsweredPageView, AnsweredView, HeldView, ReviewView } from './review-view.js'
import type { ConsoleRoutes } from './routes.js'
import { body, view } from './sign-in-schema.js'

const PAGE = 50
const Params = Type.Object({ id: Type.String({ pattern: '^dec_[0-9a-f]{32}$' }) })
const hide = true

const showHeld = ({ request, expiresAt }: Held, full: boolean): HeldView => ({
  id: request.id,
  verificationId: request.verificationId,
  decideOnly: request.kind === 'decision',
  at: request.at,
  expiresAt,
  service: request.service,
  number: full ? request.number : maskNumber(request.number),
  country: request.country,
  operator: request.operator,
  ip: request.ip,
  asn: request.asn,
  deviceId: request.deviceId,
  accountId: request.accountId,
  userAgent: request.userAgent,
  priceMicroUsd: request.priceMicroUsd,
  score: request.score,
  reasons: request.reasons.map((reason) => ({
    code: reason.code,
    verdict: reason.verdict,
    message: sentence(reason),
  })),
})

/** Requests that wait for a person: approved, refused, or the number allowed from now on. */
export const review: ConsoleRoutes = (app, wiring) => {
  const { allow, desk, ledger, clock } = wiring
  const queue = desk.review
  decisionState(app, wiring)

  app.get(
    '/v1/console/review',
    {
      onRequest: allow('viewer'),
      schema: { hide, response: { 200: view<ReviewView>(), ...problems } },
    },
    async (request) => {
      const { held, complete } = await queue.waiting()
      return { held: held.map((one) => showHeld(one, seesNumbers(request))), complete }
    },
  )

  app.get(
    '/v1/console/review/answered',
    {
      onRequest: allow('viewer'),
      schema: {
        hide,
        querystring: Type.Object({ before: Type.Optional(Type.String({ maxLength: 100 })) }),
        response: { 200: view<AnsweredPageView>(), ...problems },
      },
    },
    async (request) => {
      const answered = await queue.answered(PAGE, pageBefore(request.query.before))
      const last = answered.length < PAGE ? undefined : answered.at(-1)
      return {
        rows: answered.map(
          ({ id, at, service, country, number, answer, state, by, reason }): AnsweredView => ({
            id,
            at,
            service,
            country,
            number,
            answer,
            state: state === 'deciding' ? 'waiting' : state,
            by: by.name,
            reason,
          }),
        ),
        next: last === undefined ? null : pageNext(last),
      }
    },
  )

  app.post(
    '/v1/console/review/:id',
    {
      onRequest: allow('analyst'),
      schema: {
        hide,
        params: Params,
        body: body({
          answer: Type.Unsafe<'approve' | 'refuse'>({
            type: 'string',
            enum: ['approve', 'refuse'],
          }),
          /** with an approval: the number goes on the allow list, from now on */
          allowNumber: Type.Optional(Type.Boolean()),
        }),
        response: {
          200: view<{ state: string; reason: string | null }>(),
          ...problems,
        },
      },
    },
    async (request) => {
      const { id } = request.params
      const { answer, allowNumber = false } = request.body
      const { id: actor, name } = actorOf(request)
      if (answer === 'approve' && allowNumber) await allowNumberOf(id, actor)
      const answered = await queue.answer(id, answer, { id: actor, name })
      if (!answered.ok) {
        const { error } = answered
        throw error.code === 'not_found'
          ? new Refusal('not_found', error.message)
          : refusalOf(error as Parameters<typeof refusalOf>[0])
      }
      const { state, reason } = answered.review
      return { state, reason }
    },
  )

  /** Before the answer, so that the decision made anew knows it. */
  async function allowNumberOf(id: string, actor: string): Promise<void> {
    const held = await ledger.request(id)
    if (held === null) throw new Refusal('not_found', 'There is no such request.')
    if (!held.number.startsWith('+'))
      throw new Refusal('conflict', 'Numbers are kept as hashes here; allow it under Lists.')
    if (!(await queue.isWaiting(held)))
      throw new Refusal('not_held', 'It was answered, has expired or was never held.')
    const now = clock()
    await ledger.putListEntry({
      list: 'allow',
      entry: held.number,
      source: actor,
      createdAt: now,
      expiresAt: null,
    })
    const row = {
      at: now,
      actor,
      action: 'list.add',
      target: `allow:${maskNumber(held.number)}`,
      detail: { review: id },
    }
    await ledger.commit([{ table: 'actions', row }])
    await refreshLists(wiring)
    desk.live.emit('list', { list: 'allow' })
  }
}
