// Loaded before a command (node --import): on its end writes its peak memory to the file named by BENCH_USAGE.
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  writeFileSync(process.env.BENCH_USAGE, String(process.resourceUsage().maxRSS / 1024))
})
