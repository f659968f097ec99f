import { DAY, HOUR, USD } from '../engine/units.js'
import { block, duration, flag, integer, money, number } from './schema-kinds.js'

const MONEY = { min: 0.0001 * USD, max: 100_000 * USD }
const MESSAGES = { min: 1, max: 1_000_000 }
const NARROW =
  'true: over `hard` times its limit the line denies. false: it challenges, and over `hard` only numbers verified before get SMS'

const common = {
  narrow: flag({ description: NARROW }),
  memory: duration({
    description: 'Half-life of the slow scale; the fast scale is 1h on every line',
    min: HOUR,
    max: 30 * DAY,
  }),
}

const destination = (description: string) =>
  block(
    {
      opening: money({
        description:
          'Credit of a line that has verified nothing yet: money on destinations, messages on sources',
        ...MONEY,
      }),
      openingOutside: money({ description: 'The opening outside the markets', ...MONEY }),
      atLeast: number({
        description: 'The opening is never under the price of this many messages',
        ...MESSAGES,
      }),
      atLeastOutside: number({ description: '`atLeast` outside the markets', ...MESSAGES }),
      ...common,
    },
    { description },
  )

const network = (description: string) =>
  block(
    {
      opening: integer({
        description:
          'Credit of a line that has verified nothing yet: money on destinations, messages on sources',
        ...MESSAGES,
      }),
      openingHosting: integer({
        description: 'The opening for addresses of hosting providers',
        ...MESSAGES,
      }),
      ...common,
    },
    { description },
  )

const person = (description: string) =>
  block(
    {
      opening: integer({
        description:
          'Credit of a line that has verified nothing yet: money on destinations, messages on sources',
        ...MESSAGES,
      }),
      ...common,
    },
    { description },
  )

/** One block a line of credit: what a key may owe before it has earned anything. */
export const LineBlocks = block(
  {
    subBlock: destination('1,000 adjacent numbers (last 3 digits open)'),
    block: destination('10,000 adjacent numbers (last 4 digits open)'),
    operator: destination('The ranges of one operator in one country. Scales with `fraudBudget`'),
    country: destination('One country. Scales with `fraudBudget`'),
    abroad: destination('All destinations outside the markets together. Scales with `fraudBudget`'),
    service: block(
      { ...common },
      { description: 'The whole service. Its opening follows from `fraudBudget`' },
    ),
    number: person('One phone number'),
    ip: network('One address (v4, or v6 /64)'),
    subnet: network('One subnet (v4 /24, v6 /48)'),
    network: network('One network (autonomous system)'),
    device: person('One device id'),
    account: person('One account id'),
    session: person('One session id of the application'),
  },
  {
    description:
      'Lines of credit, one for every key a request carries. Unverified messages are debt on all of its lines; verified ones repay it and earn more',
  },
)
