export type ListName = 'allow' | 'deny' | 'watch'

export interface ListEntryView {
  list: ListName
  entry: string
  note: string
  /** who added it: `user:<id>`, `key:<id>`; `policy`: it stands in the policy file and is changed there */
  source: string
  sourceName: string
  /** `null` for entries of the policy file */
  createdAt: number | null
  expiresAt: number | null
  /** service whose policy it stands in */
  service: string | null
  /** requests it met, for watched entries */
  hits: number | null
  lastHitAt: number | null
}

export interface ListChangeView {
  id: string
  at: number
  by: string
  byName: string
  action: string
  list: ListName
  count: number
}

export interface ListsView {
  entries: ListEntryView[]
  /** how many there are of each list, before the search */
  counts: Record<ListName, number>
  /** there are more than are shown: narrow the search */
  more: boolean
  /** changes that can be taken back, newest first */
  changes: ListChangeView[]
  /** requests of the last week that an entry of the list refused or let pass, by all entries together */
  met: { allow: number; deny: number; watch: number }
  /** single numbers cannot be watched: they are kept as hashes */
  hashed: boolean
}

export interface EntryHitsView {
  /** requests since `since`; no more than `most` are counted */
  hits: number
  most: number
  since: number
  rows: {
    id: string
    at: number
    service: string
    country: string
    verdict: string
  }[]
}

export interface ListPreviewView {
  /** lines that hold something */
  lines: number
  entries: {
    line: number
    entry: string
    note: string
    expiresAt: number | null
    /** `known`: it is there already and takes the new note and end */
    state: 'new' | 'known'
    /** the other list that has it too */
    also: ListName | null
  }[]
  problems: { line: number; text: string; message: string }[]
}

export interface ListChangedView {
  change: ListChangeView | null
}
