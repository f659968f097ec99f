import { Burger } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { StatusView } from '../../../src/http/console/hello-view'
import icon from '../icon.svg'
import { useApi } from '../kit/use-api'
import { Banners } from './banners'
import { Connection } from './connection'
import { Navigation } from './navigation'
import classes from './shell.module.css'
import { useFocusKept } from './use-focus-kept'
import { UserMenu } from './user-menu'

/** What is around every page. */
export function Shell({ children }: { children: ReactNode }) {
  const [asked, setOpen] = useState(false)
  const narrow = useMediaQuery('(max-width: 62em)')
  const open = asked && narrow
  const [path] = useLocation()
  const { data: status } = useApi<StatusView>('status')

  const main = useRef<HTMLElement>(null)
  const burger = useRef<HTMLButtonElement>(null)
  const before = useRef(path)
  useFocusKept()

  // a page begins at its top, and is read from there; not the first, which begins at the address bar
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    window.scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [path])
  useEffect(() => {
    if (!open) return
    const close = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      setOpen(false)
      burger.current?.focus()
    }
    document.addEventListener('keydown', close)
    return () => document.removeEventListener('keydown', close)
  }, [open])

  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        Skip to the page
      </a>
      <header className={classes.top}>
        <Burger
          ref={burger}
          className={classes.burger}
          opened={open}
          onClick={() => setOpen(!open)}
          size="sm"
          aria-label={open ? 'Close the navigation' : 'Open the navigation'}
          aria-expanded={open}
          aria-controls="navigation"
        />
        <Link href="/" className={classes.brand}>
          <img src={icon} alt="" width={24} height={24} />
          Tollgate
        </Link>
        <div className={classes.right}>
          <Connection />
          <UserMenu />
        </div>
      </header>
      <aside id="navigation" className={classes.side} data-open={open}>
        <div className={classes.stay}>
          <Navigation status={status} onGo={() => setOpen(false)} />
        </div>
      </aside>
      {/* behind the open navigation nothing can be seen, and nothing is reached */}
      <div className={classes.middle} inert={open}>
        <Banners status={status} />
        <main id="main" ref={main} tabIndex={-1} className={classes.main}>
          {children}
        </main>
      </div>
    </div>
  )
}
