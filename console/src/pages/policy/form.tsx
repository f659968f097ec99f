import { Select } from '@mantine/core'
import { useState } from 'react'
import type { ScopeView } from '../../../../src/http/console/policy-view'
import type { SettingPath, SettingValue } from '../../../../src/policy/edit'
import { fieldState, withSetting } from '../../../../src/policy/form'
import { Empty } from '../../kit'
import { Field, type FieldProps } from './field'
import { FIELDS } from './form-fields'
import classes from './policy.module.css'
import type { DraftState } from './use-draft'

/** The settings that are used most. Whatever it sets is written into the text, and what the text says is what it shows. */
export function Form({ draft, readOnly }: { draft: DraftState; readOnly: boolean }) {
  const [name, setName] = useState<string | null>(null)
  const [stuck, setStuck] = useState<string | null>(null)
  const scopes = draft.valid?.scopes ?? []
  const scope = scopes.find((one) => one.name === name) ?? scopes[1] ?? scopes[0]
  if (scope === undefined)
    return (
      <Empty title="There is nothing to show yet">
        Mend what is marked in the text; the form follows.
      </Empty>
    )
  const errors = draft.check?.ok === false ? draft.check.errors : []
  const set = (path: SettingPath, value: SettingValue | undefined): void => {
    const next = withSetting(draft.text, scope, path, value)
    setStuck(
      next === null
        ? 'This setting cannot be changed from here: the text has errors, or shares the value with another place. Change it in the text.'
        : null,
    )
    if (next !== null) draft.edit(next)
  }
  const propsOf = (path: SettingPath): FieldProps => ({
    state: fieldState(draft.text, scope, path),
    readOnly,
    problem: problemOf(errors, scope, path),
    set: (value) => set(path, value),
  })
  return (
    <div className={classes.form}>
      <Select
        label="Settings of"
        data={scopes.map((one) => ({ value: one.name, label: scopeLabel(one) }))}
        value={scope.name}
        allowDeselect={false}
        onChange={setName}
      />
      {stuck !== null && (
        <p className={classes.stuck} role="alert">
          {stuck}
        </p>
      )}
      {FIELDS.map(({ path, label, about, control: Control }) => (
        <Field
          key={`${scope.name}.${path.join('.')}`}
          label={label}
          about={about}
          {...propsOf(path)}
        >
          {(id) => <Control id={id} label={label} {...propsOf(path)} />}
        </Field>
      ))}
    </div>
  )
}

const scopeLabel = ({ name }: ScopeView): string => (name === 'defaults' ? 'all services' : name)

function problemOf(
  errors: readonly { path: string; message: string; hint: string }[],
  { path: scope }: ScopeView,
  path: SettingPath,
): string | null {
  const full = [...scope, ...path].join('.')
  const found = errors.find(
    (error) =>
      error.path === full || error.path.startsWith(`${full}.`) || error.path.startsWith(`${full}[`),
  )
  return found === undefined ? null : `${found.message}: ${found.hint}`
}
