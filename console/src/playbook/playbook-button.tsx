/** What a measure of the playbook is taken on. */
export interface PlaybookTarget {
  kind:
    | 'range'
    | 'network'
    | 'subnet'
    | 'ip'
    | 'device'
    | 'account'
    | 'operator'
    | 'country'
    | 'service'
  key: string
  /** all services when absent */
  service?: string
}

export const PlaybookButton = (_props: { target: PlaybookTarget }) => null
