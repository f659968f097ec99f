import { mkdir, writeFile } from 'node:fs/promises'
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
import { CliFault, EXIT } from './fault.js'
import { openPrivate } from './private-file.js'

export async function writeReport(
  { result, log }: Audited,
  path: string,
  now: number,
): Promise<void> {
  await writeFile(path, await renderReport(result, { heat: heatOf(log, result.ranges), now }))
}

export async function writeCsv({ result }: Audited, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  for (const [name, text] of csvFiles(result)) await writeFile(join(dir, name), text)
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
  await mkdir(dir, { recursive: true })
  const { sums, chunks } = evidence(audited, incident, pseudonyms)
  // numbers of subscribers: for the owner's eyes
  const handle = await openPrivate(join(dir, file))
  await pipeline(Readable.from(chunks), handle.createWriteStream())
  const letter = evidenceLetter(audited.result, incident, sums, {
    file,
    pseudonymised: pseudonyms !== null,
  })
  await writeFile(join(dir, `evidence-${incident.id}.txt`), letter)
  return file
}
