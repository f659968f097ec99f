// A pumping script to try your gateway with: asks for codes to one range from ever new addresses and devices, enters
// none of them, and counts what it got. Run it beside a real client and see it run dry while the client does not.
//
//   npm start -- --policy examples/policies/minimal.yaml        (prints an API key)
//   TOLLGATE_KEY=<id>:<secret> node examples/pumping-script.mjs [requests]
//
// Only ever point it at a gateway of your own whose sender is `console`: what passes is sent for real.
const { TOLLGATE_URL: base = 'http://127.0.0.1:7700', TOLLGATE_KEY: key } = process.env
if (!key) throw new Error('set TOLLGATE_KEY to the <id>:<secret> that npm start printed')
const total = Number(process.argv[2] ?? 500)
const IN_FLIGHT = 8

/** Seeded: two runs ask for the same numbers. */
let state = 20_261_121
const random = (below) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}

const got = { sent: 0, challenge_required: 0, held: 0, denied: 0, other: 0 }
const reasons = new Map()

async function ask(n) {
  const response = await fetch(`${base}/v1/verifications`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(key).toString('base64')}`,
    },
    body: JSON.stringify({
      service: 'signup',
      to: `+234803123${String(random(10_000)).padStart(4, '0')}`,
      context: {
        ip: `105.${112 + random(16)}.${random(256)}.${random(256)}`,
        deviceId: `bot-${n}`,
      },
    }),
  })
  const answer = await response.json()
  const status = answer.status ?? 'other'
  got[status in got ? status : 'other']++
  const reason = answer.decision?.reasons?.[0]?.code ?? answer.code
  if (status !== 'sent') reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
}

let next = 0
const worker = async () => {
  while (next < total) await ask(next++)
}
await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
console.log(JSON.stringify({ requests: total, ...got, reasons: Object.fromEntries(reasons) }))
