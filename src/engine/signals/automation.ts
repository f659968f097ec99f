import type { Signal } from './signal.js'

/**
 * What browsers under remote control and HTTP libraries call themselves. Left out on purpose: names that mobile apps
 * send as well (okhttp, CFNetwork, Dart, Alamofire).
 */
const AUTOMATION =
  /headless|phantomjs|selenium|webdriver|puppeteer|playwright|python|\bcurl\/|wget|go-http-client|^java\/|libwww|scrapy|aiohttp|httpx|apache-httpclient|node-fetch|undici|axios|postman|insomnia|guzzle|ruby|perl|mechanize|\bbot\b|spider|crawler/i

/** User agents remembered: strings repeat, and matching one costs more than all other signals together. */
const REMEMBERED = 4_096
const known = new Map<string, boolean>()

/** Whether a user agent names a tool rather than a browser or an app. */
function isAutomation(userAgent: string): boolean {
  let is = known.get(userAgent)
  if (is === undefined) {
    if (known.size >= REMEMBERED) known.clear()
    is = AUTOMATION.test(userAgent)
    known.set(userAgent, is)
  }
  return is
}

/** The user agent names a tool. */
export const automation: Signal = {
  code: 'client.automation',
  group: 'client',
  start: 2.5,
  why: 'Nobody signs up with an HTTP library; servers that forward no user agent of their users do, which their own outcomes show.',
  says: 'the user agent is that of a tool, not of a browser or an app',
  unit: null,
  read: ({ facts }) =>
    facts.context.userAgent !== null && isAutomation(facts.context.userAgent) ? 1 : 0,
}
