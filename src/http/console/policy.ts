import { createHash } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import { BacktestBusy } from '../../desk/backtest/backtest.js'
import type { Replay } from '../../desk/backtest/replays.js'
import { editableText, loadedOf } from '../../desk/policies/policy-text.js'
import type { Published } from '../../desk/policies/publisher.js'
import { DAY } from '../../engine/units.js'
import type { PolicyRow } from '../../ledger/rows.js'
import { diffPolicies } from '../../policy/diff.js'
import { loadPolicy, MAX_BYTES } from '../../policy/load.js'
import { dearestPrices } from '../../report/policy-bounds.js'
import { actorOf, seesNumbers } from '../access.js'
import { Refusal } from '../refusal.js'
import { problems, queryInteger } from '../schema.js'
import { actorNames } from './names.js'
import { checkView, maskedText, type NameOf, problemViews, versionView } from './policy-show.js'
import type {
  PolicyCheckView,
  PolicyView,
  PublishedView,
  ReplayView,
  VersionDetailView,
  VersionsView,
} from './policy-view.js'
import type { ConsoleRoutes } from './routes.js'
import { body, view } from './sign-in-schema.js'

/** JSON escapes a text to at most twice its length where it is text at all. */
const BODY_LIMIT = 2 * MAX_BYTES + 4_096
const VERSIONS = 30
const hide = true
const Text = Type.String({ maxLength: MAX_BYTES })
const Version = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })
const Note = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' })
const Phrase = Type.Optional(Type.String({ maxLength: 32 }))
const ReplayId = Type.String({ pattern: '^rep_[0-9a-f]{24}$' })

