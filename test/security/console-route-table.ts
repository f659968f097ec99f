import type { App } from '../../src/http/wiring.js'

export interface TableRoute {
  method: string
  /** with its parameters: `/v1/console/users/:id` */
  path: string
}

/** Every route of the app that begins so, out of its own table: a new one cannot be forgotten. */
export function routesUnder(app: App, prefix: string): TableRoute[] {
  const found: TableRoute[] = []
  const above: string[] = []
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const branch = /^([│ ]*)[├└]── (.+?)(?: \(([A-Z, ]+)\))?$/.exec(line)
    if (branch === null) continue
    const [, indent = '', part = '', methods] = branch
    const depth = indent.length / 4
    above[depth] = part
    const path = above
      .slice(0, depth + 1)
      .join('')
      .replace(/^\/+/, '/')
    const whole = path.startsWith('/') ? path : `/${path}`
    for (const method of methods?.split(', ') ?? [])
      if (whole.startsWith(prefix)) found.push({ method, path: whole })
  }
  return found
}

/** An address that the route answers, whatever its parameters have to be. */
export const addressOf = ({ path }: TableRoute): string => path.replace(/:[A-Za-z]+/g, 'x')

export const isReading = ({ method }: TableRoute): boolean => method === 'GET'
