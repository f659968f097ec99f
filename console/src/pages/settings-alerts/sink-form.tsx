import {
  Alert,
  Autocomplete,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  PasswordInput,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { SinkInput, SinkMade, SinkView } from '../../../../src/http/console/alerts-view'
import { Dialog, ShownOnce, sentenceOf, useAct } from '../../kit'
import { PlaceFields } from './place-fields'
import { SEVERITY_NAMES } from './severity'
import { fieldsOf, inputOf, type SinkFields, TYPES } from './sink-types'

interface SinkFormProps {
  /** `null`: a new one */
  sink: SinkView | null
  allowPrivate: boolean
  onClose: () => void
}

/** Adds a sink, or changes one. A secret that is left empty stays. */
export function SinkForm({ sink, allowPrivate, onClose }: SinkFormProps) {
  const form = useForm<SinkFields>({ initialValues: fieldsOf(sink) })
  const [signing, setSigning] = useState<string | null>(null)
  const save = useAct<SinkMade, SinkInput>(
    sink === null ? 'POST' : 'PUT',
    sink === null ? 'alerts/sinks' : `alerts/sinks/${sink.id}`,
    { quiet: true, done: sink === null ? 'Sink added: test it' : 'Sink changed' },
  )
  const { type, isQuiet } = form.values
  const { secret, about } = TYPES[type]
  const kept = sink?.hasSecret === true && sink.place.type === type

  if (signing !== null)
    return (
      <Dialog stays size="lg" onClose={onClose} title="Signing secret">
        <ShownOnce label="Secret" value={signing} copy="Copy the secret" onDone={onClose}>
          <Text>
            This is shown once. Give it to the receiver, which verifies every message with it by
            Standard Webhooks.
          </Text>
        </ShownOnce>
      </Dialog>
    )

  return (
    <Dialog
      stays={save.isPending}
      written={form.isDirty()}
      onClose={onClose}
      size="lg"
      title={sink === null ? 'Add a sink' : `Edit ${sink.name}`}
    >
      <form
        onSubmit={form.onSubmit((fields) =>
          save.mutate(inputOf(fields), {
            onSuccess: ({ signingSecret }) =>
              signingSecret === null ? onClose() : setSigning(signingSecret),
          }),
        )}
      >
        <Stack gap="sm">
          {save.error !== null && (
            <Alert color="red" role="alert">
              {sentenceOf(save.error)}
            </Alert>
          )}
          <Group grow align="flex-start">
            <NativeSelect
              label="Type"
              data-autofocus
              data={Object.entries(TYPES).map(([value, { name }]) => ({ value, label: name }))}
              {...form.getInputProps('type')}
            />
            <TextInput label="Name" required maxLength={80} {...form.getInputProps('name')} />
          </Group>
          <PlaceFields form={form} allowPrivate={allowPrivate} />
          <PasswordInput
            label={secret}
            description={kept ? 'Stored. Leave empty to keep it.' : about}
            required={!kept && (type === 'slack' || type === 'pagerduty')}
            autoComplete="off"
            {...form.getInputProps('secret')}
          />
          <NativeSelect
            label="Tell from this severity on"
            data={[...SEVERITY_NAMES]}
            {...form.getInputProps('minimum')}
          />
          <Checkbox.Group label="Reports" {...form.getInputProps('reports')}>
            <Group mt={4}>
              <Checkbox value="daily" label="Daily" />
              <Checkbox value="monthly" label="Monthly" />
            </Group>
          </Checkbox.Group>
          <Switch
            label="Quiet hours: only critical alerts, the rest when they end"
            {...form.getInputProps('isQuiet', { type: 'checkbox' })}
          />
          {isQuiet && (
            <Group grow align="flex-start">
              <TextInput label="From" type="time" {...form.getInputProps('quietFrom')} />
              <TextInput label="To" type="time" {...form.getInputProps('quietTo')} />
              <Autocomplete
                label="Time zone"
                limit={8}
                data={['UTC', ...Intl.supportedValuesOf('timeZone')]}
                {...form.getInputProps('timeZone')}
              />
            </Group>
          )}
          <Switch label="On" {...form.getInputProps('enabled', { type: 'checkbox' })} />
          <Group justify="flex-end">
            <Button variant="default" disabled={save.isPending} onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              {sink === null ? 'Add' : 'Save'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
