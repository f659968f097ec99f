import { useMemo } from 'react'
import type { DifferenceView } from '../../../../src/http/console/policy-view'
import { type DiffLine, diffLines } from '../../../../src/policy/line-diff'
import { Empty, Mono } from '../../kit'
import classes from './policy.module.css'

/** Lines around a change that are shown with it. */
const AROUND = 2

type Shown = DiffLine & { key: string }

/** Changed lines with a few around them; `null` stands for lines left out. */
function near(lines: readonly DiffLine[]): (Shown | null)[] {
  const kept = lines.map((_, at) =>
    lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== 'same'),
  )
  const shown: (Shown | null)[] = []
  for (const [at, line] of lines.entries()) {
    if (kept[at]) shown.push({ ...line, key: `${line.kind}${line.line}` })
    else if (shown.length > 0 && shown.at(-1) !== null) shown.push(null)
  }
  if (shown.at(-1) === null) shown.pop()
  return shown
}

const MARK = { same: ' ', added: '+', removed: '−' }
const WORD = { same: '', added: 'added: ', removed: 'removed: ' }

/** What changes in the text. */
export function TextDiff({ before, after }: { before: string; after: string }) {
  const lines = useMemo(() => near(diffLines(before, after)), [before, after])
  if (lines.length === 0) return <p className={classes.fieldAbout}>The texts are alike.</p>
  return (
    <pre className={classes.diff}>
      {lines.map((line, at) =>
        line === null ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a gap has no identity but its place
          <div key={at} className={classes.gap}>
            ⋯
          </div>
        ) : (
          <div key={line.key} className={classes.line} data-kind={line.kind}>
            <span className={classes.number}>{line.line}</span>
            <span aria-hidden>{MARK[line.kind]} </span>
            <span className={classes.hidden}>{WORD[line.kind]}</span>
            <bdi>{line.text}</bdi>
          </div>
        ),
      )}
    </pre>
  )
}

/** What changes in effect, defaults included. */
export function Differences({ of }: { of: readonly DifferenceView[] }) {
  if (of.length === 0)
    return (
      <Empty title="Nothing changes in effect">
        Comments and spelling may differ; every setting comes to the same.
      </Empty>
    )
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label="Settings that change">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Now</th>
            <th scope="col">Then</th>
          </tr>
        </thead>
        <tbody>
          {of.map(({ path, before, after }) => (
            <tr key={path}>
              <td>
                <Mono>{path}</Mono>
              </td>
              <td className={classes.was}>
                <bdi>{before ?? '–'}</bdi>
              </td>
              <td>
                <bdi>{after ?? '–'}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
