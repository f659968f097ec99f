// A whole verification in your own process: code, message, check, and what the gate made of it.
//
//   node examples/whole-verification.mjs
//
// The development sender prints the message instead of sending it. For real ones:
//   send: twilio({ name: 'twilio', accountSid, credentials: { authToken }, sender: { from } })
//   send: (message) => yourOwnFunction(message.to, message.body)
import { consoleSender, createGate, solvePow } from 'tollgate'

let phone = ''
const gate = await createGate({
  policy: { version: 1, mode: 'enforce', services: { signup: { markets: ['NG'] } } },
  send: consoleSender({
    write: (line) => {
      phone = line
      console.log(line)
    },
  }),
})
/** Refusals are values; here they would be a bug. */
const must = (result) => {
  if (result.ok) return result.value
  throw new Error(`${result.error.code}: ${result.error.message}`)
}

// 1. Somebody asks for a code. Pass what you know; everything but service and number is optional.
let started = must(
  await gate.start({
    service: 'signup',
    to: '+234 803 123 4567',
    ip: '105.112.3.4',
    deviceId: 'd-1',
  }),
)

// 2. Where the gate wants to see work first, the browser's widget does it; here this process does.
if (started.challenge) {
  const solution = await solvePow(started.challenge.payload)
  started = must(await gate.solve(started.verification.id, { type: 'pow', solution }))
}
const { id, status } = started.verification
console.log('status:', status, '| verdict:', started.decision.verdict)

// 3. The person types the code. A wrong one is counted, the right one works once.
const code = /code is (\d+)/.exec(phone)?.[1] ?? ''
const wrong = must(await gate.check(id, code === '000000' ? '111111' : '000000'))
console.log('wrong code:', wrong.status, '| left:', wrong.checksLeft)
console.log('right code:', must(await gate.check(id, code)).status)

// 4. What happened, in order.
for (const { at, event, detail } of must(await gate.get(id)).timeline)
  console.log(new Date(at).toISOString(), event, detail ?? '')
await gate.close()
