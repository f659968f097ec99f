import { Type } from '@sinclair/typebox'
import { recorder } from '../../desk/access/record.js'
import { sinkGuard, smtpProblem } from '../../desk/alert/post.js'
import { SEVERITIES } from '../../desk/alert/rules.js'
import type { Sink } from '../../desk/alert/sink.js'
import { MOST_SINKS } from '../../desk/alert/sinks.js'
import { actorOf } from '../access.js'
import { invalid, Refusal } from '../refusal.js'
import { strings } from '../schema.js'
import type { SinkInput, SinkMade, SinkTested, SinkView } from './alerts-view.js'
import type { ConsoleRoutes } from './routes.js'

const closed = { additionalProperties: false }
const hide = { hide: true }
const Url = Type.String({ minLength: 8, maxLength: 2_000 })
const Address = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern: '^[^\\r\\n]*[^@\\s]+@[^@\\s]+$',
})
const Clock = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' })

const Place = Type.Union([
  Type.Object({ type: Type.Literal('slack') }, closed),
  Type.Object({ type: Type.Literal('pagerduty'), url: Url }, closed),
  Type.Object({ type: Type.Literal('webhook'), url: Url }, closed),
  Type.Object(
    {
      type: Type.Literal('email'),
      host: Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9._:-]+$' }),
      port: Type.Integer({ minimum: 1, maximum: 65_535 }),
      security: strings(['tls', 'starttls', 'none']),
      user: Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 254 }),
      from: Address,
      to: Type.Array(Address, { minItems: 1, maxItems: 20 }),
    },
    closed,
  ),
])

const Body = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    enabled: Type.Boolean(),
    place: Place,
    secret: Type.Optional(
      Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 2_000 }),
    ),
    minimum: strings(SEVERITIES),
    quiet: Type.Union([
      Type.Object({ from: Clock, to: Clock, timeZone: Type.String({ maxLength: 60 }) }, closed),
      Type.Null(),
    ]),
    reports: Type.Array(strings(['daily', 'monthly']), { maxItems: 2, uniqueItems: true }),
  },
  closed,
)
const Id = Type.Object({ id: Type.String({ maxLength: 60 }) })

const view = (id: string, { secret, former, ...sink }: Sink, now: number): SinkView => ({
  id,
  ...sink,
  hasSecret: secret !== null,
  oldSecretUntil: former !== undefined && former.until > now ? former.until : null,
})

