import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { writeFigures } from './write-figures.mjs'

const version = (name) => {
  try {
    return JSON.parse(
      readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8'),
    ).version
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

/** One JSON object a line: {"bench","case","value","unit","peer","ratio","target","met"}; a table for people without --json. */
export function createReport(bench, packages, json) {
  const rows = []
  const machine = {
    bench,
    machine: `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    versions: Object.fromEntries(
      packages.map((p) => [p, version(p)]).filter(([, v]) => v !== null),
    ),
  }
  if (json) console.log(JSON.stringify(machine))
  else
    console.log(`${machine.machine}, Node ${machine.node}, ${JSON.stringify(machine.versions)}\n`)
  return {
    /** @param atLeast true: value or ratio must reach the target; false: must not pass it */
    row({ name, value, unit, peer = null, ratio = null, target = null, atLeast = true }) {
      const judged = ratio ?? value
      const met = target === null ? null : atLeast ? judged >= target : judged <= target
      const row = {
        bench,
        case: name,
        value: round(value),
        unit,
        peer,
        ratio: ratio === null ? null : round(ratio),
        target,
        met,
      }
      rows.push({ ...row, atLeast })
      if (json) console.log(JSON.stringify(row))
      else {
        const against = peer === null ? '' : `  ${round(ratio)} x ${peer}`
        const goal =
          target === null
            ? ''
            : `  target ${atLeast ? '>=' : '<='} ${target}: ${met ? 'met' : 'MISSED'}`
        console.log(
          `${name.padEnd(52)} ${String(round(value)).padStart(10)} ${unit}${against}${goal}`,
        )
      }
    },
    /** Into docs/performance.md, where `--write` is given. */
    write() {
      if (!process.argv.includes('--write')) return
      const versions = Object.entries(machine.versions).map(([name, of]) => `${name} ${of}`)
      writeFigures(bench, [machine.machine, `Node ${machine.node}`, ...versions].join(', '), rows)
    },
    missed: () => rows.filter((r) => r.met === false),
  }
}

const round = (x) => (Math.abs(x) >= 100 ? Math.round(x) : Number(x.toPrecision(3)))
