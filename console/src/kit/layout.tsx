import { type ReactNode, useEffect, useId } from 'react'
import classes from './layout.module.css'

interface Titled {
  title: string
  /** one plain sentence */
  about?: ReactNode
  /** buttons and switches, at the end of the line */
  actions?: ReactNode
}

/** The heading of a page, and the title of its tab. */
export function PageTitle({ title, about, actions }: Titled) {
  useEffect(() => {
    document.title = `${title} · Tollgate`
  }, [title])
  return (
    <header className={classes.page}>
      <div className={classes.words}>
        <h1 className={classes.h1}>{title}</h1>
        {about !== undefined && <p className={classes.about}>{about}</p>}
      </div>
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </header>
  )
}

/** A card with a heading. `flush`: its content reaches the edges, as a table does. It has the focus when what had it in there is gone. */
export function Section({
  title,
  about,
  actions,
  flush = false,
  children,
}: Titled & { flush?: boolean; children: ReactNode }) {
  const id = useId()
  return (
    <section className={classes.card} aria-labelledby={id} tabIndex={-1}>
      <header className={classes.head}>
        <div className={classes.words}>
          <h2 className={classes.h2} id={id}>
            {title}
          </h2>
          {about !== undefined && <p className={classes.about}>{about}</p>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  )
}

/** Sections below each other, 16 px apart. */
export const Column = ({ children }: { children: ReactNode }) => (
  <div className={classes.column}>{children}</div>
)

/** Cards beside each other, as many as are at least `min` px wide. */
export const Columns = ({ min = 320, children }: { min?: number; children: ReactNode }) => (
  <div
    className={classes.columns}
    style={{ gridTemplateColumns: `repeat(auto-fit, minmax(min(100%, ${min}px), 1fr))` }}
  >
    {children}
  </div>
)

/** Names and what they are, in pairs. */
export const Facts = ({ of }: { of: readonly (readonly [name: string, value: ReactNode])[] }) => (
  <dl className={classes.facts}>
    {of.map(([name, value]) => (
      <div key={name} className={classes.fact}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)
