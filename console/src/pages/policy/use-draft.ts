import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PolicyCheckView, PolicyView } from '../../../../src/http/console/policy-view'
import { request, useKept, useMe } from '../../kit'

/** What is being edited, and the version it began from. */
export interface Draft {
  text: string
  base: number
}

const CHECK_AFTER_MS = 350

/** The text in the editor, and what the gateway makes of it. */
export function useDraft(inForce: PolicyView) {
  const { can } = useMe()
  const published = inForce.text ?? ''
  const [written, setWritten] = useKept<Draft | null>('policy', null)
  const draft = written ?? { text: published, base: inForce.version }
  const put = (next: Draft): void =>
    setWritten(next.text === published && next.base === inForce.version ? null : next)
  // nothing was changed here, or it is in force by now: what is published is simply what is shown
  const [shown, setShown] = useState(inForce)
  if (shown.version !== inForce.version) setShown(inForce)
  if (written !== null && [published, shown.text].includes(written.text)) setWritten(null)
  const changed = draft.text !== published
  const [settled] = useDebouncedValue(draft.text, CHECK_AFTER_MS)
  const check = useQuery<PolicyCheckView>({
    queryKey: ['policy-check', settled, inForce.version],
    queryFn: ({ signal }) =>
      request<PolicyCheckView>('policy/check', { method: 'POST', body: { text: settled }, signal }),
    enabled: changed && can('analyst'),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
  const found = changed ? check.data : (inForce.check ?? undefined)
  // while the text is wrong the form shows what it said before
  const [last, setLast] = useState<PolicyCheckView & { ok: true }>()
  if (found?.ok && found !== last) setLast(found)
  return {
    text: draft.text,
    base: draft.base,
    changed,
    behind: draft.base !== inForce.version,
    check: found ?? null,
    valid: found?.ok ? found : (last ?? null),
    checking: changed && (settled !== draft.text || check.isFetching),
    error: changed ? check.error : null,
    checkAgain: () => void check.refetch(),
    edit: (text: string) => put({ ...draft, text }),
    /** starts over from a version, with a text */
    begin: (text: string, base: number) => put({ text, base }),
  }
}

export type DraftState = ReturnType<typeof useDraft>
