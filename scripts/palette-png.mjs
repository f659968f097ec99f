/** PNG pictures with at most 256 colours: of screens, which are flat, a third of the size and no difference to see. */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const COLOURS = 256

/** @param {Buffer} png 8 bits a channel, RGB or RGBA, not interlaced: as Chromium makes them */
export function palettePng(png) {
  const { width, height, pixels } = decode(png)
  const counts = new Map()
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const palette = paletteOf([...counts])
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]))
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rows[y * (width + 1) + 1 + x] = places.get(pixels[y * width + x])
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channels))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const channels = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]

/** @param {[number, number][]} counted colours and how many pixels have each */
function paletteOf(counted) {
  // median cut (Heckbert, 1982): the box with most pixels times width is halved where its pixels are
  let boxes = [boxOf(counted)]
  while (boxes.length < COLOURS) {
    const widest = boxes.reduce((a, b) => (b.worth > a.worth ? b : a))
    if (widest.worth === 0) break
    const { of, channel, pixels } = widest
    const sorted = of.toSorted(([a], [b]) => channels(a)[channel] - channels(b)[channel])
    let at = 0
    for (let left = pixels / 2; left > 0 && at < sorted.length - 1; at++) left -= sorted[at][1]
    boxes = boxes.filter((box) => box !== widest)
    boxes.push(boxOf(sorted.slice(0, at)), boxOf(sorted.slice(at)))
  }
  // the commonest colour of a box stands for it: flat areas keep theirs exactly
  return boxes.map(({ of }) => of.reduce((a, b) => (b[1] > a[1] ? b : a))[0])
}

function boxOf(of) {
  const spans = [0, 1, 2].map((channel) => {
    let low = 255
    let high = 0
    for (const [colour] of of) {
      const value = channels(colour)[channel]
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
    return high - low
  })
  const span = Math.max(...spans)
  const pixels = of.reduce((sum, [, count]) => sum + count, 0)
  return { of, pixels, channel: spans.indexOf(span), worth: span * Math.log2(1 + pixels) }
}

function nearest(palette, colour) {
  const [r, g, b] = channels(colour)
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < palette.length; i++) {
    const [R, G, B] = channels(palette[i])
    const distance = (r - R) ** 2 + (g - G) ** 2 + (b - B) ** 2
    if (distance < least) {
      least = distance
      best = i
    }
  }
  return best
}

function decode(png) {
  let width = 0
  let height = 0
  let bytes = 0
  const data = []
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + length)
    if (type === 'IHDR') {
      width = body.readUInt32BE(0)
      height = body.readUInt32BE(4)
      bytes = { 2: 3, 6: 4 }[body[9]]
      if (body[8] !== 8 || bytes === undefined || body[12] !== 0)
        throw new Error('a PNG of a kind that is not read here')
    } else if (type === 'IDAT') data.push(body)
    at += length + 12
  }
  const raw = inflateSync(Buffer.concat(data))
  const stride = width * bytes
  const pixels = new Uint32Array(width * height)
  let before = Buffer.alloc(stride)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]
    const row = Buffer.from(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)))
    for (let i = 0; i < stride; i++) {
      const left = i < bytes ? 0 : row[i - bytes]
      const above = before[i]
      const corner = i < bytes ? 0 : before[i - bytes]
      row[i] += predicted(filter, left, above, corner)
    }
    for (let x = 0; x < width; x++) {
      const i = x * bytes
      pixels[y * width + x] = (row[i] << 16) | (row[i + 1] << 8) | row[i + 2]
    }
    before = row
  }
  return { width, height, pixels }
}

/** Filters of PNG, section 9 of its specification. */
function predicted(filter, left, above, corner) {
  if (filter === 1) return left
  if (filter === 2) return above
  if (filter === 3) return (left + above) >> 1
  if (filter !== 4) return 0
  const p = left + above - corner
  const [a, b, c] = [Math.abs(p - left), Math.abs(p - above), Math.abs(p - corner)]
  return a <= b && a <= c ? left : b <= c ? above : corner
}

function chunk(type, body) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