/** Where alerts and reports go. Secrets go in and never come out. */
export const sinks: ConsoleRoutes = (app, { desk, allow, clock, random }) => {
  const { alerts } = desk
  const record = recorder(desk.ledger, clock)
  const allowPrivate = desk.deployment.allowPrivateSinks ?? false
  const guard = sinkGuard({ allowPrivate })

  /** What schemas cannot say. @returns the secret to keep, and the one to show once */
  function checked(input: SinkInput, before: Sink | null) {
    const { place, quiet, secret } = input
    if ('url' in place) {
      const problem = guard.problem(place.url)
      if (problem !== null) throw invalid('/place/url', problem)
    }
    // another type of sink, or another place, must not be given what was entrusted for this one
    const same =
      before !== null &&
      before.place.type === place.type &&
      addressOf(before.place) === addressOf(place)
    const stays = secret === undefined && same && before.secret !== null
    if (quiet !== null && !isZone(quiet.timeZone))
      throw invalid('/quiet/timeZone', 'is no time zone', 'give an IANA name such as Africa/Lagos')
    switch (place.type) {
      case 'slack': {
        if (stays) return { secret: undefined, shown: null }
        const problem = guard.problem(secret ?? '')
        if (problem !== null) throw invalid('/secret', `${problem}: the URL of an incoming webhook`)
        return { secret, shown: null }
      }
      case 'pagerduty':
        if (!stays && !/^\w{20,64}$/.test(secret ?? ''))
          throw invalid('/secret', 'give the integration key of an Events API v2 integration')
        return { secret: stays ? undefined : secret, shown: null }
      case 'email': {
        const problem = smtpProblem(place.port, allowPrivate)
        if (problem !== null) throw invalid('/place/port', problem)
        if (place.user !== null && !stays && !secret)
          throw invalid('/secret', 'give the password of the user again: host or user changed')
        return { secret: place.user === null ? null : stays ? undefined : secret, shown: null }
      }
      case 'webhook': {
        if (stays) return { secret: undefined, shown: null }
        if (secret !== undefined && secret !== null) {
          if (!/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(secret))
            throw invalid('/secret', 'is whsec_ and 24 to 64 bytes in base64', 'or leave it out')
          return { secret, shown: null, overlap: same }
        }
        const made = `whsec_${random(32).toString('base64')}`
        return { secret: made, shown: made, overlap: same }
      }
    }
  }

  async function put(id: string | null, input: SinkInput): Promise<SinkMade & { id: string }> {
    const before = id === null ? null : alerts.sinks.get(id)
    const { secret, shown, overlap = false } = checked(input, before)
    const { secret: _given, ...rest } = input
    const made = await alerts.sinks.put(id, {
      ...{ ...rest, overlap },
      ...(secret !== undefined && { secret }),
    })
    const sink = alerts.sinks.get(made)
    if (sink === null) throw new Refusal('not_found', 'The sink was removed meanwhile.')
    desk.live.emit('alert', { sink: made })
    return { id: made, sink: view(made, sink, clock()), signingSecret: shown }
  }

  const found = async (id: string): Promise<Sink> => {
    await alerts.load()
    const sink = alerts.sinks.get(id)
    if (sink === null) throw new Refusal('not_found', 'There is no such sink.')
    return sink
  }

  app.get('/v1/console/alerts/sinks', { onRequest: allow('analyst'), schema: hide }, async () => {
    await alerts.load()
    const now = clock()
    return { sinks: alerts.sinks.all().map(([id, sink]) => view(id, sink, now)), allowPrivate }
  })

  app.post(
    '/v1/console/alerts/sinks',
    { onRequest: allow('admin'), schema: { ...hide, body: Body } },
    async (request, reply) => {
      await alerts.load()
      if (alerts.sinks.all().length >= MOST_SINKS)
        throw invalid('', `there are ${MOST_SINKS} sinks`, 'remove one first')
      const { id, ...made } = await put(null, request.body)
      const { name, place } = made.sink
      const detail = { name, type: place.type }
      await record({ actor: actorOf(request).id, action: 'alert-sink.add', target: id, detail })
      reply.code(201)
      return made
    },
  )

  app.put(
    '/v1/console/alerts/sinks/:id',
    { onRequest: allow('admin'), schema: { ...hide, params: Id, body: Body } },
    async (request): Promise<SinkMade> => {
      const { id: target } = request.params
      await found(target)
      const { id: _id, ...made } = await put(target, request.body)
      const { name, enabled, minimum } = made.sink
      const detail = { name, enabled, minimum, secretChanged: request.body.secret !== undefined }
      await record({ actor: actorOf(request).id, action: 'alert-sink.change', target, detail })
      return made
    },
  )

  app.delete(
    '/v1/console/alerts/sinks/:id',
    { onRequest: allow('admin'), schema: { ...hide, params: Id } },
    async (request, reply) => {
      const { id: target } = request.params
      const { name } = await found(target)
      await alerts.sinks.remove(target)
      const actor = actorOf(request).id
      await record({ actor, action: 'alert-sink.remove', target, detail: { name } })
      desk.live.emit('alert', { sink: target })
      return reply.code(204).send()
    },
  )

  app.post(
    '/v1/console/alerts/sinks/:id/test',
    { onRequest: allow('admin'), schema: { ...hide, params: Id } },
    async (request): Promise<SinkTested> => {
      const { id: target } = request.params
      await found(target)
      const handed = await alerts.test(target)
      if (handed === null) throw new Refusal('not_found', 'There is no such sink.')
      const { ok, status } = handed
      const actor = actorOf(request).id
      await record({ actor, action: 'alert-sink.test', target, detail: { ok, status } })
      return handed
    },
  )
}

/** What a secret was entrusted for. */
const addressOf = (place: Sink['place']): string =>
  place.type === 'email'
    ? `${place.host}:${place.port}:${place.security}:${place.user}`
    : place.type === 'slack'
      ? ''
      : new URL(place.url).host

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return name !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
