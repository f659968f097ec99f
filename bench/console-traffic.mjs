// A month of traffic for a ledger, written straight through its codecs: what a gate would have recorded, without a gate.
import { pathToFileURL } from 'node:url'

const dist = process.env.TOLLGATE_DIST ?? new URL('../dist', import.meta.url).pathname
export const from = (path) => import(pathToFileURL(`${dist}/${path}`).href)
const { LOG_CODECS } = await from('ledger/log-entry.js')

export const DAY = 86_400_000
const BATCH = 10_000

/** Numbers in [0, 1) from a seed (mulberry32). */
function randomOf(seed) {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const REASONS = ['block.credit_exhausted', 'ip.numbers', 'number.messages', 'range.quarantined']

/** One request with what became of it. `pick` is random; small places are asked more often than others, as in life. */
function happened(i, at, random) {
  const few = (n) => Math.floor(n * random() ** 3)
  const country = few(60)
  const operator = country * 5 + few(5)
  const block = `+${200 + country}${String(10_000 + operator * 37 + few(400)).slice(0, 5)}`
  const number = `${block}${String(Math.floor(random() * 10_000)).padStart(4, '0')}`
  const host = few(600_000)
  const ip = `${11 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}.${few(256)}`
  const id = `${i.toString(16).padStart(12, '0')}${Math.floor(random() * 2 ** 48)
    .toString(16)
    .padStart(20, '0')}`
  const fate = random()
  const verdict = fate < 0.82 ? 'allow' : fate < 0.9 ? 'challenge' : fate < 0.91 ? 'hold' : 'deny'
  const sent = verdict === 'allow'
  const price = 8_000 + country * 1_700
  const code = REASONS[few(REASONS.length)]
  const line = (name, key) => ({ line: name, key, cost: price })
  const request = {
    id: `dec_${id}`,
    at,
    service: random() < 0.7 ? 'signup' : 'login',
    kind: 'start',
    number,
    country: `${String.fromCharCode(65 + (country % 26))}${String.fromCharCode(65 + Math.floor(country / 26))}`,
    operator: `op${operator}`,
    block,
    ip,
    subnet: `${ip.split('.').slice(0, 3).join('.')}.0/24`,
    asn: 64_500 + (host % 3_000),
    deviceId: `d${few(3_000_000)}`,
    accountId: random() < 0.2 ? `a${few(1_000_000)}` : null,
    sessionId: id.slice(0, 16),
    userAgent:
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36',
    apiKeyId: 'key-1',
    priceMicroUsd: price,
    verdict,
    would: verdict,
    mode: 'enforce',
    score: Math.floor(random() * 100),
    reasons: sent
      ? []
      : [
          {
            ...{ code, verdict, subject: block, observed: 480_000, limit: 220_000 },
            ...{ unit: 'micro_usd', windowMs: 3_600_000, until: at + 3_600_000 },
          },
        ],
    evidence: [
      {
        code: 'network.hosting',
        group: 'network',
        logOdds: 1.2,
        observed: null,
        expected: null,
        windowMs: null,
      },
    ],
    knownGood: false,
    degraded: false,
    policyVersion: 1,
    verificationId: `ver_${id}`,
    charge: sent
      ? {
          lines: [
            line('block', block),
            line('operator', `op${operator}`),
            line('country', 'x'),
            line('service', 'signup'),
          ],
          ...{
            sources: [`device:d${i}`],
            numberKey: number,
            opensSession: true,
            unitMicroUsd: price,
            seen: null,
          },
        }
      : null,
    credit: sent ? (random() < 0.75 ? 'earned' : 'lost') : 'none',
    maturesAt: sent ? at + 600_000 : null,
    settledAt: sent ? at + 30_000 : null,
  }
  return { request, id }
}

/**
 * @param db the ledger's file, opened by better-sqlite3; `null`: only counted
 * @param end Unix ms; the rows fill the 30 days before it, more by day than by night
 * @param count takes the rows of each batch as the ledger counts them
 */
export async function fill(db, rows, end, { count, progress }) {
  const random = randomOf(1)
  const insert = Object.fromEntries(
    ['requests', 'sends', 'outcomes'].map((table) => {
      const codec = LOG_CODECS[table]
      const names = codec.columns.map(
        (name) => `"${name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}"`,
      )
      const into = db?.prepare(
        `insert into ${table} (${names}) values (${codec.columns.map(() => '?')})`,
      )
      return [table, (row) => into?.run(codec.values(row))]
    }),
  )
  const start = end - 30 * DAY
  let written = 0
  let settled = 0
  while (written < rows) {
    const batch = { requests: [], sends: [], outcomes: [] }
    db?.exec('begin')
    for (let i = 0; i < BATCH && written < rows; i++, written++) {
      const share = (written + 0.5) / rows
      const day = Math.sin(share * 30 * 2 * Math.PI) * 0.06
      const at = Math.floor(start + (share + day / 30) * 30 * DAY)
      const { request, id } = happened(written, at, random)
      const { credit, priceMicroUsd, service, verificationId } = request
      insert.requests(request)
      const seen = {
        ...{ ...request, seq: written + 1, charged: request.charge !== null },
        reasons: request.reasons.map(({ code }) => code),
      }
      batch.requests.push(seen)
      if (request.charge === null) continue
      const provider = random() < 0.8 ? 'one' : 'two'
      insert.sends({
        ...{ id: `msg_${id}`, requestId: request.id, verificationId, at, updatedAt: at },
        ...{ priceMicroUsd, provider, providerId: null, status: 'accepted', error: null },
      })
      insert.outcomes({
        ...{ at: at + 30_000, requestId: request.id, detail: null },
        ...{ kind: credit === 'earned' ? 'verified' : 'lost', from: 'reserved', to: credit },
      })
      const seq = ++settled
      batch.sends.push({
        ...{ seq, pending: false, request: seen.seq, at, provider, service, priceMicroUsd },
      })
      batch.outcomes.push({
        ...{ seq, at: at + 30_000, from: 'reserved', to: credit, provider, request: seen },
      })
    }
    db?.exec('commit')
    await count(batch)
    progress(written)
  }
}
