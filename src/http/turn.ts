/**
 * Resolves when the requests that arrived together have all been worked on, so that their answers leave together.
 * An answer written between two requests wakes a client that sleeps on the same machine, which costs more than
 * writing it, and takes the code of the next request out of the cache. It waits for no clock: a request that is alone
 * goes on at once.
 */
export function createTurn(): () => Promise<void> {
  let end: Promise<void> | null = null
  return () => {
    end ??= new Promise((resolve) => {
      setImmediate(() => {
        end = null
        resolve()
      })
    })
    return end
  }
}
