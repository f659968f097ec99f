import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import { ipKeyOfText, subnetOf } from '../../network/ip-key.js'
import type { DecisionSearch, Found } from '../console-port.js'
import type { Dialect, SourceColumn } from '../dialect.js'
import type { Numbers } from '../numbers.js'
import type { Database } from '../schema.js'
import { requests } from '../tables.js'
import { edgeOf, type NumberedRequest, newestFirst, olderIn, readNumbered } from './requests.js'
import { sectionOf } from './sections.js'

/** Rows that one page looks at, whether or not they are what is searched: some 50 ms. */
const EXAMINED = 20_000
/** Rows read at a time of those that an index names. */
const CHUNK = 500

type Requests = SelectQueryBuilder<Database, 'requests', object>

/** Newest first. By number or source through their indexes, else back in time. */
export async function search(
  db: Kysely<Database>,
  wanted: DecisionSearch,
  numbers: Numbers,
  dialect: Dialect,
): Promise<Found> {
  const named = namedBy(wanted, numbers)
  return named === null ? backInTime(db, wanted, dialect) : amongNamed(db, wanted, named, dialect)
}

/** The rarest of what is asked for: a number has a handful of requests. */
function namedBy(
  { number, deviceId, accountId, ip }: DecisionSearch,
  numbers: Numbers,
): { column: SourceColumn; value: string } | null {
  if (number !== undefined) return { column: 'number', value: numbers.numberKey(number) }
  if (deviceId !== undefined) return { column: 'deviceId', value: deviceId }
  if (accountId !== undefined) return { column: 'accountId', value: accountId }
  if (ip !== undefined && !ip.includes('/')) return { column: 'ip', value: ip }
  return null
}

async function amongNamed(
  db: Kysely<Database>,
  wanted: DecisionSearch,
  { column, value }: { column: SourceColumn; value: string },
  dialect: Dialect,
): Promise<Found> {
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = wanted
  const { rows: named } = await dialect.seqsOf(column, value, wanted, EXAMINED).execute(db)
  const seqs = named.map(({ seq }) => seq).sort((a, b) => b - a)
  const cut = named.length === EXAMINED
  // sections come newest first, the rows of one in any order: only the last one can be there in part
  const whole = cut ? seqs.filter((seq) => sectionOf(seq) !== sectionOf(seqs.at(-1) ?? 0)) : seqs
  const rows: NumberedRequest[] = []
  for (let i = 0; i < whole.length; i += CHUNK) {
    const stored = await matching(db.selectFrom('requests'), wanted, dialect)
      .select(['seq', ...requests.columns])
      .where(dialect.among(column, value, whole.slice(i, i + CHUNK)))
      .where('at', '>=', from)
      .where('at', '<=', to)
      .orderBy('seq', 'desc')
      .limit(wanted.limit - rows.length)
      .execute()
    rows.push(...stored.map(readNumbered))
    if (rows.length >= wanted.limit) return page(rows, wanted, rows.at(-1))
  }
  if (!cut) return page(rows, wanted, undefined)
  const edge = await db
    .selectFrom('requests')
    .select(['seq', 'at'])
    .where('seq', '=', whole.at(-1) ?? 0)
    .executeTakeFirst()
  return page(rows, wanted, edge)
}

/** @param edge the last row looked at, when there may be more behind it */
function page(
  rows: NumberedRequest[],
  { ip }: DecisionSearch,
  edge: { seq: number; at: number } | undefined,
): Found {
  return {
    rows:
      ip?.endsWith('/64') === true
        ? rows.filter((row) => row.ip !== null && ipKeyOfText(row.ip) === ip)
        : rows,
    next: edge?.seq ?? null,
    searchedTo: edge?.at ?? null,
  }
}

async function backInTime(
  db: Kysely<Database>,
  wanted: DecisionSearch,
  dialect: Dialect,
): Promise<Found> {
  const { from, to, limit } = wanted
  const older = await olderIn(db, wanted)
  const made = dialect.madeWithin(sql.ref('id'), from, to)
  const within = (query: Requests) => (made === null ? query : query.where(made))
  const edge = await edgeOf(older(within(db.selectFrom('requests'))), EXAMINED)
  const query = older(
    within(matching(db.selectFrom('requests'), wanted, dialect)).select([
      'seq',
      ...requests.columns,
    ]),
    edge,
  )
  const rows = (await newestFirst(query).limit(limit).execute()).map(readNumbered)
  return page(rows, wanted, rows.length >= limit ? rows.at(-1) : edge)
}

function matching(query: Requests, wanted: DecisionSearch, dialect: Dialect): Requests {
  const { service, ip, deviceId, accountId, country, range, asn, verdict, reason } = wanted
  let q = query
  if (service !== undefined) q = q.where('service', '=', service)
  if (deviceId !== undefined) q = q.where('deviceId', '=', deviceId)
  if (accountId !== undefined) q = q.where('accountId', '=', accountId)
  if (ip !== undefined)
    q = ip.includes('/') ? q.where('subnet', '=', subnetOf(ip)) : q.where('ip', '=', ip)
  if (country !== undefined) q = q.where('country', '=', country)
  // no network has another number; a database would call it a fault instead of finding nothing
  if (asn !== undefined) q = q.where('asn', '=', Number.isSafeInteger(asn) ? asn : -1)
  if (verdict !== undefined) q = q.where('verdict', '=', verdict)
  if (reason !== undefined) q = q.where(dialect.contains('reasons', `"code":"${reason}"`))
  if (range !== undefined)
    // the block is in clear where the number is not
    q = q.where((eb) =>
      eb.or(
        (wanted.blocksOnly ? (['block'] as const) : (['block', 'number'] as const)).map((column) =>
          eb(eb.fn<string>('substr', [column, eb.lit(1), eb.lit(range.length)]), '=', range),
        ),
      ),
    )
  return q
}
