import type { Buffer } from 'node:buffer'
import { conventionsOf, noteConventions } from './conventions.js'
import type { TextSink } from './csv-file.js'
import { createFieldWriter } from './fields.js'
import { expand, isObject, type JsonObject, pathsOf, valueAt } from './json-paths.js'
import { createJsonSplitter, LISTS } from './json-splitter.js'
import { layoutOf } from './layout.js'
import { createLineSplitter } from './line-splitter.js'
import { maskedText } from './masked-text.js'
import { createRowSink, type FileCounts, type Reading, type RowSink } from './row-sink.js'
import { unknownLog } from './unknown-log.js'

/** Records looked at before the first is read. */
const SAMPLE = 500

/** Reads NDJSON, or one JSON document with an array of records. @throws LogError where the columns cannot be told */
export function createJsonFile(
  reading: Reading,
  file: string,
  counts: FileCounts,
  head: Buffer,
): TextSink {
  // a list of CloudWatch events; elsewhere the events of a record are none
  const lists = head.includes('"ingestionTime"') ? new Set([...LISTS, 'events']) : LISTS
  let held: { record: JsonObject; where: string }[] | null = []
  let take: ((record: JsonObject, where: string) => void) | null = null
  let close = (): void => undefined
  let records = 0
  const sink = { format: '', push, end }

  function json(text: string, where: string): void {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      value = null
    }
    if (!isObject(value)) {
      broken(where, text)
      return
    }
    for (const record of recordsIn(value, lists)) {
      if (take !== null) take(record, where)
      else {
        held?.push({ record, where })
        if ((held?.length ?? 0) >= SAMPLE) start()
      }
    }
  }

  function broken(where: string, text: string): void {
    const example = (): string =>
      `${file}${where}: no JSON object: ${maskedText(text).slice(0, 60)}`
    reading.skips.note('bad_json', example)
    counts.bad++
    if (counts.examples.length < 3) counts.examples.push(example())
  }

  function start(): void {
    const sample = held ?? []
    held = null
    if (sample.length === 0) return
    const opened = openRecords(
      reading,
      file,
      counts,
      sample.map(({ record }) => record),
    )
    sink.format = opened.format
    take = opened.take
    close = opened.close
    for (const { record, where } of sample) take(record, where)
  }

  const lines = areLines(head)
  const splitter = lines
    ? createLineSplitter((text, line) => {
        // the time that CloudWatch's export puts before each line
        const open = text.indexOf('{')
        if (text.trim() !== '') json(open > 0 ? text.slice(open) : text, `:${line}`)
      })
    : createJsonSplitter(
        lists,
        (text) => json(text, ` record ${++records}`),
        () => broken(` record ${records + 1}`, 'larger than 16 MB'),
      )

  function push(chunk: Buffer): void {
    splitter.push(chunk)
  }

  function end(cut: boolean): void {
    const whole = splitter.end(cut)
    start()
    close()
    if (!whole && !cut)
      reading.skips.note('truncated', () => `${file}: ends in the middle of a record`)
  }
  return sink
}

/** One object a line, perhaps behind a time: whether the first line holds a whole one. */
export function areLines(head: Buffer): boolean {
  const text = head.toString('utf8')
  const first = text.trimStart().split('\n', 1)[0] ?? ''
  const open = first.indexOf('{')
  if (open === -1 || first.trimStart().startsWith('[')) return false
  try {
    return isObject(JSON.parse(first.slice(open)))
  } catch {
    // a document over several lines begins like this; so does a first line that is broken before whole ones
    const second = text.trimStart().split('\n', 2)[1]
    return second?.startsWith('{') === true && first.length > 2
  }
}

/** A page of an API holds its records in a list; CloudWatch holds them as text. */
function recordsIn(value: JsonObject, lists: ReadonlySet<string>): JsonObject[] {
  for (const key of lists) {
    const list = value[key]
    if (Array.isArray(list) && isObject(list[0])) return list.filter(isObject).map(unwrapped)
  }
  return [unwrapped(value)]
}

/** `message` of CloudWatch's events, `@message` of its Logs Insights, which are told apart by no other name. */
function unwrapped(record: JsonObject): JsonObject {
  const message = record['@message'] ?? record.message
  if (isObject(message)) return '@message' in record ? message : record
  if (typeof message !== 'string' || !message.startsWith('{')) return record
  try {
    const inner: unknown = JSON.parse(message)
    return isObject(inner) ? inner : record
  } catch {
    // the text of a message that happens to begin with a brace
    return record
  }
}

function openRecords(
  reading: Reading,
  file: string,
  counts: FileCounts,
  sample: readonly JsonObject[],
): { format: string; take: (record: JsonObject, where: string) => void; close: () => void } {
  const paths = new Set<string>()
  for (const record of sample) pathsOf(record, paths)
  const names = [...paths]
  const recognised = layoutOf(names, file, reading.map, reading.recognise)
  const rowOf = (record: JsonObject): string[] =>
    names.map((name) => {
      const value = valueAt(record, name.split('.'))
      return value === null || value === undefined ? '' : String(value)
    })
  if (recognised === null)
    throw unknownLog(file, names, sample.slice(0, 100).map(rowOf), 'JSON records')
  const { format, columns } = recognised
  // only what is read is written out
  const wanted = [...new Set(Object.values(columns).flat())].map((place) => ({
    place,
    keys: (names[place] ?? '').split('.'),
  }))
  const each = format.each === undefined ? null : eachKeys(names, format.each)
  const conventions = conventionsOf(sample.slice(0, SAMPLE).map(rowOf), columns)
  noteConventions(reading, file, format, conventions)
  const sink: RowSink = createRowSink(reading, file, counts, {
    format,
    columns,
    conventions,
    names,
  })
  const { fields, begin, set } = createFieldWriter(names.length)
  const one = (record: JsonObject, where: string): void => {
    begin()
    for (const { place, keys } of wanted) set(place, valueAt(record, keys))
    const refused = sink.row(fields, () => where)
    if (refused !== null) sink.refuseRow(refused, fields, where)
  }
  return {
    format: format.name,
    close: sink.close,
    take: (record, where) => {
      if (each === null) one(record, where)
      else for (const entry of expand(record, each)) one(entry, where)
    },
  }
}

/** The keys of a format's array as this file spells them. */
function eachKeys(names: readonly string[], each: string): string[] {
  const path = names.find((name) => name.toLowerCase().startsWith(`${each}.`)) ?? each
  return path.split('.').slice(0, each.split('.').length)
}
