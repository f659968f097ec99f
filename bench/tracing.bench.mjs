// What tracing costs a decision of the embedded gate (facts, gather, decide; nothing recorded): where nobody asks for it, and where spans are recorded. CPU of this
// process, us a decision, rounds of all cases in turn, median. The SDK is the process's own, as for users of the library.

import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node'
import { DEFAULT_POLICY } from '../dist/engine/defaults.js'
import { memory } from '../dist/library/options.js'
import { consoleProvider } from '../dist/send/console.js'
import { createSender } from '../dist/send/sender.js'
import { compose } from '../dist/verify/compose.js'
import { createReport } from './report.mjs'

const ROUNDS = 24
const WARM = 4
const DECISIONS = 4_000

const report = createReport(
  'tracing',
  ['@opentelemetry/sdk-trace-node'],
  process.argv.includes('--json'),
)

const gateWith = (tracing) =>
  compose({
    policy: DEFAULT_POLICY,
    sender: createSender({ providers: [consoleProvider({ write: () => undefined })] }),
    ledger: 'memory',
    lines: memory({ capacity: 2_000_000, seed: 1 }),
    upkeep: false,
    tracing,
  })
const plain = await gateWith(false)
const traced = await gateWith(true)

/** Spans are made and thrown away: what it costs to send them is another process's. */
const nowhere = {
  export: (_spans, done) => done({ code: 0 }),
  shutdown: async () => undefined,
  forceFlush: async () => undefined,
}
/** What is recorded changes from round to round; the SDK, which a process registers once, does not. */
let sampler = new AlwaysOffSampler()
const register = () =>
  new NodeTracerProvider({
    sampler: {
      shouldSample: (...args) => sampler.shouldSample(...args),
      toString: () => 'of the round',
    },
    spanProcessors: [new BatchSpanProcessor(nowhere)],
  }).register()

const recording = (share) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) })
const of = (name, parts, sampled = null) => ({ name, parts, sampled, us: [] })
const off = of('tracing off', plain)
const cases = {
  before: [off, of('spans asked for, no SDK', traced)],
  after: [
    off,
    of('SDK, no trace recorded', traced, new AlwaysOffSampler()),
    of('SDK, one trace in a hundred recorded', traced, recording(0.01)),
    of('SDK, every trace recorded', traced, recording(1)),
  ],
}

let n = 0
async function round({ parts, sampled }) {
  sampler = sampled ?? sampler
  const before = process.cpuUsage()
  for (let i = 0; i < DECISIONS; i++) {
    n++
    await parts.gate.assess({
      service: 'signup',
      to: `+23480${31_000_000 + ((n * 7_919) % 6_000_000)}`,
      ip: `105.${n % 200}.${(n >> 3) % 250}.${(n >> 5) % 250}`,
      deviceId: `device-${n % 100_000}`,
    })
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / DECISIONS
}

async function measure(list) {
  for (let i = 0; i < ROUNDS; i++)
    for (const one of i % 2 === 0 ? list : list.toReversed()) {
      const us = await round(one)
      if (i >= WARM) one.us.push(us)
    }
}
await measure(cases.before)
register()
await measure(cases.after)

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
for (const one of new Set([...cases.before, ...cases.after]))
  report.row({
    name: one.name,
    value: median(one.us),
    unit: 'us',
    ...(one !== off && { peer: off.name, ratio: median(one.us) / median(off.us) }),
  })
await plain.close()
await traced.close()
