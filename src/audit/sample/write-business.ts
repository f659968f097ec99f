import { join } from 'node:path'
import { makeDirectory } from '../../files/make-directory.js'
import { wholeFiles } from '../../files/whole-file.js'
import { hashOf } from '../../lab/actors/people-spread.js'
import { createRandom } from '../../lab/random.js'
import type { TrafficRow } from '../../lab/traffic.js'
import { createWorld } from '../../lab/world/create-world.js'
import type { World } from '../../lab/world/world.js'
import { loadNumbering } from '../../phone/numbering.js'
import { Recent } from '../../tables/recent.js'
import { type Business, openBusiness } from './business.js'
import { createTextFile } from './text-file.js'
import { isoSecond, LOG_HEADER, logged } from './twilio-row.js'

/** An attack as it was made. */
export interface Campaign {
  name: string
  messages: number
  moneyMicroUsd: number
  /** first and last message, Unix ms */
  onset: number
  end: number
}

/** What the files hold, by those who made it. */
export interface Truth {
  messages: number
  moneyMicroUsd: number
  campaigns: Campaign[]
}

export interface WrittenLog {
  /** message log in Twilio's columns, CSV, gzipped */
  log: string
  /** codes entered, `number,verified_at`; times are UTC */
  outcomes: string
  /** `sid,campaign` of every message of an attack; all others are legitimate */
  labels: string
  truth: Truth
}

export interface WriteOptions {
  seed: number
  /** last digits that the log hides @default 0 */
  maskedDigits?: number
  world?: World
  /** told how many messages are written, every 10,000 */
  onProgress?: ((done: number) => void) | undefined
}

const PROGRESS_ROWS = 10_000
/** Sessions under way: people ask again within minutes. */
const UNDER_WAY = 20_000

/** Says when a code was entered: once a session, however many messages it asked for. */
function createVerified() {
  const verified = new Recent<true>(UNDER_WAY)
  return ({ id, retryOf, at, potential }: TrafficRow): number | null => {
    const session = retryOf ?? id
    if (potential.verifiedMs === null || verified.get(session)) return null
    verified.set(session, true)
    return at + potential.verifiedMs
  }
}

/** Writes everything a business sent, which codes were entered, and what was an attack. Memory does not grow with it. */
export async function writeBusiness(
  dir: string,
  business: Business,
  options: WriteOptions,
): Promise<WrittenLog> {
  makeDirectory(dir)
  const paths = {
    log: join(dir, 'messages.csv.gz'),
    outcomes: join(dir, 'verified.csv'),
    labels: join(dir, 'labels.csv'),
  }
  const truth = await wholeFiles(paths, (drafts) => writeFiles(drafts, business, options))
  return { ...paths, truth }
}

async function writeFiles(
  paths: Record<'log' | 'outcomes' | 'labels', string>,
  business: Business,
  { seed, maskedDigits = 0, world = createWorld(), onProgress }: WriteOptions,
): Promise<Truth> {
  const actor = openBusiness(business, world, seed)
  const random = createRandom(hashOf('log', seed))
  const numbering = loadNumbering()
  const verifiedAtOf = createVerified()
  const campaigns = new Map<string, Campaign>()
  const truth: Truth = { messages: 0, moneyMicroUsd: 0, campaigns: [] }
  const log = createTextFile(paths.log)
  const outcomes = createTextFile(paths.outcomes)
  const labels = createTextFile(paths.labels)
  const files = [log, outcomes, labels]
  log.write(LOG_HEADER)
  outcomes.write('number,verified_at\n')
  labels.write('sid,campaign\n')

  async function write(row: TrafficRow, campaign: string | null): Promise<void> {
    const country = numbering.walk(row.to).numberClass?.country ?? ''
    const { sid, line, priceMicroUsd } = logged(row, country, random, maskedDigits)
    truth.messages++
    truth.moneyMicroUsd += priceMicroUsd
    await log.write(line)
    const verifiedAt = verifiedAtOf(row)
    if (verifiedAt !== null) await outcomes.write(`${row.to},${isoSecond(verifiedAt)}\n`)
    if (campaign === null) return
    await labels.write(`${sid},${campaign}\n`)
    const known = campaigns.get(campaign)
    const entry = known ?? { name: campaign, messages: 0, moneyMicroUsd: 0, onset: row.at, end: 0 }
    if (known === undefined) campaigns.set(campaign, entry)
    entry.messages++
    entry.moneyMicroUsd += priceMicroUsd
    entry.end = row.at
  }

  try {
    while (actor.nextAt() < Number.POSITIVE_INFINITY) {
      const { row, campaign } = actor.ask()
      await write(row, campaign)
      if (truth.messages % PROGRESS_ROWS === 0) onProgress?.(truth.messages)
    }
    for (const file of files) await file.close()
  } catch (error) {
    for (const file of files) file.destroy()
    throw error
  }
  truth.campaigns = [...campaigns.values()]
  return truth
}
