import { expect, test } from 'vitest'
import { together } from './together.js'

/** Scripts that end when the test says so. */
function scripts(most: number) {
  const sent: { items: readonly number[]; answer(results: (number | Error)[]): void }[] = []
  const { add, done } = together<number, number>(
    most,
    (items) => new Promise((answer) => sent.push({ items, answer })),
  )
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
  return { sent, add, done, turn }
}

test('one alone goes at once; what comes while four are on their way goes together, in its order', async () => {
  const { sent, add, turn } = scripts(3)
  const answers: number[] = []
  for (const n of [1, 2, 3, 4]) {
    void add(n).then((answer) => answers.push(answer))
    await turn()
  }
  expect(sent.map(({ items }) => items)).toEqual([[1], [2], [3], [4]])
  for (const n of [5, 6, 7, 8]) void add(n).then((answer) => answers.push(answer))
  await turn()
  expect(sent).toHaveLength(4)
  sent[0]?.answer([10])
  await turn()
  expect(sent.slice(4).map(({ items }) => items)).toEqual([[5, 6, 7]])
  sent[4]?.answer([50, 60, 70])
  await turn()
  expect(sent.slice(5).map(({ items }) => items)).toEqual([[8]])
  expect(answers).toEqual([10, 50, 60, 70])
})

test('a request that failed alone fails alone, a script that failed fails for all of it', async () => {
  const { add } = together<number, number>(8, async (items) =>
    items.map((n) => (n === 2 ? new Error('its value cannot be read') : n)),
  )
  const some = await Promise.allSettled([1, 2, 3].map(add))
  expect(some.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  const lost = together<number, number>(8, () => Promise.reject(new Error('no answer')))
  const none = await Promise.allSettled([1, 2].map(lost.add))
  expect(none.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

test('is done when everything has its answer', async () => {
  const { sent, add, done, turn } = scripts(2)
  await done()
  const all = [1, 2, 3].map((n) => add(n))
  let isDone = false
  const waited = done().then(() => {
    isDone = true
  })
  await turn()
  for (const { items, answer } of sent) answer([...items])
  await waited
  expect(isDone).toBe(true)
  expect(await Promise.all(all)).toEqual([1, 2, 3])
})
