import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Failed } from '../kit/states'
import { hasKept } from '../kit/use-kept'

/** How browsers and the loader of a page's styles say that a file did not come. */
const MISSING =
  /dynamically imported module|Importing a module script failed|Unable to preload CSS/i
export const isMissing = ({ message }: Error): boolean => MISSING.test(message)

const AGAIN_MS = 5_000

/** Whether the page would come if it were loaded anew: else it would be an empty one. @throws Error when it would not */
async function pageComes({ signal }: { signal: AbortSignal }): Promise<true> {
  const options = { signal, cache: 'no-store' } as const
  const page = await fetch('/', { ...options, headers: { accept: 'text/html' } })
  const [, first] = /<script[^>]* src="([^"]+)"/.exec(await page.text()) ?? []
  if (first === undefined || !(await fetch(first, options)).ok)
    throw new Error('The page has no first file')
  return true
}

/** In this tab, by the name of the first file: every build has another one. */
const mark = (): string =>
  `tollgate-reloaded ${document.querySelector('script[type=module]')?.getAttribute('src')}`

/** Each build once, also where a balancer leads to one and then the other; and never over what a person has written. */
const reloads = (): boolean => !hasKept() && sessionStorage.getItem(mark()) === null

/**
 * A page whose files did not come. Whether for a gateway that is away or one that was updated, browsers do not say, and they
 * may remember that a file was missing: the page is loaded anew, by itself once, as soon as it would come.
 */
export function FilesMissing() {
  const gateway = useQuery({
    queryKey: ['files'],
    queryFn: pageComes,
    retry: false,
    gcTime: 0,
    refetchInterval: AGAIN_MS,
  })
  const { isSuccess } = gateway
  useEffect(() => {
    if (!isSuccess || !reloads()) return
    sessionStorage.setItem(mark(), 'yes')
    location.reload()
  }, [isSuccess])
  const tryAgain = async (): Promise<void> => {
    if ((await gateway.refetch()).isSuccess) location.reload()
  }
  const words =
    'Its files did not come: the gateway does not answer, or was updated meanwhile. It has to be loaded anew.'
  return <Failed error={new Error(words)} retry={() => void tryAgain()} />
}
