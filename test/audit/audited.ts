import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Analysis, analyse } from '../../src/audit/analyse/analyse.js'
import { idHash } from '../../src/audit/message-log.js'
import { readLogs } from '../../src/audit/read/read-logs.js'
import { type Business, marketsOf } from '../../src/audit/sample/business.js'
import {
  type Campaign,
  type WrittenLog,
  writeBusiness,
} from '../../src/audit/sample/write-business.js'
import { createWorld } from '../../src/lab/world/create-world.js'

/** Some time after every business here. */
const NOW = Date.UTC(2026, 5, 1)

/** What an audit said of a log, beside what is known of it. Money in the log's currency. */
export interface Audited {
  analysis: Analysis
  /** messages read over messages written */
  read: number
  fraudMoney: { truth: number; found: number; low: number; high: number }
  /** found over truth, less one; 0 where both are none */
  error: number
  campaigns: (Campaign & {
    /** hours between its first message and the onset of the incident nearest to it; `Infinity` without one */
    onsetOffHours: number
    /** its messages called surely or probably fraud, over all of them */
    caught: number
  })[]
  /** legitimate messages called surely or probably fraud, over all legitimate ones */
  falselyCalled: number
}

/** A business whose log is audited. */
export interface Shape {
  name: string
  business: Business
  /** last digits of every number that the log hides @default 0 */
  maskedDigits?: number
}

export interface AuditOptions {
  seed: number
  /** the audit is given the codes that were entered */
  outcomes: boolean
}

const HOUR = 3_600_000
const MICRO = 1_000_000
/** Certainty of a message from which on it is called fraud. */
const PROBABLY = 2
const LEGITIMATE = 'legitimate'

/** Writes logs, each once, and audits the files as the command does. */
export function createAuditor() {
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-accuracy-'))
  const world = createWorld()
  const files = new Map<string, Promise<WrittenLog>>()

  function written(name: string, business: Business, seed: number, maskedDigits: number) {
    const key = `${name}-${seed}-${maskedDigits}`
    const known = files.get(key)
    const made = known ?? writeBusiness(join(dir, key), business, { seed, maskedDigits, world })
    files.set(key, made)
    return made
  }

  return {
    async audit({ name, business, maskedDigits = 0 }: Shape, options: AuditOptions) {
      const { seed, outcomes } = options
      const files = await written(name, business, seed, maskedDigits)
      return compare(files, business, outcomes)
    },
    close: () => rmSync(dir, { recursive: true, force: true }),
  }
}

/** Campaigns by the hash of the message's id. */
function labelsOf(written: WrittenLog): Map<number, string> {
  const [, ...lines] = readFileSync(written.labels, 'utf8').trimEnd().split('\n')
  return new Map(
    lines.map((line): [number, string] => {
      const [sid = '', campaign = ''] = line.split(',')
      return [idHash(sid), campaign]
    }),
  )
}

async function compare(
  written: WrittenLog,
  business: Business,
  outcomes: boolean,
): Promise<Audited> {
  const { log } = await readLogs({
    paths: [written.log],
    ...(outcomes && { outcomes: written.outcomes }),
    now: NOW,
  })
  const analysis = analyse(log, { markets: marketsOf(business), currency: 'USD' })
  const labels = labelsOf(written)
  const called = new Map<string, number>()
  for (let row = 0; row < log.size; row++) {
    if ((analysis.certainty[row] ?? 0) < PROBABLY) continue
    const label = labels.get(log.columns.id[row] ?? 0) ?? LEGITIMATE
    called.set(label, (called.get(label) ?? 0) + 1)
  }
  const { campaigns } = written.truth
  const truth = campaigns.reduce((sum, { moneyMicroUsd }) => sum + moneyMicroUsd, 0) / MICRO
  const { value: found, low, high } = analysis.fraud.money
  const onsets = analysis.incidents
    .filter(({ kind }) => kind === 'attack')
    .map(({ onset }) => Date.parse(onset))
  return {
    analysis,
    read: log.size / written.truth.messages,
    fraudMoney: { truth, found, low, high },
    error: truth === 0 ? found : found / truth - 1,
    campaigns: campaigns.map((campaign) => ({
      ...campaign,
      onsetOffHours: Math.min(
        Number.POSITIVE_INFINITY,
        ...onsets.map((onset) => Math.abs(onset - campaign.onset) / HOUR),
      ),
      caught: (called.get(campaign.name) ?? 0) / campaign.messages,
    })),
    falselyCalled: (called.get(LEGITIMATE) ?? 0) / (log.size - labels.size),
  }
}
