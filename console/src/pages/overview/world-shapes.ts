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
        properties: { name: byNumeric.get(String(shape.id)) ?? byNumeric.get(name) ?? name },
      }
    })
  registerMap('world', { type: 'FeatureCollection', features: named } as never)
}
