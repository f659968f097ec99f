// The audit without the replay of defences, as JSON: node bench/audit-read.mjs <file> <markets>
import { writeSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { analyse } from '../dist/audit/analyse/analyse.js'
import { readLogs } from '../dist/audit/read/read-logs.js'
import { usage } from './print-usage.mjs'

const [file, markets] = process.argv.slice(2)
const begin = performance.now()
const read = await readLogs({ paths: [file], now: Date.now() })
const readMs = performance.now() - begin
const { certainty, probability, order, ...found } = analyse(read.log, {
  markets: markets.split(','),
  currency: 'USD',
})
const { log, ...input } = read
const json = JSON.stringify({ ...input, ...found })
const analyseMs = performance.now() - begin - readMs
if (certainty.length < log.size || probability.length < log.size || order.length < log.size)
  throw new Error('the analysis did not judge every message')
const rows = log.size
writeSync(
  1,
  `${JSON.stringify({
    ...{ rows, readMs, analyseMs, bytes: json.length },
    fraudShare: found.fraud.share,
    ...usage(),
  })}\n`,
)
