import { Histogram, type HistogramConfiguration } from 'prom-client'

/** One series of a histogram, found once and then only counted. */
export interface Timing {
  observe(value: number): void
}

interface Series<T extends string> extends Timing {
  labels: Record<T, string>
  /** observations at or below each bound and above the one before; the last is above all */
  counts: Float64Array
  sum: number
}

interface Line<T extends string> {
  metricName: string
  labels: { le?: number | string }
  sharedLabels: Record<T, string>
  value: number
}

/**
 * A histogram whose series are asked for once and kept by who counts: the package's own looks its labels up, checks and
 * joins them on every observation, 1 us and 1 kB for each request.
 */
export class Timings<T extends string> extends Histogram<T> {
  readonly #name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #series: Series<T>[] = []

  constructor(configuration: HistogramConfiguration<T> & { buckets: number[] }) {
    super(configuration)
    this.#name = configuration.name
    this.#help = configuration.help
    this.#bounds = configuration.buckets
  }

  series(labels: Record<T, string>): Timing {
    const bounds = this.#bounds
    const counts = new Float64Array(bounds.length + 1)
    const series: Series<T> = {
      labels,
      counts,
      sum: 0,
      observe(value) {
        let i = 0
        while (i < bounds.length && value > (bounds[i] as number)) i++
        counts[i] = (counts[i] as number) + 1
        series.sum += value
      },
    }
    this.#series.push(series)
    return series
  }

  /** What the registry writes its text from, and what the package's own `get` is made of. */
  async getForPromString() {
    const name = this.#name
    const values: Line<T>[] = []
    for (const { labels, counts, sum } of this.#series) {
      const line = (suffix: string, le: Line<T>['labels'], value: number) =>
        values.push({ metricName: `${name}_${suffix}`, labels: le, sharedLabels: labels, value })
      let seen = 0
      counts.forEach((count, i) => {
        seen += count
        line('bucket', { le: this.#bounds[i] ?? '+Inf' }, seen)
      })
      line('sum', {}, sum)
      line('count', {}, seen)
    }
    return { name, help: this.#help, type: 'histogram', values, aggregator: 'sum' }
  }
}
