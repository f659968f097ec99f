import { solvePow as doWork } from '../challenge/solve.js'
import { loadPrices as readPrices, parsePrices as readPriceText } from '../phone/prices.js'
import { consoleProvider } from '../send/console.js'
import { httpProvider } from '../send/http.js'
import { twilioProvider } from '../send/twilio.js'
import { checked, type Field } from './check-arguments.js'
import { functionProvider as providerOf } from './function-provider.js'

const text: Field = { is: 'string' }
const object: Field = { is: 'object' }
const maybeObject: Field = { is: 'object', optional: true }

/** {@link twilioProvider} */
export const twilio = checked(
  'twilio',
  {
    options: {
      is: 'object',
      fields: { name: text, accountSid: text, credentials: object, sender: object },
    },
  },
  twilioProvider,
)
/** {@link httpProvider} */
export const http = checked(
  'http',
  { options: { is: 'object', fields: { name: text, url: text } } },
  httpProvider,
)
/** {@link consoleProvider} */
export const consoleSender = checked('consoleSender', { options: maybeObject }, consoleProvider)
/** {@link providerOf} */
export const functionProvider = checked(
  'functionProvider',
  { send: { is: 'function' }, name: { is: 'string', optional: true } },
  providerOf,
)
/** {@link readPrices} */
export const loadPrices = checked('loadPrices', { file: text, options: maybeObject }, readPrices)
/** {@link readPriceText} */
export const parsePrices = checked(
  'parsePrices',
  { content: text, options: maybeObject },
  readPriceText,
)
/** {@link doWork} */
export const solvePow = checked(
  'solvePow',
  { payload: { is: 'object', fields: { parameters: object } } },
  doWork,
  true,
)
