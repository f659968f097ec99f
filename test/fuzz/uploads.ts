import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { torn } from './damage.js'
import { logFiles, wholeLogs } from './logs.js'
import { oddText, wellFormed } from './odd.js'

const BOUNDARY = 'fuzz-7q'
const NAMES = ['i.csv', 'i.csv.gz', 'i.ndjson', 'i.json.gz', 'i', '../../x.csv']

function form(file: Buffer, { name, field }: { name: string; field: string }): Buffer {
  const quoted = wellFormed(name).replace(/[\r\n"]/g, '_')
  const disposition = `form-data; name="${field}"; filename="${quoted}"`
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: ${disposition}\r\n\r\n`),
    file,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ])
}

/** A file as a form of a browser sends it, whole or not. */
export function multipartOf(odd: boolean): fc.Arbitrary<{ type: string; body: Buffer }> {
  const type = `multipart/form-data; boundary=${BOUNDARY}`
  if (!odd)
    return wholeLogs.map((file) => ({ type, body: form(file, { name: 'i.csv', field: 'file' }) }))
  const sent = fc
    .record({
      file: logFiles,
      packed: fc.boolean(),
      name: fc.oneof(
        fc.constantFrom(...NAMES),
        oddText.map((text) => text.slice(0, 400)),
      ),
      field: fc.constantFrom('file', 'file', '', '__proto__'),
    })
    .map(({ file, packed, ...head }) => form(packed ? gzipSync(file) : file, head))
  const types = fc.constantFrom(type, type, type, type, 'multipart/form-data', `${type}x`)
  return fc
    .tuple(types, fc.oneof({ weight: 3, arbitrary: sent }, { weight: 1, arbitrary: torn(sent, 2) }))
    .map(([type, body]) => ({ type, body }))
}
