import { Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { Timings } from './timings.js'

const shape = {
  name: 'seconds',
  help: 'How long',
  labelNames: ['route', 'status'] as const,
  buckets: [0.1, 0.5, 1],
}
const OBSERVED = [0.05, 0.1, 0.1000001, 0.5, 0.7, 1, 1.5, 20]

test('writes the text that the package’s own histogram writes', async () => {
  const ours = new Registry()
  const theirs = new Registry()
  const timings = new Timings({ ...shape, registers: [ours] })
  const histogram = new Histogram({ ...shape, registers: [theirs] })
  for (const labels of [
    { route: '/a', status: '2xx' },
    { route: '/b"\n', status: '4xx' },
  ]) {
    const series = timings.series(labels)
    for (const seconds of OBSERVED) {
      series.observe(seconds)
      histogram.observe(labels, seconds)
    }
  }
  const sorted = (text: string) =>
    text
      .split('\n')
      .map((line) => line.replace(/\{(.*)\}/, (_, l: string) => l.split(',').sort().join()))
      .sort()
  const text = await ours.metrics()
  expect(text).toContain('# TYPE seconds histogram')
  expect(sorted(text)).toEqual(sorted(await theirs.metrics()))
})
