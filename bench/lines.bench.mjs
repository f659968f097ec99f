// npm run bench -- lines [--lines=10000000] [--only=memory|redis] [--json] [--write]: a store full of active lines beside one with a hundredth of
// them: memory, and what a decision takes when everybody that is there may come back.
import { createReport } from './report.mjs'
import { runChild } from './run-child.mjs'

const json = process.argv.includes('--json')
const flag = (name) =>
  process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
const many = Number(flag('lines') ?? 10_000_000)
const few = Math.max(1_000, Math.round(many / 100))
const stores = [flag('only') ?? ['memory', 'redis']].flat()
const report = createReport('lines', ['ioredis'], json)

/** What the first bench of the engine and that of Redis promise a line to take at most, bytes. */
const BYTES = { memory: 64, redis: 200 }
const shown = (lines) =>
  lines >= 1e6 ? `${Math.round(lines / 1e5) / 10} M` : `${Math.round(lines / 1e3)} k`

for (const kind of stores) {
  const small = await runChild('bench/lines-case.mjs', [kind, few])
  const full = await runChild('bench/lines-case.mjs', [kind, many])
  const name = `${kind}, ${shown(full.lines)} lines`
  const peer = `the same at ${shown(small.lines)}`
  report.row({ name: `${name}: memory`, value: full.bytes / 2 ** 20, unit: 'MiB' })
  report.row({
    ...{ name: `${name}: bytes a line`, value: full.bytesEach, unit: 'B' },
    ...{ target: BYTES[kind], atLeast: false },
  })
  report.row({
    ...{ name: `${name}: decisions, 64 in flight`, value: full.perSecond, unit: '1/s' },
    ...{ peer, ratio: full.perSecond / small.perSecond },
  })
  for (const share of [50, 99])
    report.row({
      ...{ name: `${name}: one alone, p${share}`, value: full[`p${share}Micros`], unit: 'us' },
      ...{ peer, ratio: full[`p${share}Micros`] / small[`p${share}Micros`] },
    })
  report.row({ name: `${name}: filled in`, value: full.fillSeconds, unit: 's' })
}
report.write()
process.exitCode = report.missed().length > 0 ? 1 : 0
