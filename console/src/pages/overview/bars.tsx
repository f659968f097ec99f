import { useState } from 'react'
import type { CoursePoint } from '../../../../src/http/console/overview-view'
import { count, shortCount, timeOf } from '../../kit'
import classes from './bars.module.css'
import { roundUp } from './round-up'

const PARTS = [
  { id: 'verified', name: 'Verified', of: ({ verified }: CoursePoint) => verified },
  {
    id: 'rest',
    name: 'Sent, not verified',
    of: ({ sends, verified }: CoursePoint) => Math.max(0, sends - verified),
  },
  { id: 'refused', name: 'Refused or challenged', of: ({ refused }: CoursePoint) => refused },
] as const

const HEIGHT = 160

/** Stacked columns, one a bucket of time; figures of the one that is pointed at stand above. */
export function Bars({
  points,
  describedBy,
}: {
  points: readonly CoursePoint[]
  describedBy: string
}) {
  const [at, setAt] = useState<number | null>(null)
  const most = roundUp(
    Math.max(1, ...points.map((point) => PARTS.reduce((sum, { of }) => sum + of(point), 0))),
  )
  const every = Math.max(1, Math.ceil(points.length / 6))
  const told = at === null ? undefined : points[at]
  const column = (point: CoursePoint, x: number) => {
    let top = HEIGHT
    return PARTS.map(({ id, of }) => {
      const height = (of(point) / most) * HEIGHT
      top -= height
      return height === 0 ? null : (
        <rect key={id} x={x + 0.1} width={0.8} y={top} height={height} data-part={id} />
      )
    })
  }
  return (
    <div>
      <p className={classes.legend} aria-hidden="true">
        {PARTS.map(({ id, name, of }) => (
          <span key={id} className={classes.part} data-part={id}>
            {name}
            {told !== undefined && `: ${count(of(told))}`}
          </span>
        ))}
        {told !== undefined && <span>{timeOf(told.at)}</span>}
      </p>
      <div className={classes.plot}>
        <div className={classes.scale} aria-hidden="true">
          {[most, most / 2, 0].map((line) => (
            <span key={line}>{shortCount(line)}</span>
          ))}
        </div>
        <svg
          role="img"
          aria-label="Requests over time, by what became of them"
          aria-describedby={describedBy}
          viewBox={`0 0 ${points.length} ${HEIGHT}`}
          preserveAspectRatio="none"
          className={classes.bars}
          onPointerLeave={() => setAt(null)}
          onPointerMove={({ clientX, currentTarget }) => {
            const { left, width } = currentTarget.getBoundingClientRect()
            setAt(Math.floor(((clientX - left) / width) * points.length))
          }}
        >
          {points.map((point, x) => (
            <g key={point.at} className={classes.column} data-told={x === at}>
              <rect x={x} width={1} y={0} height={HEIGHT} data-part="all" />
              {column(point, x)}
            </g>
          ))}
        </svg>
        <div className={classes.times} aria-hidden="true">
          {points.map((point, x) =>
            x % every === 0 ? (
              <span key={point.at} style={{ flexGrow: Math.min(every, points.length - x) }}>
                {timeOf(point.at)}
              </span>
            ) : null,
          )}
        </div>
      </div>
    </div>
  )
}
