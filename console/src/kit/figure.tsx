import type { ReactNode } from 'react'
import type { Tone } from './badges'
import classes from './figure.module.css'

/** One number that matters, with what it is and what it stands against. Goes into `Figures`. */
export const Figure = ({
  label,
  value,
  about,
  tone,
}: {
  label: string
  value: ReactNode
  /** what it is compared with, e.g. "bound USD 120 a day" */
  about?: ReactNode
  tone?: Tone
}) => (
  <div className={classes.figure}>
    <dt className={classes.label}>{label}</dt>
    <dd className={classes.value} {...(tone !== undefined && { 'data-tone': tone })}>
      {value}
    </dd>
    {about !== undefined && <dd className={classes.about}>{about}</dd>}
  </div>
)

/** Numbers side by side, in one card. */
export const Figures = ({ children }: { children: ReactNode }) => (
  <dl className={classes.figures}>{children}</dl>
)
