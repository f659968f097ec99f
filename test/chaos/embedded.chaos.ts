import type { Fault } from './fault.js'
import { GATEWAY_FAULTS } from './gateway-faults.js'
import { PROVIDER_FAULTS } from './provider-faults.js'
import { chaos } from './run.js'
import { noSmallDisk, openSmallDisk, type SmallDisk } from './small-disk.js'
import { openStage } from './stage.js'

let disk: SmallDisk | null = null

const DISK_FAULTS: readonly Fault[] = [
  {
    name: 'disk-full',
    what: 'the disk of the ledger is full',
    holdMs: 15_000,
    cannot: noSmallDisk,
    begin: () => disk?.fill(),
    end: () => disk?.free(),
  },
]

chaos('embedded', [...GATEWAY_FAULTS, ...DISK_FAULTS, ...PROVIDER_FAULTS], async () => {
  disk = noSmallDisk() === null ? openSmallDisk(96) : null
  const data = disk?.path
  const stage = await openStage({
    gateways: 1,
    config: () => (data === undefined ? {} : { data: `${data}/data` }),
  })
  return {
    ...stage,
    async close() {
      await stage.close()
      disk?.close()
    },
  }
})
