import { spawn } from 'node:child_process'

/** Runs a case in a process of its own and reads the JSON object it prints last. */
export function runChild(file, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--expose-gc', file, ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    })
    let text = ''
    child.stdout.on('data', (d) => {
      text += d
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`${file} ${args.join(' ')} ended with ${code}`))
      else resolve(JSON.parse(text.trim().split('\n').at(-1) ?? ''))
    })
  })
}

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const m = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[m] : (sorted[m - 1] + sorted[m]) / 2
}

/** Interleaved rounds, A B C A B C: what disturbs the machine disturbs all. @returns medians per case */
export async function interleave(cases, rounds) {
  const results = new Map(cases.map((c) => [c.name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const c of cases) {
      const result = await c.run()
      results.get(c.name).push(result)
      if (process.stderr.isTTY) process.stderr.write(`round ${round + 1}/${rounds} ${c.name}\n`)
    }
  }
  return Object.fromEntries(
    [...results].map(([name, list]) => [
      name,
      Object.fromEntries(
        Object.keys(list[0])
          .filter((k) => typeof list[0][k] === 'number')
          .map((k) => [k, median(list.map((r) => r[k]))]),
      ),
    ]),
  )
}
