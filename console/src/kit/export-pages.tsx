import { useMutation } from '@tanstack/react-query'
import { type Query, request } from '../api/request'
import { ExportButton } from './export-button'
import type { ExportedTable } from './export-table'
import { saveCsv } from './save-file'
import { told } from './told'
import type { Page } from './use-api'

interface ExportPagesProps<Answer> {
  /** of the file, with its ending */
  name: string
  /** of the list, as for `usePages` */
  path: string
  query?: Query
  table: (pages: readonly Answer[]) => ExportedTable
}

/** A list from its first to its last page as a file for spreadsheets, whatever of it is on the screen. */
export function ExportPages<Answer extends Page<unknown>>(props: ExportPagesProps<Answer>) {
  const { name, path, query, table } = props
  const all = useMutation({
    async mutationFn() {
      const pages: Answer[] = []
      let before: Answer['next'] = null
      do {
        const page: Answer = await request<Answer>(path, { query: { ...query, before } })
        pages.push(page)
        before = page.next
      } while (before !== null)
      saveCsv(name, table(pages))
    },
    onError: told,
  })
  return <ExportButton busy={all.isPending} onClick={() => all.mutate()} />
}
