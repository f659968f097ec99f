import { Fading } from './sliding.js'

interface Bucket {
  level: number
  at: number
}

export interface LeakyBuckets {
  /** Pours in `amount` (negative: drains). @returns whether the bucket now holds more than the threshold */
  pour(key: string, amount: number, threshold: number, now: number): boolean
}

/**
 * Buckets that empty at `threshold / periodMs`. The threshold may move between calls: a level over it is cut to it
 * before anything is poured in, so a bucket that ran over stands at one more than the threshold at most.
 */
export function createLeakyBuckets(periodMs: number): LeakyBuckets {
  const buckets = new Fading<Bucket>(2 * periodMs)
  return {
    pour(key, amount, threshold, now) {
      let bucket = buckets.get(key, now)
      if (bucket === undefined) {
        bucket = { level: 0, at: now }
        buckets.set(key, bucket, now)
      }
      const leaked = ((now - bucket.at) * threshold) / periodMs
      bucket.level = Math.max(0, Math.min(bucket.level, threshold) - leaked + amount)
      bucket.at = now
      return bucket.level > threshold
    },
  }
}
