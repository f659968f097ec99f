import type { PolicyRow } from '../../ledger/rows.js'
import { type LoadedPolicy, loadPolicy } from '../../policy/load.js'

/** What a person is given to edit where nothing was written yet: it says what the built-in policy says. */
const STARTER = `# The built-in policy: everything is recorded and nothing is refused.
version: 1
mode: monitor
`

/**
 * A version as text that can be edited. The built-in policy and what a program gave as an object were never written by
 * anybody: of the first the starter says the same, of the second there is no text.
 */
export function editableText(row: Pick<PolicyRow, 'by' | 'yaml'> | null): string | null {
  if (row === null || row.by === 'built-in') return STARTER
  return loadPolicy(row.yaml).ok ? row.yaml : null
}

/** @returns `null` when the text is not a policy (any more) */
export function loadedOf(text: string | null, version: number): LoadedPolicy | null {
  if (text === null) return null
  const loaded = loadPolicy(text, { file: `version ${version}` })
  return loaded.ok ? loaded : null
}
