import { describe, expect, it } from 'vitest'
import { auditResult } from '../../../test/fakes/audit-result.js'
import { HEIGHT, pathOf, project, WIDTH } from './projection.js'
import { worldMap } from './world-map.js'

describe('the projection', () => {
  it('keeps areas: ten degrees are as large at 60 north as their share of the sphere', () => {
    const area = (south: number): number => {
      const corners = [
        [0, south],
        [10, south],
        [10, south + 10],
        [0, south + 10],
      ].map(project)
      return Math.abs(
        corners.reduce((sum, [x, y], i) => {
          const [nextX, nextY] = corners[(i + 1) % 4] ?? [0, 0]
          return sum + (x * nextY - nextX * y) / 2
        }, 0),
      )
    }
    const band = (south: number): number =>
      Math.sin(((south + 10) * Math.PI) / 180) - Math.sin((south * Math.PI) / 180)
    expect(area(60) / area(0)).toBeCloseTo(band(60) / band(0), 1)
  })

  it('puts the equator in the middle and nothing outside', () => {
    expect(project([0, 0])[0]).toBe(WIDTH / 2)
    const [, south] = project([0, -90])
    expect(south).toBeLessThanOrEqual(HEIGHT)
  })

  it('carries a country on across the date line', () => {
    const line = [
      [170, 60],
      [179, 65],
      [-179, 66],
      [-175, 62],
      [170, 60],
    ]
    const { path, centre } = pathOf({ type: 'Polygon', coordinates: [line] })
    expect(centre[0]).toBeGreaterThan(0.7 * WIDTH)
    const jumps = [...path.matchAll(/l(-?[\d.]+)/g)].map(([, x]) => Math.abs(Number(x)))
    expect(Math.max(...jumps)).toBeLessThan(0.1 * WIDTH)
  })
})

describe('the map', () => {
  it('colours the countries with fraud, marks the small ones, and passes over codes it does not know', async () => {
    const { countries } = auditResult()
    const [one] = countries
    if (one === undefined) throw new Error('no country')
    const { html } = await worldMap([...countries, { ...one, key: '+882', fraud: 5 }], 'words')
    const hit = countries.filter(({ fraud }) => fraud > 0).length
    expect(html.match(/fill="var\(--heat\d\)"/g)).toHaveLength(hit + 1)
    expect(html.match(/<circle/g)).toHaveLength(1)
    expect(html).toContain('aria-label="words"')
    expect(html.length).toBeLessThan(300_000)
  })
})
