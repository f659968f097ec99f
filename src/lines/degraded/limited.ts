/** The store did not answer within its time limit: it may have done what it was asked all the same. */
export class TimeLimit extends Error {
  override readonly name = 'TimeLimit'
}

/** @param late told of an answer that came after the limit @throws TimeLimit */
export function limited<T>(work: Promise<T>, ms: number, late?: (value: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let over = false
    const timer = setTimeout(() => {
      over = true
      reject(new TimeLimit(`no answer within ${ms} ms`))
    }, ms)
    work.then(
      (value) => {
        clearTimeout(timer)
        if (over) late?.(value)
        else resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        // after the limit it has been told as failed already: a second rejection does nothing
        reject(error)
      },
    )
  })
}
