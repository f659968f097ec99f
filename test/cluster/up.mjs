#!/usr/bin/env node
// Two or three gateways on one Redis and one PostgreSQL, on this machine, to look at: node test/cluster/up.mjs [gateways]
// Needs redis-server and PostgreSQL; nothing is kept. Ends with Ctrl-C, and everything with it.
import { resolve } from 'node:path'
import { build, install, root } from '../../scripts/prepare.mjs'

const count = Number(process.argv[2] ?? 2)
if (!Number.isInteger(count) || count < 1 || count > 9) {
  console.error('how many gateways? 1 to 9: node test/cluster/up.mjs 3')
  process.exit(2)
}
install({ dev: true })
// with the console's pages, which tests do without
build()
const { runnerImport } = await import('vite')
const { module } = await runnerImport(resolve(import.meta.dirname, 'topology.ts'), {
  root,
  configFile: false,
})
console.log('starting Redis, PostgreSQL and the gateways ...')
const names = Array.from({ length: count }, (_, i) => String.fromCharCode(97 + i))
const cluster = await module.startTopology({
  names,
  main: resolve(root, 'dist/cli/main.js'),
  env: { TOLLGATE_FAILURE_GATEWAYS: String(count) },
})
for (const { name, url, greeting } of cluster.gateways) {
  console.log(`gateway ${name}   ${url}`)
  if (greeting.signIn !== null)
    console.log(`            first administrator: ${greeting.signIn.link}`)
}
const [first] = cluster.gateways
console.log(`redis       ${cluster.redis.url}
postgres    ${new URL(cluster.ledgerUrl).host}, database ${new URL(cluster.ledgerUrl).pathname.slice(1)}
key         ${module.KEY}
messages go to a provider of this script, which prints them

curl -sS -u '${module.KEY}' -H 'content-type: application/json' -d '{"service":"signup","to":"+2348031234567"}' ${first.url}/v1/verifications

Ctrl-C ends everything.`)
let printed = 0
const printing = setInterval(() => {
  for (const { body } of cluster.provider.requests.slice(printed))
    console.log(`message     ${body}`)
  printed = cluster.provider.requests.length
}, 300)
const end = async () => {
  clearInterval(printing)
  await cluster.close()
  process.exit(0)
}
process.once('SIGINT', end)
process.once('SIGTERM', end)
