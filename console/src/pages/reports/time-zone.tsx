import { Autocomplete, Button, Group } from '@mantine/core'
import { useState } from 'react'
import { Section, useAct } from '../../kit'

/** In which time zone days begin. */
export function TimeZone({ timeZone }: { timeZone: string }) {
  const [value, setValue] = useState(timeZone)
  const save = useAct<unknown, string>('PUT', 'reports/time-zone', {
    body: (zone) => ({ timeZone: zone }),
    done: 'Reports from now on have days of that zone',
  })
  return (
    <Section title="Time zone" about="Where the days of daily reports begin. Months stay UTC.">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate(value.trim())
        }}
      >
        <Group align="flex-end">
          <Autocomplete
            label="IANA name"
            value={value}
            onChange={setValue}
            limit={8}
            w={280}
            data={['UTC', ...Intl.supportedValuesOf('timeZone')]}
          />
          <Button type="submit" disabled={value.trim() === timeZone} loading={save.isPending}>
            Save
          </Button>
        </Group>
      </form>
    </Section>
  )
}
