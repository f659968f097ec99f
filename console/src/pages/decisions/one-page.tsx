import { Button } from '@mantine/core'
import { Link, useParams } from 'wouter'
import type { DecisionDetail } from '../../../../src/http/console/decisions-view'
import {
  Column,
  Columns,
  Loaded,
  Loading,
  Mono,
  PageTitle,
  Section,
  StateBadge,
  useApi,
  useMe,
  VerdictBadge,
  When,
} from '../../kit'
import { PlaybookButton } from '../../playbook/playbook-button'
import { AllowButton } from './allow-button'
import { Evidence } from './evidence'
import { FactsOf } from './facts'
import { Lines } from './lines'
import classes from './one-page.module.css'
import { Reasons } from './reasons'
import { Timeline } from './timeline'
import { WhatNow } from './what-now'
import { headline, inPlainWords } from './words'

export function Page() {
  const { id = '' } = useParams<{ id: string }>()
  const decision = useApi<DecisionDetail>(`decisions/${encodeURIComponent(id)}`, undefined, {
    live: ['list', 'review', 'policy', 'playbook'],
    keep: false,
  })
  return (
    <Loaded query={decision} loading={<Loading lines={10} />}>
      {(told) => <Decision told={told} />}
    </Loaded>
  )
}

function Decision({ told }: { told: DecisionDetail }) {
  const me = useMe()
  return (
    <>
      <PageTitle
        title={headline(told)}
        about={
          <>
            <Mono>{told.number === '' ? 'not a number' : told.number}</Mono> for{' '}
            <bdi>{told.service}</bdi>, <When at={told.at} seconds />
          </>
        }
        actions={
          <>
            <Button component={Link} href="/decisions" variant="subtle" size="xs">
              All decisions
            </Button>
            {told.review === 'waiting' && (
              <Button component={Link} href="/review" variant="default" size="xs">
                Open the review queue
              </Button>
            )}
            {me.can('analyst') && <AllowButton told={told} />}
          </>
        }
      />
      <Column>
        <section className={classes.answer} aria-label="In plain words">
          <VerdictBadge
            verdict={told.mode === 'monitor' ? told.would : told.verdict}
            monitor={told.mode === 'monitor' && told.would !== told.verdict}
          />
          <p>{inPlainWords(told)}</p>
          {told.watched !== null && (
            <p>
              <StateBadge tone="warn">on the watch list</StateBadge>{' '}
              <Mono>{told.watched.entry}</Mono> <bdi>{told.watched.note}</bdi>
            </p>
          )}
        </section>
        <Section
          title={told.reasons.length === 0 ? 'Reasons' : `Reasons, strongest first`}
          about={
            told.reasons.length === 0
              ? undefined
              : 'Each with what was observed, its limit, and the room that was left.'
          }
        >
          <Reasons reasons={told.reasons} />
        </Section>
        <Columns min={380}>
          <WhatNow told={told} />
          <Section
            title="Score"
            about="How likely this request is part of pumping, 0 to 100, and the signals it is made of."
          >
            <Evidence score={told.score} evidence={told.evidence} />
          </Section>
        </Columns>
        <Columns min={380}>
          <Section title="What happened" about="From the request to its end.">
            <Timeline told={told} />
          </Section>
          <Section
            title="Charged to"
            about="A message is debt on every one of its lines until its code comes back."
            flush={told.lines.length > 0}
          >
            <Lines told={told} />
          </Section>
        </Columns>
        <FactsOf
          of={told}
          act={{
            range: told.block !== '' && (
              <PlaybookButton target={{ kind: 'range', key: told.block, service: told.service }} />
            ),
            network: told.asn !== null && (
              <PlaybookButton target={{ kind: 'network', key: `AS${told.asn}` }} />
            ),
            ip: told.ipKey !== null && <PlaybookButton target={{ kind: 'ip', key: told.ipKey }} />,
          }}
        />
      </Column>
    </>
  )
}
