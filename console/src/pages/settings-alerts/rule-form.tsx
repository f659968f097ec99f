import { Button, Group, NativeSelect, NumberInput, Stack, Switch, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { RuleInput, RuleView } from '../../../../src/http/console/alerts-view'
import { Dialog, useAct } from '../../kit'
import { SEVERITY_NAMES } from './severity'

type Threshold = RuleView['thresholds'][number]
const shown = ({ unit }: Threshold, value: number): number =>
  unit === 'share' ? Math.round(value * 1_000) / 10 : value
const read = ({ unit }: Threshold, value: number): number =>
  unit === 'share' ? value / 100 : value

/** Switches a rule off, or changes its severity and thresholds. */
export function RuleForm({ rule, onClose }: { rule: RuleView; onClose: () => void }) {
  const form = useForm({
    initialValues: {
      enabled: rule.enabled,
      severity: rule.severity,
      values: Object.fromEntries(
        rule.thresholds.map((one) => [one.name, shown(one, one.value)]),
      ) as Record<string, number | string>,
    },
  })
  const path = `alerts/rules/${rule.id}`
  const save = useAct<unknown, RuleInput>('PUT', path, { done: 'Rule changed' })
  const reset = useAct('DELETE', path, { done: 'Rule is as it came' })
  return (
    <Dialog written={form.isDirty()} onClose={onClose} title={rule.title}>
      <form
        onSubmit={form.onSubmit(({ enabled, severity, values }) =>
          save.mutate(
            {
              ...{ enabled, severity },
              thresholds: Object.fromEntries(
                rule.thresholds.map((one) => [one.name, read(one, Number(values[one.name]))]),
              ),
            },
            { onSuccess: onClose },
          ),
        )}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {rule.when}
          </Text>
          <Switch label="Watch this" {...form.getInputProps('enabled', { type: 'checkbox' })} />
          <NativeSelect
            label="Severity"
            data={[...SEVERITY_NAMES]}
            {...form.getInputProps('severity')}
          />
          {rule.thresholds.map((one) => (
            <NumberInput
              key={one.name}
              label={one.says}
              min={shown(one, one.min)}
              max={shown(one, one.max)}
              {...(one.unit === 'share' && { suffix: ' %' })}
              {...(one.unit === 'usd' && { prefix: 'USD ' })}
              allowDecimal={one.unit !== 'count'}
              description={`Default ${shown(one, one.default)}${one.unit === 'share' ? ' %' : ''}`}
              {...form.getInputProps(`values.${one.name}`)}
            />
          ))}
          <Group justify="space-between">
            <Button
              variant="subtle"
              disabled={!rule.changed}
              loading={reset.isPending}
              onClick={() => reset.mutate(undefined, { onSuccess: onClose })}
            >
              Back to default
            </Button>
            <Group>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={save.isPending}>
                Save
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
