/** The console's kit: what pages are made of. Forms, menus and dialogs are Mantine's. */
export { ProblemError, sentenceOf } from '../api/problem'
export { type Query, request } from '../api/request'
export { Dot, StateBadge, type Tone, VerdictBadge } from './badges'
export { Chart, type ChartOption, type ChartSize, type Palette } from './chart'
export { ChartFrame, type ChartTable } from './chart-frame'
export { Confirm } from './confirm'
export { type DataColumn, DataTable } from './data-table'
export { Dialog } from './dialog'
export { ExportPages } from './export-pages'
export { ExportRows } from './export-rows'
export { Figure, Figures } from './figure'
export {
  ago,
  count,
  countryName,
  dayOf,
  percent,
  sentenceCase,
  share,
  shortCount,
  shortUsd,
  span,
  timeOf,
  usd,
  utc,
  utcDayOf,
} from './figures'
export { Column, Columns, Facts, PageTitle, Section } from './layout'
export { saveCsv, saveFile } from './save-file'
export { ShownOnce } from './shown-once'
export { Empty, Failed, Loaded, Loading } from './states'
export { told } from './told'
export { useAct } from './use-act'
export { keyOf, type Page, useApi, usePages } from './use-api'
export { useFocusBack } from './use-focus-back'
export { useKept } from './use-kept'
export { type Lingering, useLinger } from './use-linger'
export { type Me, type Role, useMe } from './use-me'
export { useLive, useNow } from './use-now'
export { Ago, Count, Country, Foreign, Money, Mono, Percent, When, WhenIn } from './values'
