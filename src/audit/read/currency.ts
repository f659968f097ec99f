import type { MessageLog } from '../message-log.js'
import type { Total } from './intake.js'
import type { Skips } from './skips.js'

/**
 * Keeps the messages of one currency: the one asked for, else that of most priced messages. Those without one are taken
 * to be in it. Amounts of several currencies cannot be added up.
 */
export function keepOneCurrency(
  log: MessageLog,
  totals: ReadonlyMap<string, Total>,
  wanted: string | undefined,
  skips: Skips,
): Total {
  const named = [...totals].filter(([currency]) => currency !== '')
  const [most] = named.sort(
    ([, a], [, b]) => b.rows - b.unpriced - (a.rows - a.unpriced) || b.rows - a.rows,
  )
  const main = wanted?.toUpperCase() ?? most?.[0] ?? ''
  log.billedIn = main
  for (const [currency, { rows, micro }] of named) {
    // all of them may have been duplicates
    if (currency === main || rows === 0) continue
    skips.note(
      'other_currency',
      () =>
        `${rows} messages are billed in ${currency} (${(micro / 1e6).toFixed(2)}) and the log is in ${main}; audit them alone with --currency ${currency}`,
      rows,
    )
  }
  const place = log.currencies.indexOf(main)
  if (named.some(([currency]) => currency !== main))
    log.retain((row) => {
      const currency = log.columns.currency[row]
      return currency === 0 || currency === place
    })
  const kept: Total = { rows: 0, micro: 0, unpriced: 0 }
  for (const [currency, total] of totals) {
    if (currency !== main && currency !== '') continue
    kept.rows += total.rows
    kept.micro += total.micro
    kept.unpriced += total.unpriced
  }
  return kept
}
