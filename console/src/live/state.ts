/** How far this page is in step with the gateway. */
export type Connection =
  | { is: 'opening' }
  | { is: 'live' }
  /** the stream is gone and is asked for again */
  | { is: 'reconnecting'; since: number }
  /** so long without a word that numbers on the page may be old */
  | { is: 'stale'; since: number }

export interface LiveState {
  connection: Connection
  /** the gateway's clock minus this computer's, ms */
  ahead: number
  /** a version of the gateway that is not the one this page came from */
  newVersion: string | null
}

type Listener = () => void

let state: LiveState = { connection: { is: 'opening' }, ahead: 0, newVersion: null }
const listeners = new Set<Listener>()

export const liveState = {
  get: (): LiveState => state,
  set(change: Partial<LiveState>): void {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  },
  subscribe(listener: Listener): () => void {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  },
}
