import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { Link } from 'wouter'
import type {
  AnsweredPageView,
  AnsweredView,
  HeldView,
  ReviewView,
} from '../../../../src/http/console/review-view'
import {
  Ago,
  Column,
  Country,
  type DataColumn,
  DataTable,
  Empty,
  Foreign,
  type Lingering,
  Loaded,
  Money,
  Mono,
  PageTitle,
  Section,
  StateBadge,
  sentenceCase,
  type Tone,
  useAct,
  useApi,
  useLinger,
  usePages,
  When,
} from '../../kit'
import classes from './review.module.css'

const STATES: Record<AnsweredView['state'], [string, Tone]> = {
  waiting: ['Being decided', 'hold'],
  approved: ['Approved and sent', 'good'],
  denied: ['Approved, but refused', 'bad'],
  refused: ['Refused', 'bad'],
  expired: ['Expired', 'plain'],
}

type Answer = { id: string; answer: 'approve' | 'refuse'; allowNumber?: boolean }

function Answers({ held }: { held: Lingering<HeldView> }) {
  const act = useAct<{ state: AnsweredView['state']; reason: string | null }, Answer>(
    'POST',
    ({ id }) => `review/${id}`,
    {
      body: ({ answer, allowNumber }) => ({ answer, ...(allowNumber && { allowNumber }) }),
      again: ['review', 'status', 'lists'],
      done: ({ state, reason }) =>
        `${STATES[state]?.[0] ?? state}${reason === null ? '' : `: ${reason}`}`,
    },
  )
  const { id, number } = held
  if (held.gone) return <span className={classes.soft}>no longer waits</span>
  return (
    <Button.Group style={{ justifyContent: 'flex-end' }}>
      <Button
        size="compact-sm"
        loading={act.isPending}
        onClick={() => act.mutate({ id, answer: 'approve' })}
        aria-label={`Approve ${number}`}
      >
        Approve
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={act.isPending}
        onClick={() => act.mutate({ id, answer: 'refuse' })}
        aria-label={`Refuse ${number}`}
      >
        Refuse
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="default"
            px={4}
            disabled={act.isPending}
            aria-label={`More for ${number}`}
          >
            <IconChevronDown size={14} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => act.mutate({ id, answer: 'approve', allowNumber: true })}>
            Approve, and allow the number from now on
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  )
}

const columns: DataColumn<Lingering<HeldView>>[] = [
  {
    id: 'number',
    header: 'Number',
    phone: 'title',
    cell: ({ number, country, service }) => (
      <div className={classes.head}>
        <Mono>{number}</Mono>
        <span className={classes.soft}>
          <Country code={country} />, {service}
        </span>
      </div>
    ),
  },
  {
    id: 'why',
    header: 'Why',
    cell: ({ reasons, decideOnly }) => (
      <div className={classes.stack}>
        {reasons
          .filter(({ verdict }) => verdict === 'hold')
          .map(({ code, message }) => (
            <span key={code}>{sentenceCase(message)}</span>
          ))}
        {decideOnly && <span className={classes.soft}>only a decision was asked for</span>}
      </div>
    ),
  },
  {
    id: 'source',
    header: 'From',
    cell: ({ ip, asn, userAgent }) => (
      <div className={classes.stack}>
        <span>
          {ip !== null && <Mono>{ip}</Mono>} {asn !== null && <Mono>{`AS${asn}`}</Mono>}
        </span>
        {userAgent !== null && (
          <span className={classes.agent}>
            <Foreign text={userAgent} />
          </span>
        )}
      </div>
    ),
  },
  {
    id: 'score',
    header: 'Score',
    align: 'end',
    value: ({ score }) => score,
    cell: ({ score }) => score,
  },
  {
    id: 'price',
    header: 'Price',
    align: 'end',
    value: ({ priceMicroUsd }) => priceMicroUsd,
    cell: ({ priceMicroUsd }) => <Money micro={priceMicroUsd} />,
  },
  {
    id: 'age',
    header: 'Asked',
    align: 'end',
    value: ({ at }) => at,
    cell: ({ at }) => <Ago at={at} />,
  },
  {
    id: 'expires',
    header: 'Refused',
    align: 'end',
    value: ({ expiresAt }) => expiresAt,
    cell: ({ expiresAt }) => <Ago at={expiresAt} />,
  },
  {
    id: 'act',
    header: 'Answer',
    align: 'end',
    role: 'analyst',
    cell: (held) => <Answers held={held} />,
  },
]

const answered: DataColumn<AnsweredView>[] = [
  { id: 'number', header: 'Number', phone: 'title', cell: ({ number }) => <Mono>{number}</Mono> },
  { id: 'country', header: 'Country', cell: ({ country }) => <Country code={country} /> },
  { id: 'service', header: 'Service', cell: ({ service }) => service },
  {
    id: 'state',
    header: 'Answer',
    cell: ({ state, reason }) => {
      const [word, tone] = STATES[state]
      return (
        <span>
          <StateBadge tone={tone}>{word}</StateBadge> {reason !== null && <Mono>{reason}</Mono>}
        </span>
      )
    },
  },
  { id: 'by', header: 'By', cell: ({ by }) => <bdi>{by}</bdi> },
  { id: 'at', header: 'When', align: 'end', cell: ({ at }) => <When at={at} /> },
]

const idOf = ({ id }: HeldView): string => id

function Waiting({ held, complete }: ReviewView) {
  const rows = useLinger(held, idOf)
  return (
    <>
      <DataTable
        label="Held requests"
        columns={columns}
        rows={rows}
        rowKey={idOf}
        sort={{ by: 'expires' }}
        empty={
          <Empty title="Nobody waits">
            Requests are held where the policy says hold for a country or a limit, or a measure of
            the playbook does.{' '}
            <Link href="/policy" className={classes.link}>
              Policy
            </Link>
          </Empty>
        }
      />
      {!complete && <p>There are more; these are the newest.</p>}
    </>
  )
}

/** Requests that wait for a person. */
export function Page() {
  const query = useApi<ReviewView>('review', undefined, { live: ['review', 'tally'] })
  const past = usePages<AnsweredPageView>('review/answered', {}, { live: ['review'] })
  return (
    <>
      <PageTitle
        title="Review"
        about="Requests that are held until a person answers. Approved, the code goes out at once and is charged as any other; nobody answers, it is refused."
      />
      <Column>
        <Section title="Waiting" flush>
          <Loaded query={query}>
            {({ held, complete }) => <Waiting held={held} complete={complete} />}
          </Loaded>
        </Section>
        {past.rows.length > 0 && (
          <Section title="Answered" flush>
            <DataTable
              label="Answered requests"
              columns={answered}
              rows={past.rows}
              rowKey={({ id }) => id}
              more={past.more}
            />
          </Section>
        )}
      </Column>
    </>
  )
}
