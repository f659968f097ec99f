import type { Geometry, Position } from 'geojson'

/** Units of the drawing. */
export const WIDTH = 1_000
/** The map ends where people do: from here south there is ice. */
const SOUTH = -58

const A1 = 1.340264
const A2 = -0.081106
const A3 = 0.000893
const A4 = 0.003796
const M = Math.sqrt(3) / 2
const RADIANS = Math.PI / 180

/**
 * Equal Earth: areas keep their size (Savric, Patterson, Jenny 2018, https://doi.org/10.1080/13658816.2018.1504949), so
 * that a country does not look dearer for lying far north.
 * @returns x and y, the sphere being 2 * 2.7066 wide
 */
function equalEarth(longitude: number, latitude: number): [number, number] {
  const theta = Math.asin(M * Math.sin(latitude * RADIANS))
  const t2 = theta * theta
  const t6 = t2 * t2 * t2
  const slope = A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2)
  const x = (longitude * RADIANS * Math.cos(theta)) / (M * slope)
  return [x, theta * (A1 + A2 * t2 + t6 * (A3 + A4 * t2))]
}

const [HALF_WIDTH] = equalEarth(180, 0)
const [, NORTH] = equalEarth(0, 84)
const SCALE = WIDTH / (2 * HALF_WIDTH)
export const HEIGHT = Math.ceil((NORTH - equalEarth(0, SOUTH)[1]) * SCALE)

/** Longitude and latitude to the drawing, in half units: finer cannot be seen. */
export function project([longitude = 0, latitude = 0]: Position): [number, number] {
  const [x, y] = equalEarth(longitude, Math.max(SOUTH, latitude))
  return [half((x + HALF_WIDTH) * SCALE), half((NORTH - y) * SCALE)]
}

const half = (value: number): number => Math.round(2 * value) / 2

/** Islands of fewer square units are less than a dot. */
const LEAST = 1

interface Drawn {
  path: string
  /** of the largest piece, in square units */
  size: number
  /** of the largest piece */
  centre: [number, number]
}

function linesOf(geometry: Geometry): { lines: Position[][]; closed: boolean } {
  switch (geometry.type) {
    case 'Polygon':
      return { lines: geometry.coordinates, closed: true }
    case 'MultiPolygon':
      return { lines: geometry.coordinates.flat(), closed: true }
    case 'MultiLineString':
      return { lines: geometry.coordinates, closed: false }
    default:
      return { lines: [], closed: false }
  }
}

/**
 * The map's shapes cross the date line in one jump. Here a line goes on beyond it instead, so that the far east of Russia
 * stays with the rest of it.
 */
function unwrapped(line: readonly Position[]): Position[] {
  let turns = 0
  let before = line[0]?.[0] ?? 0
  let sum = 0
  const found = line.map(([longitude = 0, latitude = 0]): [number, number] => {
    if (longitude - before > 180) turns -= 360
    else if (before - longitude > 180) turns += 360
    before = longitude
    sum += longitude + turns
    return [longitude + turns, latitude]
  })
  const shift = 360 * Math.round(sum / Math.max(1, line.length) / 360)
  return shift === 0 ? found : found.map(([x, y]) => [x - shift, y])
}

/** A shape as a path of relative moves; points that fall on the one before are left out. */
export function pathOf(geometry: Geometry): Drawn {
  const { lines, closed } = linesOf(geometry)
  let path = ''
  let size = 0
  let centre: [number, number] = [0, 0]
  for (const wrapped of lines) {
    const line = unwrapped(wrapped)
    let [lastX, lastY] = project(line[0] ?? [0, 0])
    let moves = ''
    let [left, right, top, bottom] = [lastX, lastX, lastY, lastY]
    const start = `M${lastX} ${lastY}`
    for (const point of line.slice(1)) {
      const [x, y] = project(point)
      if (x === lastX && y === lastY) continue
      moves += `l${x - lastX} ${y - lastY}`
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
      lastX = x
      lastY = y
    }
    const area = (right - left) * (bottom - top)
    if (area >= size) {
      size = area
      centre = [(left + right) / 2, (top + bottom) / 2]
    }
    const seen = closed ? area >= LEAST : moves !== ''
    if (seen) path += `${start}${moves}${closed ? 'z' : ''}`
  }
  return { path, size, centre }
}
