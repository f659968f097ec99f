/**
 * A signal that aborts when the time is over, or when whoever asked has left.
 * @param limitMs ms
 * @param left of whoever asked
 */
export function timeLimit(limitMs: number, left: AbortSignal | undefined) {
  const controller = new AbortController()
  const leave = () => controller.abort(left?.reason)
  let over = false
  const timer = setTimeout(() => {
    over = true
    controller.abort()
  }, limitMs)
  if (left?.aborted) leave()
  left?.addEventListener('abort', leave)
  return {
    signal: controller.signal,
    isOver: (): boolean => over,
    /** whatever it was for has its answer */
    end(): void {
      clearTimeout(timer)
      left?.removeEventListener('abort', leave)
    },
  }
}
