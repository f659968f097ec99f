import type { Random } from '../random.js'

/**
 * Covariance matrix adaptation (Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772, sections 2 to 4 and
 * appendix C, whose names and constants are kept). Minimises; looks at the order of values only.
 */
export interface CmaEs {
  /** A generation of points, unbounded: the caller folds them into its box. */
  ask(): number[][]
  /** Values of the points asked for, lower is better, in the same order. */
  tell(values: readonly number[]): void
  /** largest standard deviation of any direction: what it has narrowed down to */
  width(): number
}

export interface CmaEsOptions {
  /** first mean */
  start: readonly number[]
  /** first step size */
  sigma: number
  random: Random
  /** points of a generation @default 4 + 3 ln n */
  lambda?: number
}

type Matrix = number[][]

const identity = (n: number): Matrix =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Number(i === j)))
const at = (vector: readonly number[], i: number): number => vector[i] as number
const cell = (matrix: Matrix, i: number, j: number): number => (matrix[i] as number[])[j] as number
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * at(b, i), 0)

/** Sweeps after which a symmetric matrix of this size is diagonal to double precision; it mostly is after six. */
const SWEEPS = 30
const DIAGONAL = 1e-18

/** Eigenvalues and vectors (columns) of a symmetric matrix, by Jacobi's rotations. */
export function eigenOf(symmetric: Matrix): { values: number[]; vectors: Matrix } {
  const n = symmetric.length
  const a = symmetric.map((row) => [...row])
  const v = identity(n)
  const rotate = (m: Matrix, i: number, j: number, k: number, l: number, c: number, s: number) => {
    const one = cell(m, i, j)
    const other = cell(m, k, l)
    ;(m[i] as number[])[j] = c * one - s * other
    ;(m[k] as number[])[l] = s * one + c * other
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0
    let on = 0
    for (let i = 0; i < n; i++) {
      on += cell(a, i, i) ** 2
      for (let j = i + 1; j < n; j++) off += cell(a, i, j) ** 2
    }
    if (off <= DIAGONAL * on) break
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = cell(a, p, q)
        if (apq === 0) continue
        const theta = (cell(a, q, q) - cell(a, p, p)) / (2 * apq)
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        for (let k = 0; k < n; k++) rotate(a, k, p, k, q, c, s)
        for (let k = 0; k < n; k++) rotate(a, p, k, q, k, c, s)
        for (let k = 0; k < n; k++) rotate(v, k, p, k, q, c, s)
      }
    }
  }
  return { values: a.map((_, i) => cell(a, i, i)), vectors: v }
}

/** Two uniform draws to one normal one (Box and Muller). */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())

export function createCmaEs(options: CmaEsOptions): CmaEs {
  const { start, random } = options
  const n = start.length
  const lambda = options.lambda ?? 4 + Math.floor(3 * Math.log(n))
  const mu = Math.floor(lambda / 2)
  const raw = Array.from({ length: mu }, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1))
  const total = raw.reduce((sum, w) => sum + w, 0)
  const weights = raw.map((w) => w / total)
  const muEff = 1 / dot(weights, weights)
  const cc = (4 + muEff / n) / (n + 4 + (2 * muEff) / n)
  const cs = (muEff + 2) / (n + muEff + 5)
  const c1 = 2 / ((n + 1.3) ** 2 + muEff)
  const cmu = Math.min(1 - c1, (2 * (muEff - 2 + 1 / muEff)) / ((n + 2) ** 2 + muEff))
  const damps = 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cs
  const chiN = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n))

  let mean = [...start]
  let sigma = options.sigma
  let covariance = identity(n)
  let pathC = start.map(() => 0)
  let pathS = start.map(() => 0)
  let axes = identity(n)
  let lengths = start.map(() => 1)
  let asked: number[][] = []
  let generation = 0

  /** `B D z`, or `B z / D` */
  const along = (z: readonly number[], scale: (d: number) => number): number[] =>
    axes.map((row) => row.reduce((sum, b, j) => sum + b * scale(at(lengths, j)) * at(z, j), 0))
  const intoAxes = (y: readonly number[]): number[] =>
    lengths.map((_, j) => axes.reduce((sum, row, i) => sum + at(row, j) * at(y, i), 0))

  return {
    ask() {
      asked = Array.from({ length: lambda }, () => {
        const y = along(
          Array.from({ length: n }, () => normal(random)),
          (d) => d,
        )
        return mean.map((m, i) => m + sigma * at(y, i))
      })
      return asked
    },

    tell(values) {
      generation++
      const best = asked
        .map((x, i) => ({ x, value: at(values, i) }))
        .sort((a, b) => a.value - b.value)
        .slice(0, mu)
        .map(({ x }) => x.map((xi, i) => (xi - at(mean, i)) / sigma))
      const step = mean.map((_, i) =>
        best.reduce((sum, y, k) => sum + at(weights, k) * at(y, i), 0),
      )
      mean = mean.map((m, i) => m + sigma * at(step, i))

      const whitened = along(intoAxes(step), (d) => 1 / d)
      pathS = pathS.map((p, i) => (1 - cs) * p + Math.sqrt(cs * (2 - cs) * muEff) * at(whitened, i))
      const length = Math.sqrt(dot(pathS, pathS))
      const stalls =
        length / Math.sqrt(1 - (1 - cs) ** (2 * generation)) / chiN < 1.4 + 2 / (n + 1) ? 1 : 0
      pathC = pathC.map(
        (p, i) => (1 - cc) * p + stalls * Math.sqrt(cc * (2 - cc) * muEff) * at(step, i),
      )
      const kept = 1 - c1 - cmu + (1 - stalls) * c1 * cc * (2 - cc)
      covariance = covariance.map((row, i) =>
        row.map(
          (value, j) =>
            kept * value +
            c1 * at(pathC, i) * at(pathC, j) +
            cmu * best.reduce((sum, y, k) => sum + at(weights, k) * at(y, i) * at(y, j), 0),
        ),
      )
      sigma *= Math.exp((cs / damps) * (length / chiN - 1))
      const { values: eigen, vectors } = eigenOf(covariance)
      axes = vectors
      lengths = eigen.map((value) => Math.sqrt(Math.max(value, 1e-20)))
    },

    width: () => sigma * Math.max(...lengths),
  }
}
