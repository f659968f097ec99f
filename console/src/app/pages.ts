import { type ComponentType, lazy } from 'react'

type Load = () => Promise<{ Page: ComponentType }>
const page = (load: Load) => lazy(async () => ({ default: (await load()).Page }))

export const SignIn = page(() => import('../pages/sign-in/page'))

/** Every page by its path; each is loaded when somebody goes there. */
export const PAGES: readonly (readonly [path: string, component: ComponentType])[] = [
  ['/', page(() => import('../pages/overview/page'))],
  ['/incidents', page(() => import('../pages/incidents/page'))],
  ['/incidents/:id', page(() => import('../pages/incidents/one-page'))],
  ['/ranges', page(() => import('../pages/ranges/page'))],
  ['/sources', page(() => import('../pages/sources/page'))],
  ['/decisions', page(() => import('../pages/decisions/page'))],
  ['/decisions/:id', page(() => import('../pages/decisions/one-page'))],
  ['/review', page(() => import('../pages/review/page'))],
  ['/policy', page(() => import('../pages/policy/page'))],
  ['/money', page(() => import('../pages/money/page'))],
  ['/reports', page(() => import('../pages/reports/page'))],
  ['/reports/:id', page(() => import('../pages/reports/one-page'))],
  ['/lists', page(() => import('../pages/lists/page'))],
  ['/checklist', page(() => import('../pages/checklist/page'))],
  ['/settings/:tab', page(() => import('../pages/settings/page'))],
]
