/** One setting of a proposed policy. */
export interface Proposed {
  /** as `policy explain` names it: `defaults.markets`, `spendCaps` */
  path: string
  /** as it is written in the file; entries of a list stand on lines of their own */
  value: string | readonly { value: string; because?: string }[]
  because: string
}

const WIDTH = 110

/** A sentence as comment lines at an indentation. */
function comment(text: string, indent: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').split(/ +/)) {
    if (line !== '' && indent.length + line.length + word.length + 3 > WIDTH) {
      lines.push(line)
      line = ''
    }
    line += line === '' ? word : ` ${word}`
  }
  return [...lines, line].map((part) => `${indent}# ${part}`)
}

/**
 * A policy file with its reasons as comments. Settings come in the order of the file, those of one block together.
 * @param heading above everything, one comment a line
 */
export function policyText(heading: readonly string[], settings: readonly Proposed[]): string {
  const lines = heading.flatMap((sentence) => comment(sentence, ''))
  lines.push('version: 1')
  let open: string[] = []
  for (const { path, value, because } of settings) {
    const keys = path.split('.')
    const blocks = keys.slice(0, -1)
    const shared = blocks.findIndex((key, i) => open[i] !== key)
    const from = shared === -1 ? blocks.length : shared
    for (let depth = from; depth < blocks.length; depth++)
      lines.push(`${'  '.repeat(depth)}${blocks[depth]}:`)
    open = blocks
    const indent = '  '.repeat(blocks.length)
    lines.push(...comment(because, indent))
    const key = keys.at(-1) ?? ''
    if (typeof value === 'string') {
      lines.push(`${indent}${key}: ${value}`)
      continue
    }
    lines.push(`${indent}${key}:`)
    for (const entry of value)
      lines.push(
        `${indent}  - ${entry.value}${entry.because === undefined ? '' : ` # ${entry.because}`}`,
      )
  }
  return `${lines.join('\n')}\n`
}
