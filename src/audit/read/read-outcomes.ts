import { createMessageLog, type MessageLog, OUTCOME } from '../message-log.js'
import { createDateOrders, type DateOrder } from './date-order.js'
import { findFiles } from './find-files.js'
import { joinOutcomes } from './join-outcomes.js'
import { LogError } from './log-error.js'
import { recogniseOutcomes } from './outcome-columns.js'
import { readFile } from './read-file.js'
import type { Reading } from './row-sink.js'
import { createSkips } from './skips.js'

/** More outcomes than messages are kept are not needed. */
const MOST_OUTCOMES = 40_000_000

/**
 * Reads a file of outcomes and writes them into the log. What it skips is counted under `outcomes_...`.
 *
 * @param path file or glob
 * @throws LogError where it cannot be understood, or meets not one message
 */
export async function readOutcomes(
  log: MessageLog,
  path: string,
  reading: Omit<Reading, 'dayFirst'>,
  dates?: DateOrder,
): Promise<void> {
  const outcomes = createMessageLog()
  const skips = createSkips()
  const { map: _, ...rest } = reading
  let listed = true
  const rows: Omit<Reading, 'dayFirst'> = {
    ...rest,
    skips,
    recognise(names) {
      const recognised = recogniseOutcomes(names)
      listed &&=
        recognised?.columns.outcome === undefined && recognised?.columns.verified === undefined
      return recognised
    },
    intake: {
      reserve: (rows) => outcomes.reserve(Math.min(rows, MOST_OUTCOMES)),
      take(row) {
        if (outcomes.size < MOST_OUTCOMES) outcomes.addHashed(row, row.id)
        return true
      },
      events: () => () => undefined,
    },
  }
  const paths = await findFiles([path], '--outcomes')
  const into = { ...rows, dateOrderOf: createDateOrders(rows, paths, dates) }
  for (const file of paths) {
    const counts = { rows: 0, bad: 0, examples: [] }
    await readFile(into, file, counts, () => undefined).catch((error: unknown) => {
      if (!(error instanceof LogError)) throw error
      throw new LogError(
        `--outcomes: ${error.message.split('\n').slice(0, 3).join('\n')}\nIt takes columns id, or to and at (the time of the verification); verified (true or false) where it lists all codes and not only those entered.`,
        { cause: error },
      )
    })
  }
  // a file without a word for the outcome lists what was verified
  if (listed) outcomes.columns.outcome.fill(OUTCOME.verified, 0, outcomes.size)
  const met = joinOutcomes(log, outcomes)
  if (met === 0)
    throw new LogError(
      `--outcomes ${path}: none of its ${outcomes.size} outcomes meets a message, neither by id nor by number within ten minutes after it; ${spans(log, outcomes)}; is it of other days, or in another time zone (--timezone)?`,
    )
  for (const { why, rows, examples } of skips.all())
    for (const [i, example] of examples.entries())
      reading.skips.note(
        `outcomes_${why}`,
        () => example,
        i === 0 ? Math.max(0, rows - examples.length + 1) : Math.min(1, rows),
      )
  if (met < outcomes.size)
    reading.skips.note(
      'outcomes_unmatched',
      () => `${path}: ${outcomes.size - met} of ${outcomes.size} outcomes meet no message`,
      outcomes.size - met,
    )
}

function spans(log: MessageLog, outcomes: MessageLog): string {
  const span = ({ columns, size }: MessageLog): string => {
    let from = Number.POSITIVE_INFINITY
    let to = Number.NEGATIVE_INFINITY
    for (let row = 0; row < size; row++) {
      const at = columns.at[row] as number
      if (at < from) from = at
      if (at > to) to = at
    }
    return to > 0 ? `${new Date(from).toISOString()} to ${new Date(to).toISOString()}` : 'no times'
  }
  return `messages are of ${span(log)}, outcomes of ${span(outcomes)}`
}
