import { editPolicy, type SettingPath, type SettingValue } from './edit.js'

/** Where a setting comes from. */
export interface FormOrigin {
  from: 'built-in' | 'defaults' | 'service'
  line: number | null
}

/** A block of the file as the form shows it: `defaults`, or a service. */
export interface FormScope {
  name: string
  /** where its own settings stand: `['services', 'signup']` */
  path: string[]
  /** what is in effect, in the file's words */
  settings: Record<string, unknown>
  /** by path below the block; lists as a whole */
  origins: Record<string, FormOrigin>
}

/** Where a setting of a block is written. The mode of all services stands at the top of the file. */
const settingPath = (scope: Pick<FormScope, 'name' | 'path'>, path: SettingPath): string[] =>
  scope.name === 'defaults' && path.length === 1 && path[0] === 'mode'
    ? ['mode']
    : [...scope.path, ...path]

export interface FieldState {
  /** what is in effect, in the file's words */
  value: unknown
  /** it is written in this very block */
  own: boolean
  /** where it comes from when it is not */
  from: string
}

const fromWords = (origin: FormOrigin | undefined): string => {
  if (origin === undefined || origin.from === 'built-in') return 'built in'
  return origin.from === 'defaults'
    ? `from all services, line ${origin.line}`
    : `line ${origin.line}`
}

const at = (value: unknown, path: SettingPath): unknown =>
  path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null
        ? (node as Record<string, unknown>)[key]
        : undefined,
    value,
  )

/** A setting as the form shows it: what the text says, and else what is in effect and why. */
export function fieldState(text: string, scope: FormScope, path: SettingPath): FieldState {
  const written = editPolicy(text)?.get(settingPath(scope, path))
  const key = path.join('.')
  // of a map that stands in several places each entry has an origin of its own
  const origin =
    scope.origins[key] ??
    Object.entries(scope.origins).find(([name]) => name.startsWith(`${key}.`))?.[1]
  return {
    value: written === undefined || written === null ? at(scope.settings, path) : written,
    own: written !== undefined && written !== null,
    from: fromWords(origin),
  }
}

/** The text with a setting changed; `null` where it must be done by hand. */
export function withSetting(
  text: string,
  scope: Pick<FormScope, 'name' | 'path'>,
  path: SettingPath,
  value: SettingValue | undefined,
): string | null {
  const edited = editPolicy(text)
  if (edited === null || !edited.set(settingPath(scope, path), value)) return null
  return edited.text()
}

export const asText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''
export const asTexts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
export const asRows = (value: unknown): Record<string, SettingValue>[] =>
  Array.isArray(value)
    ? value.filter((item) => typeof item === 'object' && item !== null && !Array.isArray(item))
    : []
export const asMap = (value: unknown): Record<string, string> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value).filter(
          (entry): entry is [string, string] => typeof entry[1] === 'string',
        ),
      )
    : {}

/** A whole number where it is one, else the text as it was typed: the check says what is wrong with it. */
export const numberOr = (text: string): SettingValue =>
  /^\d{1,12}$/.test(text.trim()) ? Number(text) : text.trim()
