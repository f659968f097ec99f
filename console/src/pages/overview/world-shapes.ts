import type { Geometry, Position } from 'geojson'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import atlas from 'world-atlas/countries-110m.json'
import { NUMERIC } from '../../../../src/audit/report/country-codes'
import { registerMap } from '../../kit/chart-engine'

const ANTARCTICA = '010'

/** Shapes of the countries (Natural Earth 1:110 m, public domain), named by their alpha-2 codes. */
export function registerWorld(): void {
  const topology = atlas as unknown as Topology<{
    countries: GeometryCollection<{ name: string }>
  }>
  const byNumeric = new Map([...NUMERIC].map(([alpha2, numeric]) => [numeric, alpha2]))
  const { features } = feature(topology, topology.objects.countries)
  const named = features
    .filter(({ id }) => id !== ANTARCTICA)
    .map((shape) => {
      const { name } = shape.properties
      return {
        ...shape,
        geometry: unwrapped(shape.geometry),
        properties: { name: byNumeric.get(String(shape.id)) ?? byNumeric.get(name) ?? name },
      }
    })
  registerMap('world', { type: 'FeatureCollection', features: named } as never)
}

/** A shape over the date line goes on behind it, instead of once around the world. */
function unwrapped(geometry: Geometry): Geometry {
  const ring = (points: Position[]): Position[] => {
    const crosses = points.some(
      ([x = 0], at) => Math.abs(x - (points[Math.max(0, at - 1)]?.[0] ?? x)) > 180,
    )
    return crosses ? points.map(([x = 0, ...rest]) => [x < 0 ? x + 360 : x, ...rest]) : points
  }
  if (geometry.type === 'Polygon')
    return { ...geometry, coordinates: geometry.coordinates.map(ring) }
  if (geometry.type === 'MultiPolygon')
    return { ...geometry, coordinates: geometry.coordinates.map((rings) => rings.map(ring)) }
  return geometry
}
