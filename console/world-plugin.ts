import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import type { Plugin } from 'vite'
import { NUMERIC } from '../src/audit/report/country-codes.js'
import { HEIGHT, pathOf, WIDTH } from '../src/audit/report/projection.js'

type World = Topology<{ countries: GeometryCollection<{ name: string }> }>

const ID = 'virtual:world'
const ANTARCTICA = '010'
/** A country whose largest piece has fewer square units of the drawing than this is marked by a dot. */
const SMALL = 30

/** What the module `virtual:world` has. */
export interface WorldShapes {
  width: number
  height: number
  countries: { code: string; path: string; dot: [x: number, y: number] | null }[]
}

/**
 * The world as paths of the drawing, made at build time: coarse shapes, and dots for countries that are too small for
 * them. The browser gets neither an atlas nor the code that reads one.
 */
export function drawWorld(): WorldShapes {
  const require = createRequire(import.meta.url)
  const read = (detail: '110m' | '50m') => {
    const file = require.resolve(`world-atlas/countries-${detail}.json`)
    const world = JSON.parse(readFileSync(file, 'utf8')) as World
    const { features } = feature(world, world.objects.countries)
    // ids are numeric codes; Kosovo has none and is told by its name
    return new Map(
      features
        .filter(({ id }) => id !== ANTARCTICA)
        .map(({ id, properties, geometry }) => [String(id ?? properties.name), pathOf(geometry)]),
    )
  }
  const coarse = read('110m')
  const fine = read('50m')
  const alpha2 = new Map([...NUMERIC].map(([code, numeric]) => [numeric, code]))
  const countries = [...new Set([...coarse.keys(), ...fine.keys()])].flatMap((numeric) => {
    const drawn = coarse.get(numeric)
    const { size, centre } = fine.get(numeric) ?? drawn ?? { size: 0, centre: null }
    const path = drawn?.path ?? ''
    const dot = path === '' || size < SMALL ? centre : null
    return path === '' && dot === null ? [] : [{ code: alpha2.get(numeric) ?? '', path, dot }]
  })
  return { width: WIDTH, height: HEIGHT, countries }
}

export const world = (): Plugin => ({
  name: 'world',
  resolveId: (id) => (id === ID ? `\0${ID}` : null),
  load: (id) => (id === `\0${ID}` ? `export const world = ${JSON.stringify(drawWorld())}` : null),
})
