import { NumberInput } from '@mantine/core'
import { useState } from 'react'
import type { MoneyView } from '../../../../src/http/console/money-view'
import { breakEvenShare } from '../../../../src/report/money'
import { Count, Facts, Money, Percent, Section } from '../../kit'

/** Cost of friction against cost of fraud. */
export function FrictionCard({ friction }: Pick<MoneyView, 'friction'>) {
  const [worth, setWorth] = useState<number | string>(5)
  const worthMicroUsd = typeof worth === 'number' ? worth * 1e6 : 0
  const share = breakEvenShare(friction, worthMicroUsd)
  return (
    <Section
      title="Cost of friction against cost of fraud"
      about="Refusing pays while fewer of the refused numbers are people than the share below: saved / (refused numbers × what a person is worth)."
    >
      <NumberInput
        label="One person turned away costs"
        prefix="USD "
        min={0}
        max={100_000}
        decimalScale={2}
        maw={320}
        mb="md"
        value={worth}
        onChange={setWorth}
      />
      <Facts
        of={[
          ['Refused numbers', <Count key="n" value={friction.refusedNumbers} />],
          ['Saved', <Money key="s" micro={friction.savedMicroUsd} />],
          ['Saved by each', <Money key="e" micro={friction.savedPerRefusedMicroUsd} />],
          ['Pays while people below', <Percent key="p" share={share} digits={1} />],
          [
            'Known people refused',
            <span
              key="k"
              title="numbers refused in an incident that verified later by another path"
            >
              <Count value={friction.peopleRefused} />
            </span>,
          ],
          ['Requests challenged', <Count key="c" value={friction.challenged} />],
        ]}
      />
    </Section>
  )
}
