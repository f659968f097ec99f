import { type ReactNode, useId } from 'react'
import type { SettingValue } from '../../../../src/policy/edit'
import type { FieldState } from '../../../../src/policy/form'
import classes from './policy.module.css'

export interface FieldProps {
  state: FieldState
  readOnly: boolean
  /** what the gateway says is wrong with it */
  problem: string | null
  /** `undefined`: inherit it again */
  set: (value: SettingValue | undefined) => void
}

/** One setting: its name, its control, and where its value comes from. */
export function Field({
  label,
  about,
  state,
  readOnly,
  problem,
  set,
  children,
}: FieldProps & { label: string; about: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className={classes.field} data-own={state.own || undefined}>
      <div className={classes.fieldHead}>
        <label htmlFor={id}>{label}</label>
        {state.own ? (
          !readOnly && (
            <button type="button" className={classes.inherit} onClick={() => set(undefined)}>
              inherit<span className={classes.hidden}> {label} again</span>
            </button>
          )
        ) : (
          <span className={classes.from}>{state.from}</span>
        )}
      </div>
      {children(id)}
      {problem === null ? (
        <p className={classes.fieldAbout}>{about}</p>
      ) : (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
