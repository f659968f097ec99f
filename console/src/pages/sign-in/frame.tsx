import { type ReactNode, useEffect } from 'react'
import icon from '../../icon.svg'
import classes from './frame.module.css'

/** The one card of a page for somebody who is not signed in. */
export function Frame({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Tollgate`
  }, [title])
  return (
    <main className={classes.page}>
      <div className={classes.frame}>
        <p className={classes.brand}>
          <img src={icon} width={24} height={24} alt="" />
          Tollgate
        </p>
        <div className={classes.card}>
          <h1 className={classes.h1}>{title}</h1>
          {children}
        </div>
      </div>
    </main>
  )
}

export const Text = ({ children }: { children: ReactNode }) => (
  <p className={classes.text}>{children}</p>
)

/** Something the person has to know before they go on; told aloud when it comes. */
export const Note = ({ tone, children }: { tone?: 'bad' | 'warn'; children: ReactNode }) => (
  <p
    className={classes.note}
    role={tone === 'bad' ? 'alert' : 'status'}
    {...(tone && { 'data-tone': tone })}
  >
    {children}
  </p>
)
