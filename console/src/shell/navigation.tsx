import { Link, useLocation } from 'wouter'
import type { StatusView } from '../../../src/http/console/hello-view'
import classes from './navigation.module.css'
import { PLACES } from './places'

const isAt = (path: string, to: string): boolean =>
  to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`)

/** All pages, in groups. */
export function Navigation({ status, onGo }: { status: StatusView | undefined; onGo: () => void }) {
  const [path] = useLocation()
  return (
    <nav aria-label="Pages" className={classes.nav}>
      {PLACES.map(({ group, places }) => (
        <div key={group} className={classes.group}>
          <p className={classes.name} aria-hidden>
            {group}
          </p>
          <ul aria-label={group}>
            {places.map(({ to, name, icon: Icon, count, counted, tone }) => {
              const number = status === undefined ? 0 : (count?.(status) ?? 0)
              return (
                <li key={to}>
                  <Link
                    href={to}
                    className={classes.link}
                    onClick={onGo}
                    {...(isAt(path, to) && { 'aria-current': 'page' as const })}
                  >
                    <Icon size={18} aria-hidden />
                    <span>{name}</span>
                    {number > 0 && (
                      <span className={classes.count} data-tone={tone}>
                        {number}
                        <span className={classes.hidden}> {counted}</span>
                      </span>
                    )}
                  </Link>
                </li>
              )
            })}
          </ul>
        </div>
      ))}
    </nav>
  )
}
