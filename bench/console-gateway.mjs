// A gateway on a ledger that is there already, for the bench of the console's pages: prints where it listens and the cookie of
// an administrator, and ends with its standard input.

import { from } from './console-traffic.mjs'

const { openFront } = await from('cli/front.js')
const { createMetrics } = await from('http/metrics.js')
const { examplePrices } = await from('phone/prices.js')
const { loadPolicy } = await from('policy/load.js')
const { createSender } = await from('send/sender.js')
const { consoleProvider } = await from('send/console.js')
const { compose } = await from('verify/compose.js')
const { secureRandom } = await from('verify/random.js')

const [data, from0] = process.argv.slice(2)
const started = performance.now()
const clock = () => Number(from0) + Math.floor(performance.now() - started)
const DAY = 86_400_000
const POLICY = `version: 1
mode: enforce
services:
  signup: { markets: [BA, CA] }
  login: { markets: [BA, CA] }
`
const loaded = loadPolicy(POLICY, 'policy.yaml')
if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
const metrics = createMetrics(() => ['signup', 'login'])
const provider = consoleProvider({ name: 'own', write: () => undefined, now: clock })
const sender = metrics.meter(createSender({ providers: [provider] }))
const parts = await compose({ policy: loaded.policy, policyText: POLICY, sender, data, clock })
const retention = { requestsMs: 90 * DAY, verificationsMs: 30 * DAY }
const deployment = {
  ...{ version: 'bench', publicUrl: null, policyFile: null, configFile: null, data },
  ...{ providers: [], numbers: 'clear', trustProxies: [], retention, simulation: false },
}
const front = await openFront({
  ...{ parts, sender, metrics, clock, random: secureRandom(), prices: examplePrices() },
  server: {
    ...{ host: 'localhost', port: 0, trustProxies: [], publicUrl: null },
    ...{ openMetrics: false, requestsPerSecond: 5_000 },
  },
  ...{ logLevel: 'error', deployment },
})
const url = await front.listen()
const { users, sessions } = front.desk.access
let user = await users.named('bench')
if (user === null) {
  const made = await users.add(users.newId(), {
    ...{ name: 'bench', role: 'admin', disabled: false, createdAt: clock(), createdBy: 'bench' },
    ...{ lastSignInAt: null, passkeys: [], identity: null },
  })
  if (!made.ok) throw new Error('no user could be made')
  user = made.value
}
const browser = { source: '127.0.0.1', userAgent: null }
const cookie = await sessions.open(user.id, 'passkey', browser)
console.log(JSON.stringify({ url, cookie, startMs: performance.now() - started }))

process.stdin.resume()
process.stdin.on('end', async () => {
  await front.close()
  await parts.close()
  process.exit(0)
})
