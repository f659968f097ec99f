import { expect, it } from 'vitest'
import { processLeases } from '../ledger/leases.js'
import { soleGateway } from './sole-gateway.js'

it('the only gateway keeps its lease, and hears of another one', async () => {
  let now = 0
  const leases = processLeases(() => now)
  const errors: string[] = []
  const keeping = await soleGateway(leases, 'a', ({ message }) => errors.push(message))
  for (let i = 0; i < 10; i++) {
    now += keeping.everyMs
    await keeping.run()
  }
  expect(errors).toEqual([])
  now += 60_000
  await leases.lease('leader', 'b', 10_000)
  await keeping.run()
  expect(errors.join()).toContain('stop one of them')
})

it('waits for the lease of one that died', async () => {
  const begun = performance.now()
  const leases = processLeases(() => performance.now() - begun)
  await leases.lease('leader', 'killed', 300)
  await soleGateway(leases, 'a', () => undefined)
  expect(await leases.lease('leader', 'b', 1_000)).toBe(false)
})