/** The policy in force: its text checked, tried on recorded traffic, published and rolled back. */
export const policy: ConsoleRoutes = (app, { allow, desk, clock }) => {
  const { ledger, publisher, replays, deployment } = desk
  let prices: ReturnType<typeof dearestPrices> | null = null
  const dearest = () => {
    prices ??= dearestPrices(desk.prices)
    return prices
  }
  const names = () => actorNames(desk)
  const newest = async () => {
    const row = await ledger.policy()
    if (row === null) throw new Error('the ledger has no policy: none was recorded at the start')
    return row
  }

  let meant: { version: number; check: PolicyCheckView | null } | null = null
  /** What the newest version says: worked out once, for it takes a second where it names a thousand services. */
  const meaningOf = (row: PolicyRow, text: string | null): PolicyCheckView | null => {
    if (meant?.version !== row.version) {
      const loaded = loadedOf(text, row.version)
      const check = loaded === null ? null : checkView(loaded, null, dearest())
      meant = { version: row.version, check }
    }
    return meant.check
  }

  app.get(
    '/v1/console/policy',
    {
      onRequest: allow('viewer'),
      schema: { hide, response: { 200: view<PolicyView>(), ...problems } },
    },
    async (request) => {
      const row = await newest()
      const text = editableText(row)
      const shown = text === null || seesNumbers(request) ? text : maskedText(text)
      const check = meaningOf(row, text)
      return {
        ...versionView(row, await names()),
        text: shown,
        builtIn: row.by === 'built-in',
        file: deployment.policyFile,
        // what lists hold is in the text and nowhere else for those who do not see numbers
        check: seesNumbers(request) ? check : withoutLists(check),
        replay: replays.running()?.id ?? null,
      }
    },
  )

  app.post(
    '/v1/console/policy/check',
    {
      onRequest: allow('analyst'),
      bodyLimit: BODY_LIMIT,
      schema: {
        hide,
        body: body({ text: Text }),
        response: { 200: view<PolicyCheckView>(), ...problems },
      },
    },
    async (request) => {
      const row = await newest()
      const inForce = loadedOf(editableText(row), row.version)
      return checkView(loadPolicy(request.body.text), inForce, dearest())
    },
  )

  app.post(
    '/v1/console/policy/publish',
    {
      onRequest: allow('admin'),
      bodyLimit: BODY_LIMIT,
      schema: {
        hide,
        body: body({ text: Text, base: Version, note: Note, confirmation: Phrase }),
        response: { 200: view<PublishedView>(), ...problems },
      },
    },
    async (request) => {
      const { confirmation, ...rest } = request.body
      const published = await publisher.publish({
        ...rest,
        actor: actorOf(request),
        ...(confirmation !== undefined && { confirmation }),
      })
      return publishedView(published, await names())
    },
  )

  app.get(
    '/v1/console/policy/versions',
    {
      onRequest: allow('viewer'),
      schema: {
        hide,
        querystring: Type.Object(
          { limit: Type.Optional(queryInteger(3)) },
          { additionalProperties: false },
        ),
        response: { 200: view<VersionsView>(), ...problems },
      },
    },
    async ({ query }) => {
      const limit = Math.min(300, Math.max(1, Number(query.limit ?? VERSIONS)))
      const rows = await ledger.policies(limit + 1)
      const known = await names()
      return {
        versions: rows.slice(0, limit).map((row) => versionView(row, known)),
        more: rows.length > limit,
      }
    },
  )

  const params = Type.Object({ version: Type.String({ pattern: '^[0-9]{1,9}$' }) })

  app.get(
    '/v1/console/policy/versions/:version',
    {
      onRequest: allow('viewer'),
      schema: { hide, params, response: { 200: view<VersionDetailView>(), ...problems } },
    },
    async (request) => {
      const version = Number(request.params.version)
      const row = await ledger.policy(version)
      if (row === null) throw new Refusal('not_found', `There is no policy version ${version}.`)
      const before = version > 1 ? await ledger.policy(version - 1) : null
      const text = editableText(row)
      const previousText = before === null ? null : editableText(before)
      const [was, is] = [loadedOf(previousText, version - 1), loadedOf(text, version)]
      const differences = was === null || is === null ? [] : diffPolicies(was, is)
      const mask = (of: string): string => (seesNumbers(request) ? of : maskedText(of))
      return {
        ...versionView(row, await names()),
        text: text === null ? null : mask(text),
        previousText: previousText === null ? null : mask(previousText),
        differences: differences.map(({ path, before: from, after }) => ({
          path,
          before: from === null ? null : mask(from),
          after: after === null ? null : mask(after),
        })),
      }
    },
  )

  app.post(
    '/v1/console/policy/versions/:version/roll-back',
    {
      onRequest: allow('admin'),
      schema: {
        hide,
        params,
        body: body({ base: Version, note: Note, confirmation: Phrase }),
        response: { 200: view<PublishedView>(), ...problems },
      },
    },
    async (request) => {
      const version = Number(request.params.version)
      const { confirmation, ...rest } = request.body
      const published = await publisher.rollBack(version, {
        ...rest,
        actor: actorOf(request),
        ...(confirmation !== undefined && { confirmation }),
      })
      if (published === null)
        throw new Refusal('not_found', `There is no text of policy version ${version}.`)
      return publishedView(published, await names())
    },
  )

  app.post(
    '/v1/console/policy/replays',
    {
      onRequest: allow('analyst'),
      bodyLimit: BODY_LIMIT,
      schema: {
        hide,
        body: body({
          text: Text,
          days: Type.Integer({ minimum: 1, maximum: 90 }),
          enforce: Type.Boolean(),
        }),
        response: { 201: view<ReplayView>(), ...problems },
      },
    },
    async (request, reply) => {
      const { text, days, enforce } = request.body
      const loaded = loadPolicy(text)
      if (!loaded.ok) {
        const [first] = loaded.errors
        throw new Refusal(
          'validation',
          `The policy is not valid: line ${first?.line}: ${first?.message}.`,
        )
      }
      const now = clock()
      try {
        const replay = replays.start(
          {
            by: actorOf(request).id,
            textHash: createHash('sha256').update(text).digest('hex'),
          },
          { policy: loaded.policy, from: now - days * DAY, to: now, enforce },
        )
        reply.code(201)
        return replayView(replay)
      } catch (error) {
        if (!(error instanceof BacktestBusy)) throw error
        throw new Refusal('conflict', `${sentence(error.message)}.`)
      }
    },
  )

  const replayParams = Type.Object({ id: ReplayId })

  app.get(
    '/v1/console/policy/replays/:id',
    {
      onRequest: allow('viewer'),
      schema: { hide, params: replayParams, response: { 200: view<ReplayView>(), ...problems } },
    },
    async (request) => {
      const replay = replays.get(request.params.id)
      if (replay === null)
        throw new Refusal('not_found', 'This replay is gone; the last six are kept. Start another.')
      return replayView(replay)
    },
  )

  app.delete(
    '/v1/console/policy/replays/:id',
    {
      onRequest: allow('analyst'),
      schema: { hide, params: replayParams, response: { 204: Type.Null(), ...problems } },
    },
    async (request, reply) => {
      replays.cancel(request.params.id)
      return reply.code(204).send(null)
    },
  )
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const replayView = ({ by: _, ...replay }: Replay): ReplayView => replay

function withoutLists(check: PolicyCheckView | null): PolicyCheckView | null {
  if (check === null || !check.ok) return check
  return {
    ...check,
    scopes: check.scopes.map((scope) => {
      const { lists: _, ...settings } = scope.settings
      return { ...scope, settings }
    }),
  }
}

function publishedView(published: Published, nameOf: NameOf): PublishedView {
  if (published.ok) return published
  if (published.why === 'invalid') return { ...published, errors: problemViews(published.errors) }
  if (published.why !== 'conflict') return published
  const { theirs, ...rest } = published
  return {
    ...rest,
    theirs: versionView(theirs, nameOf),
    theirText: editableText(theirs) ?? '',
  }
}
