import { Anchor, Text } from '@mantine/core'
import { Link } from 'wouter'
import type { ServicesView, ServiceView } from '../../../../src/http/console/settings-view'
import {
  Column,
  Columns,
  Count,
  countryName,
  Empty,
  Facts,
  Loaded,
  Money,
  Mono,
  Percent,
  Section,
  StateBadge,
  share,
  span,
  useApi,
  When,
} from '../../kit'
import { PlaybookButton } from '../../playbook/playbook-button'

/** Settings, Services: how each is set, how today goes, and its name in Twilio's API. */
export function Tab() {
  const services = useApi<ServicesView>('settings/services', {}, { live: ['tally', 'policy'] })
  return (
    <Loaded query={services}>
      {(view) => (
        <Column>
          <Text size="sm" c="dimmed">
            Set in the{' '}
            <Anchor component={Link} inherit underline="always" href="/policy">
              policy
            </Anchor>
            . Today: since <When at={view.since} />.
            {view.others &&
              ' Services that the policy does not name are taken too, with its settings for others.'}
          </Text>
          {view.services.length === 0 && (
            <Empty title="No service yet">
              Name one in the policy under <Mono>services:</Mono>, or send the first request.
            </Empty>
          )}
          <Columns min={380}>
            {view.services.map((service) => (
              <Service key={service.name} service={service} />
            ))}
          </Columns>
        </Column>
      )}
    </Loaded>
  )
}

const OUTSIDE: Record<string, string> = {
  credit: 'sent within small lines of credit',
  challenge: 'after a solved challenge',
  hold: 'held for a person',
  deny: 'denied',
}

function Service({ service }: { service: ServiceView }) {
  const { name, mode, named, markets, outside, fraudBudget, code, today, twilio } = service
  return (
    <Section
      title={name}
      actions={
        <>
          <StateBadge tone={mode === 'enforce' ? 'good' : 'warn'}>{mode}</StateBadge>
          {!named && <StateBadge>not named by the policy</StateBadge>}
          <PlaybookButton target={{ kind: 'service', key: name }} />
        </>
      }
    >
      <Facts
        of={[
          [
            'Today',
            <span key="today">
              <Count value={today.requests} /> requests, <Count value={today.sends} /> sent,{' '}
              <Percent share={share(today.verified, today.sends)} /> verified,{' '}
              <Money micro={today.spend} />
            </span>,
          ],
          [
            'Markets',
            markets.length === 0
              ? 'none named: nowhere is abroad'
              : markets.map(countryName).join(', '),
          ],
          ['Elsewhere', OUTSIDE[outside] ?? outside],
          [
            'Fraud budget',
            <span key="budget">
              <Money micro={fraudBudget} /> a day
            </span>,
          ],
          [
            'Codes',
            `${code.digits} digits, good for ${span(code.ttlMs)}, ${code.maxChecks} tries, ${code.maxSends} sends${code.resendAfterMs > 0 ? `, again after ${span(code.resendAfterMs)}` : ''}`,
          ],
          ['Twilio service SID', twilio === null ? 'none' : <Mono key="sid">{twilio.sid}</Mono>],
          [
            '',
            <Anchor
              component={Link}
              inherit
              key="edit"
              href={`/policy?service=${encodeURIComponent(name)}`}
            >
              Change in the policy
            </Anchor>,
          ],
        ]}
      />
    </Section>
  )
}
