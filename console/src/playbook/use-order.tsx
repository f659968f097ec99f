import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { MeasureAction } from '../../../src/engine/measures'
import type { MeasureView, TargetView } from '../../../src/http/console/playbook-view'
import { request, span, told } from '../kit'
import classes from './playbook.module.css'
import { ACTION_WORDS, targetName } from './words'

export interface GivenOrder {
  targets: readonly TargetView[]
  action: MeasureAction
  /** the warning was confirmed by typing */
  confirmed: boolean
  durationMs?: number
  limit?: number
  incidentId?: string
}

const UNDO_MS = 15_000

export const undo = (id: string): Promise<MeasureView> =>
  request<MeasureView>(`playbook/${id}`, { method: 'DELETE' })

/** What may look different after a measure began or ended. */
export function useReread(): () => void {
  const client = useQueryClient()
  return () =>
    void client.invalidateQueries({
      predicate: ({ queryKey: [kind, path] }) =>
        kind === 'api' && /^(playbook|incidents|overview|ranges|sources|status)/.test(String(path)),
    })
}

/** Gives an order for each target, and offers to undo it. */
export function useOrder(done: () => void) {
  const reread = useReread()
  return useMutation<MeasureView[], Error, GivenOrder>({
    async mutationFn({ targets, confirmed, ...order }) {
      const given: MeasureView[] = []
      try {
        for (const target of targets)
          given.push(
            await request<MeasureView>('playbook', {
              method: 'POST',
              body: { target, ...order, ...(confirmed && { confirm: target.key }) },
            }),
          )
      } finally {
        if (given.length > 0) offerUndo(given, reread)
        reread()
      }
      return given
    },
    onSuccess: done,
    onError: told,
  })
}

function offerUndo(measures: readonly MeasureView[], reread: () => void): void {
  const [first] = measures
  if (first === undefined) return
  const what = measures.length === 1 ? targetName(first.target) : `${measures.length} ranges`
  const id = `undo ${first.id}`
  const undoAll = async (): Promise<void> => {
    notifications.hide(id)
    try {
      for (const measure of measures) await undo(measure.id)
      notifications.show({ message: `Undone: ${what}`, color: 'teal' })
    } catch (error) {
      told(error)
    } finally {
      reread()
    }
  }
  notifications.show({
    id,
    color: 'teal',
    autoClose: UNDO_MS,
    message: (
      <div className={classes.undo}>
        <span>
          {what}: {ACTION_WORDS[first.action].done} for {span(first.until - first.startedAt)}
        </span>
        <Button size="compact-sm" variant="default" onClick={() => void undoAll()}>
          Undo
        </Button>
      </div>
    ),
  })
}
