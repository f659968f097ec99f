import {
  ActionIcon,
  Button,
  MultiSelect,
  NativeSelect,
  SegmentedControl,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { type ComponentType, useMemo, useState } from 'react'
import type { SettingValue } from '../../../../src/policy/edit'
import { asMap, asRows, asText, asTexts, numberOr } from '../../../../src/policy/form'
import { countryName } from '../../kit'
import type { FieldProps } from './field'
import classes from './policy.module.css'

type Props = FieldProps & { id: string; label: string }
type Control = ComponentType<Props>

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** Codes that have a name: what the reader's browser knows of countries. */
function countries(): { value: string; label: string }[] {
  const found: { value: string; label: string }[] = []
  for (const a of LETTERS)
    for (const b of LETTERS) {
      const code = a + b
      const name = countryName(code)
      if (name !== code && !/^(EU|EZ|UN|ZZ|QO)$/.test(code) && !/pseudo|unknown/i.test(name))
        found.push({ value: code, label: `${name} (${code})` })
    }
  return found.sort((x, y) => x.label.localeCompare(y.label))
}
const useCountries = () => useMemo(countries, [])

/** One of a few. */
export const Choice =
  (options: readonly (readonly [string, string])[]): Control =>
  ({ id, label, state, readOnly, set }) => (
    <SegmentedControl
      id={id}
      aria-label={label}
      fullWidth
      size="xs"
      disabled={readOnly}
      data={options.map(([value, text]) => ({ value, label: text }))}
      value={asText(state.value)}
      onChange={set}
    />
  )

/** A value in words, written when the field is left. */
function Typed({
  id,
  label,
  value,
  placeholder,
  readOnly,
  onDone,
}: {
  id?: string
  label: string
  value: string
  placeholder?: string
  readOnly: boolean
  onDone: (text: string) => void
}) {
  const [typed, setTyped] = useState<string | null>(null)
  const done = (): void => {
    if (typed !== null && typed.trim() !== value) onDone(typed.trim())
    setTyped(null)
  }
  return (
    <TextInput
      {...(id === undefined ? { 'aria-label': label } : { id })}
      size="xs"
      readOnly={readOnly}
      {...(placeholder !== undefined && { placeholder })}
      value={typed ?? value}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === 'Enter') done()
      }}
    />
  )
}

export const Words =
  (placeholder: string, number = false): Control =>
  ({ id, label, state, readOnly, set }) => (
    <Typed
      id={id}
      label={label}
      value={asText(state.value)}
      placeholder={placeholder}
      readOnly={readOnly}
      onDone={(text) => set(text === '' ? undefined : number ? numberOr(text) : text)}
    />
  )

export const Countries: Control = ({ id, label, state, readOnly, set }) => (
  <MultiSelect
    id={id}
    aria-label={label}
    size="xs"
    searchable
    clearable
    classNames={{ inputField: classes.picker ?? '' }}
    hidePickedOptions
    limit={100}
    readOnly={readOnly}
    data={useCountries()}
    value={asTexts(state.value)}
    placeholder={asTexts(state.value).length === 0 ? 'none: nowhere is abroad' : ''}
    onChange={set}
  />
)

const PERMISSIONS = [
  ['challenge', 'Challenge first'],
  ['hold', 'Hold for review'],
  ['deny', 'Deny'],
  ['allow', 'Allow as at home'],
] as const

/** Permissions of single countries, by what they are. */
export const Permissions: Control = ({ id, state, readOnly, set }) => {
  const data = useCountries()
  const map = asMap(state.value)
  return (
    <div className={classes.permissions}>
      {PERMISSIONS.map(([permission, words], i) => (
        <MultiSelect
          key={permission}
          {...(i === 0 && { id })}
          aria-label={words}
          leftSection={<span className={classes.permission}>{words}</span>}
          leftSectionWidth={116}
          leftSectionPointerEvents="none"
          size="xs"
          searchable
          classNames={{ inputField: classes.picker ?? '' }}
          hidePickedOptions
          limit={100}
          readOnly={readOnly}
          data={data}
          value={Object.keys(map).filter((code) => map[code] === permission)}
          onChange={(codes) => {
            const next: Record<string, string> = {}
            for (const [code, was] of Object.entries(map))
              if (was !== permission && !codes.includes(code)) next[code] = was
            for (const code of codes) next[code] = permission
            set(next)
          }}
        />
      ))}
    </div>
  )
}

/** Entries of a list, one a line. */
export const EntryLines: Control = ({ id, state, readOnly, set }) => {
  const value = asTexts(state.value).join('\n')
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <Textarea
      id={id}
      size="xs"
      autosize
      minRows={1}
      maxRows={8}
      readOnly={readOnly}
      spellCheck={false}
      value={typed ?? value}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => {
        if (typed !== null && typed !== value)
          set(
            typed
              .split('\n')
              .map((line) => line.trim())
              .filter((line) => line !== ''),
          )
        setTyped(null)
      }}
    />
  )
}

export interface RowColumn {
  key: string
  label: string
  /** one of these */
  of?: readonly string[]
  number?: boolean
  /** may be left empty */
  optional?: boolean
}

/** A list of blocks as a small table. */
export const Rows =
  (columns: readonly RowColumn[], fresh: Record<string, SettingValue>): Control =>
  ({ id, label, state, readOnly, set }) => {
    const rows = asRows(state.value)
    const put = (at: number, key: string, value: SettingValue | undefined): void =>
      set(
        rows.map((row, i) => {
          if (i !== at) return row
          const { [key]: _, ...rest } = row
          return value === undefined ? rest : { ...row, [key]: value }
        }),
      )
    return (
      <fieldset className={classes.rows} id={id} aria-label={label}>
        {rows.length === 0 && <p className={classes.none}>none</p>}
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity but their place
          <div key={at} className={classes.row}>
            {columns.map(({ key, label: name, of, number, optional }) =>
              of !== undefined ? (
                <NativeSelect
                  key={key}
                  size="xs"
                  aria-label={`${name}, ${label} ${at + 1}`}
                  disabled={readOnly}
                  data={of.includes(asText(row[key])) ? [...of] : [asText(row[key]), ...of]}
                  value={asText(row[key])}
                  onChange={(event) => put(at, key, event.currentTarget.value)}
                />
              ) : (
                <Typed
                  key={key}
                  label={`${name}, ${label} ${at + 1}`}
                  value={asText(row[key])}
                  placeholder={name.toLowerCase()}
                  readOnly={readOnly}
                  onDone={(text) =>
                    put(
                      at,
                      key,
                      text === '' && optional ? undefined : number ? numberOr(text) : text,
                    )
                  }
                />
              ),
            )}
            {!readOnly && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="md"
                aria-label={`Remove ${label.toLowerCase()} ${at + 1}`}
                onClick={() => set(rows.filter((_, i) => i !== at))}
              >
                <IconX size={14} aria-hidden />
              </ActionIcon>
            )}
          </div>
        ))}
        {!readOnly && (
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<IconPlus size={12} aria-hidden />}
            onClick={() => set([...rows, fresh])}
          >
            Add
          </Button>
        )}
      </fieldset>
    )
  }
