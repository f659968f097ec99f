import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { request } from '../api/request'
import { Failed } from '../kit/states'
import { hasKept } from '../kit/use-kept'

/** How browsers and the loader of a page's styles say that a file did not come. */
const MISSING =
  /dynamically imported module|Importing a module script failed|Unable to preload CSS/i
export const isMissing = ({ message }: Error): boolean => MISSING.test(message)

const AGAIN_MS = 5_000

/** In this tab, by the name of the first file: every build has another one. */
const mark = (): string =>
  `tollgate-reloaded ${document.querySelector('script[type=module]')?.getAttribute('src')}`

/** Each build once, also where a balancer leads to one and then the other; and never over what a person has written. */
const reloads = (): boolean => !hasKept() && sessionStorage.getItem(mark()) === null

/**
 * A page whose files did not come. Whether for a gateway that is away or one that was updated, browsers do not say, and they
 * may remember that a file was missing: the page is loaded anew, by itself once, as soon as the gateway answers.
 */
export function FilesMissing() {
  const gateway = useQuery({
    queryKey: ['files'],
    queryFn: ({ signal }) => request('hello', { signal }),
    retry: false,
    gcTime: 0,
    refetchInterval: AGAIN_MS,
  })
  const { isSuccess, error } = gateway
  useEffect(() => {
    if (!isSuccess || !reloads()) return
    sessionStorage.setItem(mark(), 'yes')
    location.reload()
  }, [isSuccess])
  const tryAgain = async (): Promise<void> => {
    if ((await gateway.refetch()).isSuccess) location.reload()
  }
  const words =
    error === null
      ? 'Its files did not come: the gateway was updated, or a proxy does not pass them on. It has to be loaded anew.'
      : 'Its files did not come, for the gateway does not answer. It is asked again until it does.'
  return <Failed error={new Error(words)} retry={() => void tryAgain()} />
}
