import { type ComponentType, lazy } from 'react'

type Load = () => Promise<{ Page: ComponentType }>
const page = (load: Load) => lazy(async () => ({ default: (await load()).Page }))

export const SignIn = page(() => import('../pages/sign-in/page'))

const LOADS: readonly (readonly [path: string, load: Load])[] = [
  ['/', () => import('../pages/overview/page')],
  ['/incidents', () => import('../pages/incidents/page')],
  ['/incidents/:id', () => import('../pages/incidents/one-page')],
  ['/ranges', () => import('../pages/ranges/page')],
  ['/sources', () => import('../pages/sources/page')],
  ['/decisions', () => import('../pages/decisions/page')],
  ['/decisions/:id', () => import('../pages/decisions/one-page')],
  ['/review', () => import('../pages/review/page')],
  ['/policy', () => import('../pages/policy/page')],
  ['/money', () => import('../pages/money/page')],
  ['/reports', () => import('../pages/reports/page')],
  ['/reports/:id', () => import('../pages/reports/one-page')],
  ['/lists', () => import('../pages/lists/page')],
  ['/checklist', () => import('../pages/checklist/page')],
  ['/settings/:tab', () => import('../pages/settings/page')],
]

/** Every page by its path; each is loaded when somebody goes there. */
export const PAGES: readonly (readonly [path: string, component: ComponentType])[] = LOADS.map(
  ([path, load]) => [path, page(load)],
)

/** Begins to load the page of a path while it is still asked who is there. */
export function preload(path: string): void {
  const [, first = '', second = ''] = path.split('/')
  const wanted = `/${first}${second === '' ? '' : '/:'}`
  // what cannot be loaded fails where it is shown, with a button to try again
  LOADS.find(
    ([pattern]) => pattern.startsWith(wanted) && pattern.includes(':') === (second !== ''),
  )?.[1]().catch(() => undefined)
}
