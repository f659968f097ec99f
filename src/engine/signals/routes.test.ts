import { expect, it } from 'vitest'
import { DAY } from '../units.js'
import { createRoutes, shrunkRoute } from './routes.js'

const T0 = Date.UTC(2026, 10, 16)

it('a pair of countries earns its way by verifying, and loses it by time', () => {
  const routes = createRoutes()
  routes.observe('GB', 'NG', 'lost', T0)
  expect(routes.read('GB', 'NG', T0)).toBeNull()
  expect(routes.size()).toBe(0)
  const trust: number[] = []
  for (let i = 0; i < 40; i++) {
    routes.observe('GB', 'NG', 'verified', T0)
    const { verified = 0, lost = 0 } = routes.read('GB', 'NG', T0) ?? {}
    trust.push(shrunkRoute(verified, lost))
  }
  expect(trust[0]).toBeLessThan(0.2)
  expect(trust.at(-1)).toBeGreaterThan(0.8)
  expect([...trust].sort((a, b) => a - b)).toEqual(trust)
  for (let i = 0; i < 40; i++) routes.observe('GB', 'NG', 'lost', T0)
  expect(routes.read('GB', 'NG', T0)).toEqual({ verified: 40, lost: 40 })
  expect(routes.read('GB', 'NG', T0 + 30 * DAY)).toEqual({ verified: 20, lost: 20 })
  expect(routes.read('NG', 'GB', T0)).toBeNull()
  expect(routes.read('NG', 'NG', T0)).toBeNull()
})

it('what strangers ask for does not push earned routes out', () => {
  const routes = createRoutes({ capacity: 3 })
  for (let i = 0; i < 30; i++) routes.observe('GB', 'NG', 'verified', T0)
  for (let i = 0; i < 50; i++) {
    routes.observe(`X${i}`, 'NG', 'lost', T0 + i)
    routes.observe(`Y${i}`, 'NG', 'verified', T0 + i)
  }
  expect(routes.size()).toBe(3)
  expect(routes.read('GB', 'NG', T0 + 50)?.verified).toBeGreaterThan(29)
  const resumed = createRoutes({ capacity: 3 })
  resumed.restore(JSON.parse(JSON.stringify(routes.snapshot())))
  expect(resumed.snapshot()).toEqual(routes.snapshot())
})
