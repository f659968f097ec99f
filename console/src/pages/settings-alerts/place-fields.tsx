import { Group, NativeSelect, NumberInput, TagsInput, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { PAGERDUTY, type SinkFields } from './sink-types'

/** Where a sink is, by its type. */
export function PlaceFields({
  form,
  allowPrivate,
}: {
  form: UseFormReturnType<SinkFields>
  allowPrivate: boolean
}) {
  const { type } = form.values
  if (type === 'webhook')
    return (
      <TextInput
        label="URL"
        required
        maxLength={2_000}
        placeholder="https://example.com/hooks/tollgate"
        description={
          allowPrivate
            ? 'Private networks are allowed by the deployment file.'
            : 'On the public internet, with https.'
        }
        {...form.getInputProps('url')}
      />
    )
  if (type === 'pagerduty')
    return (
      <TextInput
        label="URL"
        maxLength={2_000}
        placeholder={PAGERDUTY}
        description="Left empty: the US service region. The EU has https://events.eu.pagerduty.com/v2/enqueue"
        {...form.getInputProps('url')}
      />
    )
  if (type === 'slack') return null
  return (
    <>
      <Group grow align="flex-start">
        <TextInput
          label="SMTP server"
          required
          placeholder="smtp.example.com"
          {...form.getInputProps('host')}
        />
        <NumberInput
          label="Port"
          required
          min={1}
          max={65_535}
          allowDecimal={false}
          {...form.getInputProps('port')}
        />
        <NativeSelect
          label="Encryption"
          data={[
            { value: 'starttls', label: 'STARTTLS' },
            { value: 'tls', label: 'TLS' },
            { value: 'none', label: 'None' },
          ]}
          {...form.getInputProps('security')}
        />
      </Group>
      <Group grow align="flex-start">
        <TextInput
          label="From"
          required
          placeholder="tollgate@example.com"
          {...form.getInputProps('from')}
        />
        <TextInput
          label="User"
          autoComplete="off"
          placeholder="none"
          {...form.getInputProps('user')}
        />
      </Group>
      <TagsInput
        label="To"
        description="Enter after each address, 20 at most"
        maxTags={20}
        splitChars={[',', ' ', ';']}
        acceptValueOnBlur
        {...form.getInputProps('to')}
      />
    </>
  )
}
