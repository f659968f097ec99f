import { NativeSelect, SegmentedControl } from '@mantine/core'
import type { ServicesView } from '../../../src/http/console/settings-view'
import { useApi } from '../kit'
import { ORDERS, SPANS, type TrafficQuery } from './use-traffic-query'

/** Time, order and service of a table of traffic. */
export function Controls({ at }: { at: TrafficQuery }) {
  const services = useApi<ServicesView>('settings/services').data?.services ?? []
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label="Service"
        value={at.service}
        onChange={({ currentTarget }) => at.set({ service: currentTarget.value })}
        data={[
          { value: '', label: 'All services' },
          ...services.map(({ name }) => ({ value: name, label: name })),
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label="Largest first by"
        value={at.by}
        onChange={({ currentTarget }) => at.set({ by: currentTarget.value })}
        data={ORDERS.map(([value, label]) => ({ value, label: `By ${label.toLowerCase()}` }))}
      />
      <SegmentedControl
        size="xs"
        aria-label="Time"
        value={at.span}
        onChange={(span) => at.set({ span })}
        data={SPANS.map(([value, label]) => ({ value, label }))}
      />
    </>
  )
}
