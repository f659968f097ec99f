import { Type } from '@sinclair/typebox'
import { SUBJECTS } from '../engine/policy.js'
import { DAY, MINUTE, SECOND, USD } from '../engine/units.js'
import { block, choice, country, duration, integer, money } from './schema-kinds.js'

const ACTIONS = ['challenge', 'hold', 'deny'] as const
const action = choice(ACTIONS, { description: 'what a request over the limit gets' })
const window = duration({
  description: 'length of the sliding window',
  min: 4 * SECOND,
  max: 31 * DAY,
})

export const RateLimitEntry = block(
  {
    per: choice(SUBJECTS, { description: 'what is counted on' }),
    window,
    max: integer({ description: 'messages in the window', min: 1, max: 1_000_000_000 }),
    outsideMax: Type.Optional(
      integer({
        description: 'the same for destinations outside the markets; as `max` when left out',
        min: 1,
        max: 1_000_000_000,
      }),
    ),
    action,
  },
  { description: 'a rate limit', needs: ['per', 'window', 'max', 'action'] },
)

export const DistinctEntry = block(
  {
    of: choice(['numbers', 'countries'], { description: 'what is counted, once each' }),
    per: choice(['ip', 'subnet', 'network', 'device', 'account', 'session'], {
      description: 'by which source',
    }),
    window,
    // the sketches tell up to 266 values apart
    max: integer({ description: 'different ones in the window', min: 1, max: 200 }),
    action,
  },
  { description: 'a distinct count', needs: ['of', 'per', 'window', 'max', 'action'] },
)

const period = choice(['hour', 'day', 'month'], { description: 'calendar period, UTC' })
const max = money({ description: 'money in the period', min: 0, max: 100_000_000 * USD })

export const SpendCapEntry = block(
  {
    per: period,
    max,
    country: Type.Optional(
      country(
        { description: 'only messages to this country count; `"*"` caps each country by itself' },
        { accept: '*' },
      ),
    ),
  },
  { description: 'a spend cap', needs: ['per', 'max'] },
)

export const GlobalCapEntry = block(
  { per: period, max },
  { description: 'a spend cap over all services', needs: ['per', 'max'] },
)

/** An order that the gate gives by itself while an attack runs. */
export const AutomaticEntry = block(
  {
    lost: money({
      description: 'money lost in an incident from which it acts',
      min: 0,
      max: 1_000_000 * USD,
    }),
    action: choice(['challenge', 'throttle', 'hold', 'block'], {
      description:
        'what the ranges of the incident get: a challenge, half of their usual peak, review, or nothing for strangers',
    }),
    widest: Type.Optional(
      choice(['block', 'operator', 'country'], {
        description:
          'ranges of the incident that are wider than this are left to people; `block` when left out',
      }),
    ),
    for: duration({ description: 'how long', min: MINUTE, max: 7 * DAY }),
  },
  { description: 'an automatic measure', needs: ['lost', 'action', 'for'] },
)
