import { world } from 'virtual:world'
import { useState } from 'react'
import { Link } from 'wouter'
import type { CountryFlow } from '../../../../src/http/console/overview-view'
import { count, countryName, percent, usd } from '../../kit'
import classes from './world.module.css'
import { type Measure, stepsOf } from './world-measures'

const words = (flow: CountryFlow): string =>
  [
    `${countryName(flow.code)}: ${count(flow.sends)} sends`,
    `conversion ${percent(flow.conversion)}${flow.usual === null ? '' : ` (usual ${percent(flow.usual)})`}`,
    `wasted ${usd(flow.wasted)} of ${usd(flow.spend)}`,
    `${count(flow.refusedNumbers)} numbers refused`,
  ].join(', ')

/** px of the drawing */
const DOT = 6

/** The world in Equal Earth; countries with traffic lead to their ranges. */
export function WorldMap({
  flows,
  measure,
  describedBy,
}: {
  flows: readonly CountryFlow[]
  measure: Measure
  describedBy: string
}) {
  const [told, setTold] = useState<string | null>(null)
  const { step, legend, scale } = stepsOf(measure, flows)
  const byCode = new Map(flows.map((flow) => [flow.code, flow]))
  const land = world.countries.filter(({ code }) => !byCode.has(code))
  const lit = world.countries.filter(({ code }) => byCode.has(code))
  const flow = told === null ? undefined : byCode.get(told)
  return (
    <div className={classes.world} data-scale={scale}>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of links within a drawing, which has no fieldset */}
      <svg
        role="group"
        aria-label="World map"
        aria-describedby={describedBy}
        viewBox={`0 0 ${world.width} ${world.height}`}
        className={classes.map}
      >
        <path d={land.map(({ path }) => path).join('')} className={classes.land} />
        {lit.map(({ code, path, dot }) => (
          <Link
            key={code}
            href={`/ranges?level=country&key=${code}`}
            className={classes.country}
            aria-label={words(byCode.get(code) as CountryFlow)}
            data-step={step.get(code)}
            onMouseEnter={() => setTold(code)}
            onMouseLeave={() => setTold(null)}
            onFocus={() => setTold(code)}
            onBlur={() => setTold(null)}
          >
            {path !== '' && <path d={path} />}
            {dot !== null && <circle cx={dot[0]} cy={dot[1]} r={DOT} />}
          </Link>
        ))}
      </svg>
      <div className={classes.legend} aria-hidden="true">
        <span className={classes.told}>
          {flow === undefined ? 'Point at a country for its figures.' : words(flow)}
        </span>
        <span className={classes.steps}>
          {legend.map((from, at) => (
            <span key={from} className={classes.step} data-step={at}>
              {from}
            </span>
          ))}
        </span>
      </div>
    </div>
  )
}
