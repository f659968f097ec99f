import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Audited } from '../audit/audit.js'
import type { AuditIncident } from '../audit/audit-result.js'
import { csvFiles } from '../audit/report/csv-files.js'
import { evidence, evidenceLetter } from '../audit/report/evidence.js'
import { heatOf } from '../audit/report/heat.js'
import type { Pseudonyms } from '../audit/report/pseudonyms.js'
import { renderReport } from '../audit/report/render-report.js'
import { makeDirectory } from '../files/make-directory.js'
import { wholeFile } from '../files/whole-file.js'
import { CliFault, EXIT } from './fault.js'

export async function writeReport(
  { result, survey }: Audited,
  path: string,
  now: number,
): Promise<void> {
  const html = await renderReport(result, { heat: heatOf(survey, result.ranges), now })
  await wholeFile(path, (draft) => writeFile(draft, html))
}

export async function writeCsv({ result }: Audited, dir: string): Promise<void> {
  await writeTables(dir, csvFiles(result))
}

/** @param tables name of the file, and what it holds */
export async function writeTables(
  dir: string,
  tables: Iterable<readonly [string, string]>,
): Promise<void> {
  makeDirectory(dir)
  for (const [name, text] of tables)
    await wholeFile(join(dir, name), (draft) => writeFile(draft, text))
}

/** @throws CliFault where there is no such incident, with those that there are */
export function incidentsNamed({ result }: Audited, ids: readonly string[]): AuditIncident[] {
  return ids.map((id) => {
    const found = result.incidents.find((incident) => incident.id === id)
    if (found !== undefined) return found
    const known = result.incidents.slice(0, 12).map((incident) => incident.id)
    throw new CliFault(EXIT.refused, `there is no incident "${id}" in this log`, {
      mend: known.length === 0 ? 'it has none' : `give one of ${known.join(', ')}`,
    })
  })
}

/** The messages of an incident, and a letter to go with them. @returns name of the file of messages */
export async function writeEvidence(
  audited: Audited,
  incident: AuditIncident,
  { dir, pseudonyms }: { dir: string; pseudonyms: Pseudonyms | null },
): Promise<string> {
  const file = `evidence-${incident.id}.csv`
  makeDirectory(dir)
  const { sums, chunks } = evidence(audited, incident, pseudonyms)
  // numbers of subscribers: for the owner's eyes
  await wholeFile(
    join(dir, file),
    (draft) => pipeline(Readable.from(chunks), createWriteStream(draft)),
    { private: true },
  )
  const letter = evidenceLetter(audited.result, incident, sums, {
    file,
    pseudonymised: pseudonyms !== null,
  })
  await wholeFile(join(dir, `evidence-${incident.id}.txt`), (draft) => writeFile(draft, letter))
  return file
}
