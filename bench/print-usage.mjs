// What a process used of the machine, all its threads. Loaded before a command (node --import) it writes that to the file
// named by BENCH_USAGE when the command ends.
import { writeFileSync } from 'node:fs'

export function usage() {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  return { peakMib: maxRSS / 1_024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }
}

const file = process.env.BENCH_USAGE
if (file !== undefined) process.on('exit', () => writeFileSync(file, JSON.stringify(usage())))
