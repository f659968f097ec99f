import { yaml } from '@codemirror/lang-yaml'
import { type Diagnostic, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState } from '@codemirror/state'
import { oneDark } from '@codemirror/theme-one-dark'
import { EditorView } from '@codemirror/view'
import { useComputedColorScheme } from '@mantine/core'
import { basicSetup } from 'codemirror'
import { useEffect, useRef } from 'react'
import type { PolicyProblemView } from '../../../../src/http/console/policy-view'
import { styleNonce } from '../../theme/style-nonce'

interface EditorProps {
  text: string
  /** the version that the text began from: nothing is undone beyond the time when it became another one */
  base: number
  problems: readonly PolicyProblemView[]
  readOnly: boolean
  /** line to bring into view; a new object each time it is asked for */
  goTo: { line: number } | null
  onChange: (text: string) => void
}

const look = EditorView.theme({
  // oneDark's comments are a little too faint on a card
  '&': {
    backgroundColor: 'var(--tg-page)',
    color: 'var(--tg-ink)',
    fontSize: '0.8125rem',
    height: '100%',
  },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.25rem' },
  '.cm-gutters': {
    backgroundColor: 'var(--tg-sunk)',
    color: 'var(--tg-soft)',
    borderRight: '1px solid var(--tg-line)',
  },
  '&.cm-focused': { outline: '2px solid var(--tg-accent)', outlineOffset: '-2px' },
})

function diagnosticsOf(state: EditorState, problems: readonly PolicyProblemView[]): Diagnostic[] {
  return problems.map(({ line, column, path, message, hint }) => {
    const at = state.doc.line(Math.min(Math.max(1, line), state.doc.lines))
    const from = Math.min(at.from + column - 1, at.to)
    return {
      from,
      to: Math.max(from, at.to),
      severity: 'error' as const,
      message: `${path === '' ? '' : `${path}: `}${message}\n${hint}`,
    }
  })
}

/** The policy as text: the gateway's own words on what is wrong stand where it is wrong. */
export function Editor({ text, base, problems, readOnly, goTo, onChange }: EditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const changed = useRef(onChange)
  changed.current = onChange
  const parts = useRef({ theme: new Compartment(), lock: new Compartment() })
  const began = useRef({ text, base })
  const stateOf = useRef((doc: string, before?: EditorState): EditorState => {
    const { theme, lock } = parts.current
    return EditorState.create({
      doc,
      selection: { anchor: Math.min(before?.selection.main.head ?? 0, doc.length) },
      extensions: [
        basicSetup,
        yaml(),
        EditorView.cspNonce.of(styleNonce),
        EditorView.contentAttributes.of({
          ...{ 'aria-label': 'Policy as YAML', spellcheck: 'false', tabindex: '0' },
        }),
        lock.of(before === undefined ? [] : (lock.get(before) ?? [])),
        look,
        theme.of(before === undefined ? [] : (theme.get(before) ?? [])),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed.current(update.state.doc.toString())
        }),
      ],
    })
  })
  const scheme = useComputedColorScheme('light')

  useEffect(() => {
    const parent = host.current
    if (parent === null) return
    const made = new EditorView({ parent, state: stateOf.current(began.current.text) })
    view.current = made
    return () => {
      view.current = null
      made.destroy()
    }
  }, [])

  useEffect(() => {
    view.current?.dispatch({
      effects: parts.current.theme.reconfigure(scheme === 'dark' ? oneDark : []),
    })
    // its colours are put on by script, after those of the page: so that one can see when they are
    host.current?.setAttribute('data-scheme', scheme)
  }, [scheme])

  useEffect(() => {
    view.current?.dispatch({
      effects: parts.current.lock.reconfigure([
        EditorState.readOnly.of(readOnly),
        EditorView.editable.of(!readOnly),
      ]),
    })
  }, [readOnly])

  // what the form changed: only the part that differs, so that cursor and history stay
  useEffect(() => {
    const editor = view.current
    if (editor === null) return
    if (began.current.base !== base) {
      // undone on another version, a text would take back without a word what that one changed
      began.current.base = base
      editor.setState(stateOf.current(text, editor.state))
      return
    }
    const there = editor.state.doc.toString()
    if (there === text) return
    let from = 0
    while (from < there.length && from < text.length && there[from] === text[from]) from++
    let end = 0
    while (
      end < there.length - from &&
      end < text.length - from &&
      there.at(-1 - end) === text.at(-1 - end)
    )
      end++
    editor.dispatch({
      changes: { from, to: there.length - end, insert: text.slice(from, text.length - end) },
    })
  }, [text, base])

  useEffect(() => {
    const editor = view.current
    if (editor === null) return
    editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor.state, problems)))
  }, [problems])

  useEffect(() => {
    const editor = view.current
    if (editor === null || goTo === null) return
    const line = editor.state.doc.line(Math.min(goTo.line, editor.state.doc.lines))
    editor.dispatch({
      selection: { anchor: line.from },
      effects: EditorView.scrollIntoView(line.from, { y: 'center' }),
    })
    editor.focus()
  }, [goTo])

  return <div ref={host} style={{ height: '100%' }} />
}
