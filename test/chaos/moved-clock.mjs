// Loaded before the gateway (node --import): its time of day is moved by as many ms as the file CHAOS_CLOCK says. What
// counts time that passes, performance.now and timers, is left as it is, as a stepped clock of a machine leaves it.
import { readFileSync, watchFile } from 'node:fs'

const file = process.env.CHAOS_CLOCK
const now = Date.now
let offset = 0
const read = () => {
  offset = Number(readFileSync(file, 'utf8'))
}
if (file) {
  read()
  watchFile(file, { interval: 100, persistent: false }, read)
  Date.now = () => now() + offset
  const Own = Date
  globalThis.Date = new Proxy(Own, {
    construct: (target, args, as) =>
      Reflect.construct(target, args.length === 0 ? [Date.now()] : args, as),
    apply: () => new Own(Date.now()).toString(),
  })
}
