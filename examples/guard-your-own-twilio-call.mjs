// Guarding a Twilio call that you already have: ask before it, report after it. Nothing else of yours changes.
//
//   TWILIO_ACCOUNT_SID=AC... TWILIO_AUTH_TOKEN=... TWILIO_FROM=+1... node examples/guard-your-own-twilio-call.mjs
//
// It sends up to three real messages; set TWILIO_BASE_URL to try it against a server of your own.
import { createGate } from 'tollgate'

const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token, TWILIO_FROM: from } = process.env
const { TWILIO_BASE_URL: base = 'https://api.twilio.com' } = process.env
if (!sid || !token || !from)
  throw new Error('set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM')

const gate = await createGate({
  policy: { version: 1, mode: 'enforce', services: { signup: { markets: ['NG', 'GB'] } } },
  // data: './data',  // keep what was learned over restarts (needs better-sqlite3)
})

/** Your own function, with three lines around its call. */
async function sendCode({ to, ip, deviceId }, code) {
  const decided = await gate.decide({ service: 'signup', to, ip, deviceId })
  if (!decided.ok) throw new Error(decided.error.message)
  const { id, verdict, reasons } = decided.value
  if (verdict !== 'allow') return { sent: false, verdict, why: reasons[0]?.code }

  const response = await fetch(`${base}/2010-04-01/Accounts/${sid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}` },
    body: new URLSearchParams({ To: to, From: from, Body: `Your code is ${code}` }),
  })
  // not billed: the credit it reserved is free again
  if (!response.ok) await gate.report([{ id, kind: 'released' }])
  return { sent: response.ok, id }
}

/** Your own check of the code: tell the gate when it was right. That is what earns credit. */
const onCodeVerified = (id) => gate.report([{ id, kind: 'verified' }])

// A person signs up.
const person = await sendCode(
  { to: '+2348031234567', ip: '105.112.3.4', deviceId: 'd-1' },
  '493021',
)
if (person.sent) await onCodeVerified(person.id)
console.log('person:', person.sent ? 'code sent and verified' : `refused, ${person.why}`)

// A script walks through a range of numbers, each from another address and device.
let sent = 0
const refusals = new Map()
for (let n = 0; n < 20; n++) {
  const to = `+23480377700${String(n).padStart(2, '0')}`
  const asked = await sendCode({ to, ip: `102.89.${n}.${n + 7}`, deviceId: `bot-${n}` }, '000000')
  if (asked.sent) sent++
  else refusals.set(asked.why, (refusals.get(asked.why) ?? 0) + 1)
}
console.log(`script: ${sent} of 20 sent; refused:`, Object.fromEntries(refusals))
await gate.close()
