import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { DirectoryError, makeDirectory } from '../files/make-directory.js'
import { wholeFiles } from '../files/whole-file.js'
import type { OpenScenario } from '../lab/scenarios/scenario.js'
import type { LabelRow } from '../lab/traffic.js'
import { duration } from './duration.js'
import { usageFault } from './fault.js'

interface WriteOptions {
  opened: OpenScenario
  service: string
  /** directory, made where it is missing; files in it are replaced */
  out: string
  onProgress?: (text: string) => void
}

export interface Written {
  rows: number
  legit: number
  attack: number
  from: number
  to: number
  /** of the attack or the trap, Unix ms */
  attackFrom: number | null
  attackTo: number | null
  /** what the policy's markets should be */
  markets: readonly string[]
  files: { traffic: string; labels: string }
}

const PROGRESS_ROWS = 20_000

/** Writes the rows of a scenario and what they are. Memory does not grow with their number. */
export async function writeScenario({ out, ...options }: WriteOptions): Promise<Written> {
  const { policyMarkets, from, to, attackFrom, attackTo } = options.opened
  const files = { traffic: join(out, 'traffic.ndjson'), labels: join(out, 'labels.ndjson') }
  try {
    makeDirectory(out)
    const counts = await wholeFiles(files, (drafts) => writeFiles(drafts, options))
    return {
      ...{ rows: counts.legit + counts.attack, ...counts },
      ...{ from, to, attackFrom, attackTo, markets: policyMarkets, files },
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined && !(error instanceof DirectoryError)) throw error
    throw usageFault(`--out: cannot write into ${out} (${message})`, 'check the path', error)
  }
}

async function writeFiles(
  files: Written['files'],
  { opened: { source }, service, onProgress }: Omit<WriteOptions, 'out'>,
): Promise<Pick<Written, 'legit' | 'attack'>> {
  const counts = { legit: 0, attack: 0 }
  const traffic = createWriteStream(files.traffic)
  const labels = createWriteStream(files.labels)
  const streams = [traffic, labels]
  const write = async (stream: WriteStream, value: object): Promise<void> => {
    if (!stream.write(`${JSON.stringify(value)}\n`)) await once(stream, 'drain')
  }
  try {
    await Promise.all(streams.map((stream) => once(stream, 'open')))
    while (source.nextAt() < Number.POSITIVE_INFINITY) {
      const { row, label, campaign } = source.ask()
      // Nobody decides here: the loop is open.
      source.told?.(row, 'sent')
      counts[label]++
      await write(traffic, { ...row, service })
      await write(labels, { id: row.id, label, campaign } satisfies LabelRow)
      const rows = counts.legit + counts.attack
      if (rows % PROGRESS_ROWS === 0)
        onProgress?.(
          `${rows.toLocaleString('en')} rows, ${new Date(row.at).toISOString().slice(0, 16)}`,
        )
    }
    for (const stream of streams) stream.end()
    await Promise.all(streams.map((stream) => finished(stream)))
    return counts
  } finally {
    for (const stream of streams) stream.destroy()
  }
}

/** For people. @param out the directory as it was given */
export function writtenText(written: Written, out: string): string[] {
  const { rows, legit, attack, from, to, attackFrom, attackTo, markets } = written
  const at = (time: number): string => `${new Date(time).toISOString().slice(0, 16)}Z`
  const when =
    attackFrom === null || attackTo === null
      ? 'nothing but ordinary days'
      : `it happens from ${at(attackFrom)} to ${at(attackTo)}`
  const count = (n: number): string => n.toLocaleString('en')
  return [
    `${count(rows)} rows over ${duration(to - from)} in ${out}: ${count(legit)} legitimate, ${count(attack)} of an attack; ${when}`,
    `markets for the policy: [${markets.join(', ')}]`,
    '',
    `tollgate replay ${join(out, 'traffic.ndjson')} --labels ${join(out, 'labels.ndjson')} --policy policy.yaml`,
  ]
}
