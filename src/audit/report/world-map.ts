import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { GeometryCollection, Topology } from 'topojson-specification'
import type { PlaceFinding } from '../audit-result.js'
import { NUMERIC } from './country-codes.js'
import { type Html, html, NOTHING } from './html.js'
import { HEAT } from './palette.js'
import { HEIGHT, pathOf, WIDTH } from './projection.js'

type World = Topology<{ countries: GeometryCollection<{ name: string }> }>

const ANTARCTICA = '010'
/** A country whose largest piece has fewer units of the drawing than this is marked by a dot. */
const SMALL = 30
/** Upper edges of the five colours, as shares of the worst country. */
const EDGES = [0.01, 0.05, 0.2, 0.5]

/** The shapes of countries, and what joins them. @throws Error where the optional packages are not installed */
export async function loadWorld() {
  const require = createRequire(import.meta.url)
  try {
    const path = require.resolve('world-atlas/countries-50m.json')
    const world = JSON.parse(readFileSync(path, 'utf8')) as World
    return { world, topojson: await import('topojson-client') }
  } catch (cause) {
    throw new Error(
      'the map needs the optional packages world-atlas and topojson-client: npm install world-atlas topojson-client',
      { cause },
    )
  }
}

const nameOf = (properties: object | undefined): unknown =>
  properties !== undefined && 'name' in properties ? properties.name : undefined

const colourOf = (share: number): string =>
  `var(--${HEAT[EDGES.filter((edge) => share > edge).length] ?? HEAT[0]})`

/** Countries coloured by the fraud money that went there, drawn once and scaled to any width. */
export async function worldMap(countries: readonly PlaceFinding[], words: string): Promise<Html> {
  const { world, topojson } = await loadWorld()
  const { countries: shapes } = world.objects
  const geometries = shapes.geometries.filter(({ id }) => id !== ANTARCTICA)
  const land = topojson.merge(
    world,
    geometries.filter((g) => g.type === 'Polygon' || g.type === 'MultiPolygon') as Parameters<
      typeof topojson.merge
    >[1],
  )
  const borders = topojson.mesh(world, { ...shapes, geometries }, (a, b) => a !== b)
  const hit = countries.filter(({ fraud }) => fraud > 0)
  const worst = Math.max(0, ...hit.map(({ fraud }) => fraud))
  const marked = hit.map(({ key, fraud }) => {
    const numeric = NUMERIC.get(key)
    const shape = geometries.find(
      ({ id, properties }) => id === numeric || nameOf(properties) === numeric,
    )
    if (shape === undefined || numeric === undefined) return NOTHING
    const found = topojson.feature(world, shape)
    if (found.type !== 'Feature') return NOTHING
    const fill = colourOf(fraud / worst)
    const { path, size, centre } = pathOf(found.geometry)
    if (size >= SMALL) return html`<path d="${path}" fill="${fill}"/>`
    const [x, y] = centre
    return html`<path d="${path}" fill="${fill}"/><circle cx="${x}" cy="${y}" r="5" fill="${fill}" stroke="var(--card)"/>`
  })
  return html`<svg class="map" role="img" aria-label="${words}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<path d="${pathOf(land).path}" fill="var(--land)"/>
${marked}
<path d="${pathOf(borders).path}" fill="none" stroke="var(--card)" stroke-width=".6"/>
</svg>`
}
