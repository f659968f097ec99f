import { readFileSync } from 'node:fs'
import { Reader, type Response } from 'maxmind'
import type { AsnLookup, CountryLookup } from './databases.js'

/** Decoding a record costs more than finding it; a country database has some 250 of them, a city database millions. */
const RECORDS_KEPT = 10_000

/**
 * Countries by a user's own file of MaxMind, DB-IP or IPinfo.
 * @throws when the file cannot be read or is no such database
 */
export function openCountryDatabase(file: string): CountryLookup {
  const reader = open(file)
  return (_address, text) => {
    const record = object(reader.get(text))
    const codes = [object(record.country).iso_code, record.country_code, record.country]
    const code = codes.find((value) => typeof value === 'string')
    return typeof code === 'string' && /^[A-Z]{2}$/.test(code) ? code : null
  }
}

/**
 * Autonomous systems by a user's own file of MaxMind, DB-IP or IPinfo.
 * @throws when the file cannot be read or is no such database
 */
export function openAsnDatabase(file: string): AsnLookup {
  const reader = open(file)
  return (_address, text) => {
    const record = object(reader.get(text))
    const number = String(record.autonomous_system_number ?? record.asn ?? '')
    const asn = Number(number.replace(/^AS/, ''))
    if (!Number.isInteger(asn) || asn <= 0) return null
    const name = record.autonomous_system_organization ?? record.as_name ?? record.name
    return { asn, name: typeof name === 'string' ? name : '' }
  }
}

function open(file: string): Reader<Response> {
  try {
    const records = new Map<string | number, unknown>()
    return new Reader<Response>(readFileSync(file), {
      cache: {
        get: (at) => records.get(at),
        set: (at, record) => records.size < RECORDS_KEPT && records.set(at, record),
      },
    })
  } catch (cause) {
    throw new Error(
      `cannot read the address database ${file}: give an .mmdb file of countries or autonomous systems, such as MaxMind's, DB-IP's or IPinfo's`,
      { cause },
    )
  }
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
