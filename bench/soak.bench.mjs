// npm run bench -- soak [--minutes=20] [--hours=10] [--json] [--write]: hours of traffic at full rate, people and an attack on them, against one
// gateway with its desk and SQLite, compressed into minutes. Memory must not grow nor answers slow down once everybody was there.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createReport } from './report.mjs'
import { hourOfRequests } from './soak-people.mjs'

const flag = (name, otherwise) =>
  Number(process.argv.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
const json = process.argv.includes('--json')
const minutes = flag('minutes', 20)
const hours = flag('hours', 10)
/** hour of the day (UTC) at which the traffic begins: so that midnight begins the third quarter, and the day's report is made in it */
const from = flag('from', 19)
/** requests of one hour, asked again in each */
const people = flag('people', 60_000)
const IN_FLIGHT = flag('in-flight', 64)
const faster = (hours * 60) / minutes
const totalMs = minutes * 60_000
const QUARTERS = 4
const SAMPLES_A_QUARTER = 15
const authorization = `Basic ${Buffer.from('bench:bench-secret').toString('base64')}`

const report = createReport('soak', ['fastify', 'better-sqlite3'], json)
const rows = hourOfRequests(people, 20_261_121)

/** A process, the first line it prints, and the lines after it. */
async function start(file, ...args) {
  const child = spawn(process.execPath, ['--expose-gc', file, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${file} has ended`)
    return value
  }
  return { child, line, first: await line() }
}

const data = mkdtempSync(join(tmpdir(), 'tollgate-soak-'))
const provider = await start('bench/cluster-provider.mjs')
const gateway = await start(
  'bench/soak-gateway.mjs',
  data,
  `http://127.0.0.1:${provider.first}`,
  faster,
  from,
)
const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })

/** @returns status and body of one call */
const post = (path, body) =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const sent = request(
      { host: '127.0.0.1', port: gateway.first, agent, method: 'POST', path, headers },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part) => {
          text += part
        })
        response.on('end', () => resolve({ status: response.statusCode, text }))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })

const began = performance.now()
const quarterNow = () =>
  Math.min(QUARTERS - 1, Math.floor(((performance.now() - began) / totalMs) * QUARTERS))
const quarters = Array.from({ length: QUARTERS }, () => ({
  ...{ starts: [], checks: [], memory: [], legit: 0, legitSent: 0, attack: 0, attackSent: 0 },
  ...{ verified: 0, cpuMicros: 0, failed: 0 },
}))

let next = 0
async function lane() {
  while (performance.now() - began < totalMs) {
    const { body, label, verifies } = rows[next++ % rows.length]
    const quarter = quarters[quarterNow()]
    const asked = performance.now()
    const { status, text } = await post('/v1/verifications', body)
    quarter.starts.push(performance.now() - asked)
    quarter[label]++
    if (status >= 500) quarter.failed++
    if (status !== 201 || !text.includes('"status":"sent"')) continue
    quarter[`${label}Sent`]++
    if (!verifies) continue
    const id = /"id":"(ver_[0-9a-f]+)"/.exec(text)[1]
    const at = performance.now()
    const checked = await post(`/v1/verifications/${id}/check`, '{"code":"271828"}')
    quarter.checks.push(performance.now() - at)
    if (checked.text.includes('"verified":true')) quarter.verified++
  }
}

async function sample() {
  gateway.child.kill('SIGUSR2')
  const memory = JSON.parse(await gateway.line())
  const quarter = quarters[quarterNow()]
  quarter.memory.push(memory)
  quarter.cpuMicros = memory.cpuMicros
}
const sampler = (async () => {
  const every = totalMs / QUARTERS / SAMPLES_A_QUARTER
  for (let at = every; at < totalMs; at += every) {
    await new Promise((resolve) => setTimeout(resolve, began + at - performance.now()))
    await sample()
  }
})()
await Promise.all([sampler, ...Array.from({ length: IN_FLIGHT }, lane)])

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
const at = (values, share) =>
  Float64Array.from(values).sort()[Math.floor(values.length * share)] ?? 0
const [, second, , last] = quarters
const memoryOf = ({ memory }, name) => mean(memory.map((one) => one[name]))
const sumOf = (name) => quarters.reduce((sum, quarter) => sum + quarter[name], 0)

quarters.forEach((quarter, i) => {
  const name = `quarter ${i + 1}:`
  const seconds = totalMs / QUARTERS / 1_000
  report.row({ name: `${name} requests`, value: quarter.starts.length / seconds, unit: '1/s' })
  report.row({ name: `${name} verified`, value: quarter.verified / seconds, unit: '1/s' })
  report.row({ name: `${name} start, p50`, value: at(quarter.starts, 0.5), unit: 'ms' })
  report.row({ name: `${name} start, p99`, value: at(quarter.starts, 0.99), unit: 'ms' })
  report.row({ name: `${name} memory`, value: memoryOf(quarter, 'rss') / 2 ** 20, unit: 'MiB' })
  report.row({ name: `${name} heap`, value: memoryOf(quarter, 'heapUsed') / 2 ** 20, unit: 'MiB' })
})
const growth = (name) => memoryOf(last, name) / memoryOf(second, name)
report.row({
  ...{ name: 'memory (RSS) of the last quarter', value: memoryOf(last, 'rss') / 2 ** 20 },
  ...{ unit: 'MiB', peer: 'second', ratio: growth('rss'), target: 1.05, atLeast: false },
})
report.row({
  ...{ name: 'heap after collection, last quarter', value: memoryOf(last, 'heapUsed') / 2 ** 20 },
  ...{ unit: 'MiB', peer: 'second', ratio: growth('heapUsed'), target: 1.05, atLeast: false },
})
for (const share of [0.5, 0.99])
  report.row({
    ...{ name: `start of the last quarter, p${share * 100}`, value: at(last.starts, share) },
    ...{ unit: 'ms', peer: 'second', ratio: at(last.starts, share) / at(second.starts, share) },
    ...{ target: 1.1, atLeast: false },
  })
report.row({ name: 'answers 5xx', value: sumOf('failed'), unit: '', target: 0, atLeast: false })
report.row({ name: 'people let through', value: sumOf('legitSent') / sumOf('legit'), unit: '' })
report.row({ name: 'attack let through', value: sumOf('attackSent') / sumOf('attack'), unit: '' })
report.row({
  ...{ name: 'ledger on disk', value: statSync(join(data, 'ledger.sqlite')).size / 2 ** 20 },
  unit: 'MiB',
})
report.write()
gateway.child.kill()
provider.child.kill()
await Promise.all([once(gateway.child, 'exit'), once(provider.child, 'exit')])
rmSync(data, { recursive: true, force: true })
process.exit(report.missed().length > 0 ? 1 : 0)
