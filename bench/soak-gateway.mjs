// The gateway of the soak: node --expose-gc bench/soak-gateway.mjs <data> <provider url> <times as fast> <hour>. The production parts with
// desk, upkeep and SQLite; only its clock runs faster, so that codes expire, debts decay and days are counted as in the hours it is
// told of. Prints its port, and on SIGUSR2 its memory after a collection.
import { randomBytes } from 'node:crypto'
import { openFront } from '../dist/cli/front.js'
import { DAY, HOUR, MINUTE, SECOND } from '../dist/engine/units.js'
import { createKey } from '../dist/http/keys.js'
import { createMetrics } from '../dist/http/metrics.js'
import { examplePrices } from '../dist/phone/prices.js'
import { loadPolicy } from '../dist/policy/load.js'
import { httpProvider } from '../dist/send/http.js'
import { createSender } from '../dist/send/sender.js'
import { compose } from '../dist/verify/compose.js'
import { startUpkeep } from '../dist/verify/upkeep.js'
import { SOAK_POLICY } from './soak-people.mjs'

const [data, url, fasterText, fromText] = process.argv.slice(2)
const faster = Number(fasterText)
const began = Date.now()
const first = Math.floor(began / DAY) * DAY + Number(fromText) * HOUR
const clock = () => Math.floor(first + (Date.now() - began) * faster)

const loaded = loadPolicy(SOAK_POLICY)
if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
const metrics = createMetrics(() => Object.keys(loaded.policy.services))
// its own clock for the provider: a breaker waits for real time, as the provider needs it
const sender = metrics.meter(
  createSender({ providers: [httpProvider({ name: 'own', url, allowPrivate: true })] }),
)
const report = (error) => console.error(error)
const parts = await compose({
  policy: loaded.policy,
  sender,
  data,
  clock,
  upkeep: {
    tickMs: SECOND,
    saveMs: MINUTE,
    monotonic: () => performance.now() * faster,
    retention: { requests: 90 * DAY, verifications: 30 * DAY },
  },
  onError: report,
  onChange: (change) => front.changed(change),
})
const front = await openFront({
  parts,
  metrics,
  sender,
  clock,
  random: randomBytes,
  prices: examplePrices(),
  server: {
    ...{ host: '127.0.0.1', port: 0, trustProxies: [], publicUrl: null, openMetrics: true },
    requestsPerSecond: 1e9,
  },
  logLevel: 'silent',
  deployment: {
    ...{ version: 'soak', publicUrl: null, policyFile: null, configFile: null, data },
    ...{ providers: [], numbers: 'clear', trustProxies: [], simulation: false },
    retention: { requestsMs: 90 * DAY, verificationsMs: 30 * DAY },
  },
})
const now = clock()
const key = { name: 'bench', scopes: ['*'], now, random: randomBytes, id: 'bench' }
await parts.ledger.putKey(createKey({ ...key, secret: 'bench-secret' }).row)
const origin = await front.listen()
startUpkeep(front.desk.jobs, report)
console.log(new URL(origin).port)

process.on('SIGUSR2', () => {
  globalThis.gc()
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  console.log(JSON.stringify({ rss, heapUsed, external, arrayBuffers, cpuMicros: user + system }))
})
process.on('SIGTERM', () => process.exit(0))
