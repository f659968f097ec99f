// A gate in a process of its own, driven by JSON lines: {n, do, ...} in, {n, ...} out. Ends by being killed.
import { createInterface } from 'node:readline'
import { createGate, http } from 'tollgate'

const [data, url, policy] = process.argv.slice(2)
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)

say({ state: 'opening' })
const gate = await createGate({
  policy: JSON.parse(policy),
  data,
  send: http({ name: 'own', url, allowPrivate: true }),
  upkeep: { tickMs: 100, saveMs: 400 },
})
say({ state: 'ready' })

const WORK = {
  start: ({ request }) => gate.start(request),
  resend: ({ id }) => gate.resend(id),
  check: ({ id, code }) => gate.check(id, code),
  save: () => gate.save(),
}
createInterface({ input: process.stdin }).on('line', async (line) => {
  const order = JSON.parse(line)
  say({ n: order.n, result: await WORK[order.do](order) })
})
