import { useEffect, useState } from 'react'
import { useSearchParams } from 'wouter'
import type { ChecklistView } from '../../../../src/http/console/checklist-view'
import type { IncidentView } from '../../../../src/http/console/incidents-view'
import { editPolicy, type SettingValue } from '../../../../src/policy/edit'
import { useApi } from '../../kit'
import type { DraftState } from './use-draft'

interface Proposed {
  title: string
  what: string
  edits: readonly { path: readonly string[]; value: unknown }[]
}

/**
 * Settings that another page proposes, `?fix=` of the checklist or `?incident=&proposal=` of an incident's analysis: they
 * are put into the text, and nothing is published.
 * @returns what was done, for people
 */
export function useProposedEdits(draft: DraftState): string | null {
  const [search, setSearch] = useSearchParams()
  const fix = search.get('fix')
  const incident = search.get('incident')
  const proposal = search.get('proposal')
  const checklist = useApi<ChecklistView>('checklist', {}, { enabled: fix !== null })
  const attacked = useApi<IncidentView>(
    `incidents/${encodeURIComponent(incident ?? '')}`,
    {},
    { enabled: incident !== null && proposal !== null },
  )
  const [told, setTold] = useState<string | null>(null)

  const proposed =
    fix !== null ? ofChecklist(checklist.data, fix) : ofIncident(attacked.data, proposal)
  // biome-ignore lint/correctness/useExhaustiveDependencies: applied once, to the text as it is then
  useEffect(() => {
    if (proposed === undefined) return
    setSearch({}, { replace: true })
    const edited = editPolicy(draft.text)
    const all = proposed.edits.every(({ path, value }) => edited?.set(path, value as SettingValue))
    if (edited === null || !all) {
      setTold(`“${proposed.title}” cannot be written into this text by itself: change it by hand.`)
      return
    }
    draft.edit(edited.text())
    setTold(`For “${proposed.title}”: ${proposed.what}. Look at it, replay it, and publish.`)
  }, [proposed?.title])
  return told
}

function ofChecklist(view: ChecklistView | undefined, id: string): Proposed | undefined {
  const row = view?.rows.find((one) => one.id === id)
  return row?.remedy?.kind === 'policy'
    ? { title: row.title, what: row.remedy.label, edits: row.remedy.edits }
    : undefined
}

function ofIncident(view: IncidentView | undefined, id: string | null): Proposed | undefined {
  if (view?.analysis.state !== 'done') return undefined
  const judged = view.analysis.analysis.judged.find((one) => one.id === id)
  return judged && { title: judged.title, what: 'replayed on the incident', edits: judged.edits }
}
