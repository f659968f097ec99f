import { Suspense, useEffect } from 'react'
import { Redirect, useLocation, useSearch } from 'wouter'
import { askHello, useHello } from '../api/hello'
import { queryClient } from '../api/query-client'
import { onProveAgain, onSignedOut } from '../api/request'
import { Failed, Loading } from '../kit/states'
import { openStream } from '../live/stream'
import { Shell } from '../shell/shell'
import { ErrorBoundary } from './error-boundary'
import { SignIn } from './pages'
import { safePath, signInPath } from './return-path'
import { Routes } from './routes'

onSignedOut(() => void askHello())
onProveAgain(async () => {
  const { signInAgain } = await import('../pages/sign-in/passkey')
  return signInAgain()
})

/** Whoever is signed in comes to the pages, whoever is not to the sign-in page and from there back to the path asked for. */
export function Entrance() {
  const hello = useHello()
  const [path] = useLocation()
  const search = useSearch()
  const { data } = hello
  const user = data?.user?.id
  const version = data?.version

  useEffect(() => {
    if (user === undefined || version === undefined) return
    return openStream(version)
  }, [user, version])
  // answers that one person read are not for the next
  useEffect(() => {
    if (user === undefined) return
    return () => queryClient.removeQueries({ queryKey: ['api'] })
  }, [user])

  if (data === undefined)
    return hello.error ? (
      <Failed error={hello.error} retry={() => void hello.refetch()} />
    ) : (
      <Loading lines={6} />
    )
  const signingIn = path === '/sign-in'
  // a one-time link; it ends with recovery codes, shown to who is signed in by then
  const throughLink = path === '/sign-in/setup'
  if (user === undefined && !signingIn && !throughLink) {
    const asked = `${path}${search === '' ? '' : `?${search}`}`
    return <Redirect to={signInPath(asked)} replace />
  }
  if (user === undefined || throughLink)
    return (
      <ErrorBoundary of="sign-in">
        <Suspense fallback={<Loading lines={6} />}>
          <SignIn />
        </Suspense>
      </ErrorBoundary>
    )
  if (signingIn) return <Redirect to={safePath(new URLSearchParams(search).get('to'))} replace />
  return (
    <Shell>
      <Routes />
    </Shell>
  )
}
