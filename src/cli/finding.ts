/** What one check of `doctor` found. */
export interface Finding {
  name: string
  state: 'ok' | 'warn' | 'fail'
  found: string
  /** how to mend it */
  mend: string | null
}
