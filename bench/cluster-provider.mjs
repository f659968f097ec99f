// A provider that takes every message on, with as little work as can be: node bench/cluster-provider.mjs. Prints its port.
import { createServer } from 'node:net'

const ANSWER = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{"id":"1"}',
)
const HEAD_END = Buffer.from('\r\n\r\n')

createServer({ noDelay: true }, (socket) => {
  let kept = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk])
    for (;;) {
      const end = kept.indexOf(HEAD_END)
      if (end < 0) return
      const length = Number(
        /content-length: (\d+)/i.exec(kept.toString('latin1', 0, end))?.[1] ?? 0,
      )
      const all = end + HEAD_END.length + length
      if (kept.length < all) return
      kept = kept.subarray(all)
      socket.write(ANSWER)
    }
  })
}).listen(0, '127.0.0.1', function listening() {
  console.log(this.address().port)
})
process.on('SIGTERM', () => process.exit(0))
