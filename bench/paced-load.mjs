// Whole verifications at a constant rate, whether or not the last ones are answered:
// node bench/paced-load.mjs <per second> <seconds> <seed> <port>... Prints one JSON object.
// A start's latency counts from the time it was due, so that a stall is seen by all who wait in it.
import { connect } from 'node:net'

const [rate, seconds, seed, ...ports] = process.argv.slice(2).map(Number)
const CONNECTIONS = 48
const HEAD_END = Buffer.from('\r\n\r\n')
const AUTH = 'Basic YmVuY2g6YmVuY2gtc2VjcmV0'

const latencies = []
let verified = 0
let refused = 0
let first = ''

/** One request after the other on one connection. */
class Wire {
  constructor(port) {
    this.kept = Buffer.alloc(0)
    this.told = null
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.socket.on('data', (chunk) => this.read(chunk))
    this.socket.on('error', (error) => {
      console.error(error)
      process.exit(1)
    })
  }

  read(chunk) {
    this.kept = this.kept.length === 0 ? chunk : Buffer.concat([this.kept, chunk])
    const end = this.kept.indexOf(HEAD_END)
    if (end < 0) return
    const head = this.kept.toString('latin1', 0, end)
    const all = end + HEAD_END.length + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (this.kept.length < all) return
    const body = this.kept.toString('utf8', end + HEAD_END.length, all)
    this.kept = this.kept.subarray(all)
    this.told({ status: Number(head.slice(9, 12)), body })
  }

  post(path, body) {
    this.socket.write(
      `POST ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: ${AUTH}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    return new Promise((resolve) => {
      this.told = resolve
    })
  }
}

const idle = ports.flatMap((port) => Array.from({ length: CONNECTIONS }, () => new Wire(port)))
const queue = []
let n = (seed * 7919 + 13) % 2147483647

async function verify(wire, due) {
  n = (n * 16807) % 2147483647
  const number = `+234806${String(n % 10_000_000).padStart(7, '0')}`
  const context = `{"ip":"10.${(n % 200) + 10}.${(n >> 8) & 255}.${((n >> 16) % 254) + 1}","deviceId":"device-${n}","accountId":"account-${n}","userAgent":"Mozilla/5.0"}`
  const start = await wire.post(
    '/v1/verifications',
    `{"service":"signup","to":"${number}","code":"271828","context":${context}}`,
  )
  const sentAt = performance.now()
  latencies.push(sentAt - due)
  const id = start.body.includes('"status":"sent"')
    ? /"id":"(ver_\w+)"/.exec(start.body)?.[1]
    : null
  if (!id) return refuse(start)
  const check = await wire.post(`/v1/verifications/${id}/check`, '{"code":"271828"}')
  latencies.push(performance.now() - sentAt)
  if (check.body.includes('"verified":true')) verified++
  else refuse(check)
}

function refuse({ status, body }) {
  refused++
  if (first === '') first = `${status} ${body.slice(0, 300)}`
}

function next() {
  while (queue.length > 0 && idle.length > 0) {
    const wire = idle.shift()
    verify(wire, queue.shift()).then(() => {
      idle.push(wire)
      next()
    })
  }
}

const from = performance.now()
let made = 0
const timer = setInterval(() => {
  const elapsed = Math.min(performance.now() - from, seconds * 1_000)
  for (; made < (elapsed / 1_000) * rate; made++) queue.push(from + (made / rate) * 1_000)
  next()
  if (elapsed < seconds * 1_000) return
  clearInterval(timer)
  const quiet = setInterval(() => {
    const open = queue.length > 0 || idle.length < ports.length * CONNECTIONS
    // who cannot keep the pace is not waited for without end: what is left counts as not done
    if (open && performance.now() - from < 3_000 * seconds) return
    clearInterval(quiet)
    const sorted = latencies.sort((a, b) => a - b)
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
    console.log(
      JSON.stringify({
        verified,
        unfinished: made - verified - refused,
        perSecond: verified / ((performance.now() - from) / 1_000),
        p50Ms: at(0.5),
        p99Ms: at(0.99),
        refused,
        first,
      }),
    )
    process.exit(0)
  }, 5)
}, 2)
