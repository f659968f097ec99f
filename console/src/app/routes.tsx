import { Suspense } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { PageTitle } from '../kit/layout'
import { Empty, Loading } from '../kit/states'
import { ErrorBoundary } from './error-boundary'
import { PAGES } from './pages'

export function Routes() {
  const [path] = useLocation()
  return (
    <ErrorBoundary of={path}>
      <Suspense fallback={<Loading lines={6} />}>
        <Switch>
          {PAGES.map(([pattern, Page]) => (
            <Route key={pattern} path={pattern}>
              <Page />
            </Route>
          ))}
          <Route path="/settings">
            <Redirect to="/settings/services" replace />
          </Route>
          <Route path="/sign-in">
            <Redirect to="/" replace />
          </Route>
          <Route>
            <PageTitle title="There is no such page" />
            <Empty title="Nothing is kept under this address">
              Check the address, or go on from the navigation.
            </Empty>
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  )
}
