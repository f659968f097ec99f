import { Button } from '@mantine/core'
import { IconDownload, IconPrinter } from '@tabler/icons-react'
import { useParams } from 'wouter'
import type { ReportView } from '../../../../src/http/console/reports-view'
import { Loaded, PageTitle, useApi, utc } from '../../kit'
import { monthName } from '../money/month-name'
import { Daily } from './daily'
import { Monthly } from './monthly'
import './print.css'

function save(id: string, view: ReportView): void {
  const url = URL.createObjectURL(
    new Blob([JSON.stringify(view, null, 2)], { type: 'application/json' }),
  )
  const link = document.createElement('a')
  link.href = url
  link.download = `tollgate-${id}.json`
  link.click()
  URL.revokeObjectURL(url)
}

/** One report, to read and to print. */
export function Page() {
  const { id = '' } = useParams<{ id: string }>()
  const report = useApi<ReportView>(`reports/${encodeURIComponent(id)}`)
  return (
    <Loaded query={report}>
      {(view) => (
        <>
          <PageTitle
            title={
              view.kind === 'monthly'
                ? monthName(view.report.month)
                : view.preview
                  ? 'Today so far'
                  : view.report.date
            }
            about={
              view.kind === 'monthly'
                ? `Made ${utc(view.report.madeAt)}. Months of UTC.`
                : `${utc(view.report.from)} to ${utc(view.preview ? view.report.madeAt : view.report.to)}, days of ${view.report.timeZone}.`
            }
            actions={
              <span className="tg-no-print">
                <Button.Group>
                  <Button
                    variant="default"
                    size="xs"
                    leftSection={<IconPrinter size={14} aria-hidden />}
                    onClick={() => window.print()}
                  >
                    Print
                  </Button>
                  <Button
                    variant="default"
                    size="xs"
                    leftSection={<IconDownload size={14} aria-hidden />}
                    onClick={() => save(id, view)}
                  >
                    JSON
                  </Button>
                </Button.Group>
              </span>
            }
          />
          {view.kind === 'daily' ? (
            <Daily report={view.report} sources={view.sources} />
          ) : (
            <Monthly report={view.report} />
          )}
        </>
      )}
    </Loaded>
  )
}
