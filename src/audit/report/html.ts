import { escaped } from '../../lab/timeline-html.js'

/** Markup that was written here or has been escaped. Whatever a log holds comes in as text and only as text. */
export interface Html {
  readonly html: string
}

type Part = string | number | Html | readonly Html[] | null

/** A figure and its percent sign stay on one line. */
const unbroken = (text: string): string => text.replace(/(\d) %/g, '$1\u00a0%')

const isList = (part: Part): part is readonly Html[] => Array.isArray(part)

function markup(part: Part): string {
  if (part === null) return ''
  if (isList(part)) return part.map(({ html }) => html).join('\n')
  return typeof part === 'object' && 'html' in part ? part.html : unbroken(escaped(String(part)))
}

/** Template whose values are escaped, in text and in attributes between double quotes; `null` is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  let text = unbroken(strings[0] ?? '')
  for (const [i, value] of values.entries()) text += markup(value) + unbroken(strings[i + 1] ?? '')
  return { html: text }
}

/** Markup from our own drawing code. */
export const raw = (markup: string): Html => ({ html: markup })

export const NOTHING: Html = { html: '' }
