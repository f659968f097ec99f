import { Type } from '@sinclair/typebox'
import type { PersonalData } from '../../desk/privacy/personal-data.js'
import { createPrivacy } from '../../desk/privacy/privacy.js'
import { actorOf } from '../access.js'
import { freshly } from '../access-hook.js'
import { invalid } from '../refusal.js'
import { nullableTime, problems } from '../schema.js'
import type { App, Routes, Wiring } from '../wiring.js'

const tags = ['admin']
const closed = { additionalProperties: false }
const Number_ = Type.String({ maxLength: 32, description: 'E.164, such as +2348031234567' })

const Erased = Type.Object({
  requests: Type.Integer(),
  verifications: Type.Integer(),
  sends: Type.Integer(),
  documents: Type.Integer(),
  lists: Type.Integer(),
  listsLeft: Type.Array(Type.String()),
  watchLeft: Type.Boolean(),
  inFlight: Type.Integer({ description: 'messages that are not settled yet and were left' }),
  inFlightUntil: nullableTime(),
  policyVersions: Type.Array(Type.Integer(), {
    description: 'versions of the policy whose text names the number',
  }),
})

/** What a person may ask about their number. It is in the body, never in a URL that others log. */
export const privacy: Routes = (app, wiring) => privacyUnder('/v1/admin', false, app, wiring)

/** @param base the admin API, and the console's own for its pages @param hide from the description of the API */
export function privacyUnder(base: string, hide: boolean, app: App, wiring: Wiring): void {
  const { ledger, clock, allow, gate } = wiring
  const onRequest = [allow('admin'), freshly(clock)]
  const people = createPrivacy({ ledger, clock })

  /** @throws Refusal for what is no number: nothing would be found, and that would look like an answer */
  function wholeNumber(text: string): string {
    const { e164 } = gate.parseNumber(text)
    if (e164 === '') throw invalid('/number', 'is no phone number', 'write it as +2348031234567')
    return e164
  }

  app.post(
    `${base}/privacy/export`,
    {
      onRequest,
      schema: {
        hide,
        tags,
        operationId: 'exportPersonalData',
        summary: 'Everything that is held about a number',
        body: Type.Object(
          { number: Number_ },
          { ...closed, examples: [{ number: '+2348031234567' }] },
        ),
        response: {
          200: Type.Unsafe<PersonalData>({ type: 'object', additionalProperties: true }),
          ...problems,
        },
      },
    },
    async (request) => people.export(actorOf(request).id, wholeNumber(request.body.number)),
  )

  app.post(
    `${base}/privacy/erase`,
    {
      onRequest,
      schema: {
        hide,
        tags,
        operationId: 'erasePersonalData',
        summary: 'Take a number out of every record, for good',
        body: Type.Object(
          {
            number: Number_,
            confirm: Type.String({ maxLength: 32, description: 'the number once more' }),
            lists: Type.Optional(
              Type.Boolean({ description: 'from the allow, deny and watch lists too' }),
            ),
          },
          { ...closed, examples: [{ number: '+2348031234567', confirm: '+2348031234567' }] },
        ),
        response: { 200: Erased, ...problems },
      },
    },
    async (request) => {
      const { number, confirm, lists = false } = request.body
      const e164 = wholeNumber(number)
      if (gate.parseNumber(confirm).e164 !== e164)
        throw invalid('/confirm', 'is not the number', 'there is no way back: write it once more')
      return people.erase(actorOf(request).id, e164, { lists })
    },
  )
}
