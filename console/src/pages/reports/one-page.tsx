import { Button } from '@mantine/core'
import { IconDownload, IconPrinter } from '@tabler/icons-react'
import { useParams } from 'wouter'
import type { ReportView } from '../../../../src/http/console/reports-view'
import { Loaded, PageTitle, saveFile, useApi, utc } from '../../kit'
import { ExportMoney } from '../money/export-money'
import { monthName } from '../money/month-name'
import { Daily } from './daily'
import { Monthly } from './monthly'
import './print.css'

const save = (id: string, view: ReportView): void =>
  saveFile(`tollgate-${id}.json`, 'application/json', JSON.stringify(view, null, 2))

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
                  {view.kind === 'monthly' && <ExportMoney money={view.report.money} />}
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
