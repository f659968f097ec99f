import classes from './traffic.module.css'

const WIDTH = 96
const HEIGHT = 20

/** The course of requests, small. @param label says it in words */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const most = Math.max(1, ...values)
  const step = WIDTH / Math.max(1, values.length - 1)
  const points = values.map(
    (value, i) =>
      `${(i * step).toFixed(1)},${(HEIGHT - 1 - (value / most) * (HEIGHT - 2)).toFixed(1)}`,
  )
  const line = `M${points.join('L')}`
  return (
    <svg
      className={classes.spark}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path className={classes.ground} d={`${line}L${WIDTH},${HEIGHT}L0,${HEIGHT}Z`} />
      <path d={line} />
    </svg>
  )
}
