import { Type } from '@sinclair/typebox'

/** `meta` of a list. */
export const Meta = Type.Object({
  key: Type.String(),
  page: Type.Integer(),
  page_size: Type.Integer(),
  first_page_url: Type.String(),
  previous_page_url: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  url: Type.String(),
  next_page_url: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
})

/** Entries of a page that is asked for. */
export const pageSize = ({ PageSize }: { PageSize?: string | undefined }): number =>
  Math.min(1000, Number(PageSize ?? 50))

interface PageOptions {
  key: string
  /** origin and path of the list */
  base: string
  query: Record<string, string | undefined>
  /** token of the next page; `null` on the last one */
  next: string | null
}

/**
 * Pages follow a token. There is no way back by token, so `previous_page_url` is always null; clients keep what they
 * have read.
 */
export function meta({ key, base, query, next }: PageOptions) {
  const page = Number(query.Page ?? 0)
  const size = pageSize(query)
  const { PageToken: token, Page: _, PageSize: __, ...filters } = query
  const url = (number: number, at: string | null | undefined) => {
    const params = new URLSearchParams()
    for (const [name, value] of Object.entries(filters))
      if (value !== undefined) params.set(name, value)
    params.set('PageSize', String(size))
    params.set('Page', String(number))
    if (at != null) params.set('PageToken', at)
    return `${base}?${params}`
  }
  return {
    key,
    page,
    page_size: size,
    first_page_url: url(0, null),
    previous_page_url: null,
    url: url(page, token),
    next_page_url: next === null ? null : url(page + 1, next),
  }
}
