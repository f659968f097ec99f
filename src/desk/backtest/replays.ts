import type { DeskParts } from '../parts.js'
import { type Backtest, BacktestBusy, type BacktestOptions } from './backtest.js'
import type { BacktestProgress, BacktestResult } from './backtest-result.js'

/** A replay that somebody asked for. */
export interface Replay {
  id: string
  startedAt: number
  /** for the audit log */
  by: string
  from: number
  to: number
  enforce: boolean
  /** what was replayed, to tell whether it is still what stands in the editor */
  textHash: string
  state: 'running' | 'done' | 'cancelled' | 'failed'
  progress: BacktestProgress | null
  result: BacktestResult | null
  error: string | null
}

/** Results kept for whoever comes back to the page; the oldest go first. */
const KEPT = 6

/** Replays that run in the background, and their results. */
export function createReplays(
  { clock, random, live, warn }: DeskParts,
  { backtest }: { backtest: Backtest },
) {
  const replays = new Map<string, Replay>()
  const controllers = new Map<string, AbortController>()

  async function work(replay: Replay, options: BacktestOptions): Promise<void> {
    try {
      replay.result = await backtest.run(options)
      replay.state = 'done'
    } catch (error) {
      replay.state = options.signal?.aborted ? 'cancelled' : 'failed'
      if (replay.state === 'failed') {
        replay.error =
          error instanceof BacktestBusy ? error.message : 'The replay failed; try again.'
        if (!(error instanceof BacktestBusy))
          warn(error instanceof Error ? error : new Error(String(error)))
      }
    } finally {
      controllers.delete(replay.id)
      live.emit('policy', { replay: replay.id, state: replay.state })
    }
  }

  return {
    /** @throws BacktestBusy while another runs */
    start(
      of: Pick<Replay, 'by' | 'textHash'>,
      options: Omit<BacktestOptions, 'signal' | 'onProgress'>,
    ): Replay {
      if (backtest.busy()) throw new BacktestBusy()
      const { from, to, enforce = false } = options
      const replay: Replay = {
        ...{
          id: `rep_${random(12).toString('hex')}`,
          startedAt: clock(),
          ...of,
          from,
          to,
          enforce,
        },
        ...{ state: 'running', progress: null, result: null, error: null },
      }
      replays.set(replay.id, replay)
      for (const id of replays.keys()) if (replays.size > KEPT) replays.delete(id)
      const controller = new AbortController()
      controllers.set(replay.id, controller)
      const { signal } = controller
      const onProgress = (progress: BacktestProgress): void => {
        replay.progress = progress
      }
      void work(replay, { ...options, signal, onProgress })
      return replay
    },
    get: (id: string): Replay | null => replays.get(id) ?? null,
    /** The one that runs, whoever asked for it. */
    running: (): Replay | null =>
      [...replays.values()].find(({ state }) => state === 'running') ?? null,
    /** @returns false when there is nothing to cancel */
    cancel(id: string): boolean {
      const controller = controllers.get(id)
      controller?.abort(new Error('cancelled'))
      return controller !== undefined
    },
    /** Ends what runs. */
    close(): void {
      for (const controller of controllers.values()) controller.abort(new Error('the gateway ends'))
    },
  }
}

export type Replays = ReturnType<typeof createReplays>
