// Cost of the detector at many active ranges: node --expose-gc bench/detect-pass.mjs [ranges]
import { performance } from 'node:perf_hooks'
import { createDetector } from '../dist/engine/detect/detector.js'

const RANGES = Number(process.argv[2] ?? 1_000_000)
const PASSES = 20
const OBSERVED = 200_000
const MATURITY_MS = 120_000
let now = 1_795_000_000_000

/** Seeded (mulberry32): every run sees the same traffic. */
let state = 20_261_121
const random = () => {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

const COUNTRIES = ['NG', 'GH', 'KE', 'US', 'GB', 'DE', 'IN', 'ID', 'BR', 'PH']
/** Range i of a number: half of the ranges are blocks, half their sub-blocks. */
function sendTo(i, at) {
  const country = COUNTRIES[i % 10]
  const block = `+${(20 + (i % 10)) * 1e7 + i}`
  return {
    service: 'signup',
    country,
    operatorRange: `${country}/operator ${i % 7}`,
    block,
    subBlock: `${block}${i % 10}`,
    ipKey: null,
    subnetKey: `10.${i % 200}.0.0/24`,
    asn: 1_000 + (i % 50),
    deviceId: null,
    accountId: null,
    numberHash: `n${i}-${at}`,
    priceMicroUsd: 20_000,
    at,
    resend: false,
    knownGood: false,
    market: true,
  }
}

const detector = createDetector({
  conversionOf: () => 0.7,
  maturityOf: () => MATURITY_MS,
  capacity: Math.ceil(RANGES * 1.1) + 2_048,
})
const memory = () => {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 2 ** 20
}
const before = memory()
const BLOCKS = RANGES / 2
/** One send and its outcome: 70 % verify after 20 s, the rest matures. */
function session(i) {
  const send = sendTo(i, now)
  detector.sent(send)
  const verified = random() < 0.7
  detector.observe({
    ...send,
    outcome: verified ? 'verified' : 'unverified',
    sentAt: now,
    at: now + (verified ? 20_000 : MATURITY_MS),
  })
}
for (let i = 0; i < BLOCKS; i++) {
  now += 40
  session(i)
}
const filled = memory()
let start = performance.now()
for (let i = 0; i < OBSERVED; i++) {
  now += 40
  session(Math.floor(random() * BLOCKS))
}
const perSession = ((performance.now() - start) / OBSERVED) * 1_000
start = performance.now()
for (let i = 0; i < OBSERVED; i++) detector.facing(sendTo(Math.floor(random() * BLOCKS), now), now)
const perFacing = ((performance.now() - start) / OBSERVED) * 1_000
const times = []
for (let pass = 0; pass < PASSES; pass++) {
  // an attack on one block runs meanwhile, and a few thousand sends are under way
  for (let i = 0; i < 500; i++) {
    now += 10
    if (i % 50 === 0) session(7)
    else detector.sent(sendTo(Math.floor(random() * BLOCKS), now))
  }
  start = performance.now()
  detector.pass(now)
  times.push(performance.now() - start)
}
times.sort((a, b) => a - b)
const round = (x) => Math.round(x * 100) / 100
process.stdout.write(
  `${JSON.stringify({
    activeRanges: RANGES,
    passMedianMs: round(times[PASSES / 2]),
    passWorstMs: round(times[PASSES - 1]),
    sendAndOutcomeUs: round(perSession),
    facingUs: round(perFacing),
    memoryMb: round(filled - before),
  })}\n`,
)
