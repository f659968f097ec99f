import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Fault, play } from './fault.js'
import { judge, type Violation } from './invariants.js'
import type { FaultSpan, RunRecord } from './record.js'
import type { Stage } from './stage.js'
import { type Row, rowOf, skippedRow, tableText } from './table.js'

/** `npm run test:chaos -- --only=<fault>`; several with commas. */
const ONLY = process.env.TOLLGATE_CHAOS_ONLY?.split(',').filter((name) => name !== '') ?? []
/** Where the rows of the table go, JSON lines, and the table that is made of them. */
const OUT = process.env.TOLLGATE_CHAOS_OUT
const TABLE = process.env.TOLLGATE_CHAOS_TABLE
/** Folder for what was seen and what the gateways logged, to find out why. */
const KEEP = process.env.TOLLGATE_CHAOS_KEEP
const MOST_SHOWN = 12

/** Plays faults one after the other under constant load, and has each judged as a test of its own. */
export function chaos<S extends Stage = Stage>(
  topology: string,
  faults: readonly Fault<S>[],
  open: () => Promise<S>,
): void {
  const wanted = faults.filter(({ name }) => ONLY.length === 0 || ONLY.includes(name))
  if (wanted.length === 0) {
    test.skip(`${topology}: none of its faults was asked for`)
    return
  }
  const why = new Map(wanted.map((fault) => [fault.name, fault.cannot?.() ?? null]))
  const played = wanted.filter(({ name }) => why.get(name) === null)
  let record: RunRecord | null = null
  let violations: Violation[] = []

  test(
    `${topology}: ${played.length} faults under load`,
    async () => {
      const stage = await open()
      const spans: FaultSpan[] = []
      try {
        await stage.load()
        for (const fault of played) {
          const span = await play(stage, fault)
          spans.push(span)
          say(`${topology}: ${fault.name} ${Math.round((span.end - span.from) / 1_000)} s`)
        }
        record = await stage.conclude(spans)
        violations = judge(record)
      } finally {
        keep(topology, stage, record)
        await stage.close()
      }
      rows(topology, wanted, why, record, violations)
      expect(shown(violations.filter(({ fault }) => fault === null))).toEqual([])
    },
    240_000 + played.length * 90_000,
  )

  for (const { name, what } of wanted) {
    const reason = why.get(name) ?? null
    test.skipIf(reason !== null)(
      `${topology}: ${name}: ${what}${reason === null ? '' : ` (skipped: ${reason})`}`,
      () => {
        if (record === null) throw new Error('the run did not come to its end')
        expect(shown(violations.filter(({ fault }) => fault === name))).toEqual([])
      },
    )
  }
}

function keep(topology: string, { gateways }: Stage, record: RunRecord | null): void {
  if (KEEP === undefined) return
  mkdirSync(KEEP, { recursive: true })
  for (const { index, log } of gateways)
    writeFileSync(join(KEEP, `${topology}-${index}.log`), log())
  const maps = (_: string, value: unknown) => (value instanceof Map ? [...value] : value)
  if (record !== null) writeFileSync(join(KEEP, `${topology}.json`), JSON.stringify(record, maps))
}

const shown = (violations: readonly Violation[]): string[] => [
  ...violations.slice(0, MOST_SHOWN).map(({ invariant, what }) => `${invariant}: ${what}`),
  ...(violations.length > MOST_SHOWN ? [`and ${violations.length - MOST_SHOWN} more`] : []),
]

function rows(
  topology: string,
  faults: readonly Pick<Fault, 'name' | 'what'>[],
  why: ReadonlyMap<string, string | null>,
  record: RunRecord,
  violations: readonly Violation[],
): void {
  if (OUT === undefined) return
  for (const fault of faults) {
    const reason = why.get(fault.name) ?? null
    const span = record.faults.find(({ name }) => name === fault.name)
    const row: Row =
      span === undefined
        ? skippedRow(topology, fault, reason ?? 'not reached')
        : rowOf(topology, fault, span, record, violations)
    appendFileSync(OUT, `${JSON.stringify(row)}\n`)
  }
  if (TABLE === undefined) return
  const all = readFileSync(OUT, 'utf8').trimEnd().split('\n')
  const read = all.map((line) => JSON.parse(line) as Row)
  // topologies end in any order
  read.sort((a, b) => a.topology.localeCompare(b.topology))
  writeFileSync(TABLE, `${tableText(read)}\n`)
}

const say = (line: string) => process.stderr.write(`${line}\n`)
