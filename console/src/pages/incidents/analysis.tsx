import { Button, Progress } from '@mantine/core'
import { Link } from 'wouter'
import type { Judged } from '../../../../src/desk/incidents/analysis-state'
import type { IncidentView } from '../../../../src/http/console/incidents-view'
import { Count, Failed, Money, percent, Section, useAct, useMe, When } from '../../kit'
import classes from './incidents.module.css'

const ROWS: readonly (readonly [
  name: string,
  cells: (judged: Judged) => readonly number[],
  money?: true,
])[] = [
  [
    'Messages sent',
    ({ incident, month }) => [
      incident.current.sent,
      incident.proposed.sent,
      month.current.sent,
      month.proposed.sent,
    ],
  ],
  [
    'Spent',
    ({ incident, month }) => [
      incident.current.spendMicroUsd,
      incident.proposed.spendMicroUsd,
      month.current.spendMicroUsd,
      month.proposed.spendMicroUsd,
    ],
    true,
  ],
  [
    'Wasted',
    ({ incident, month }) => [
      incident.current.wastedMicroUsd,
      incident.proposed.wastedMicroUsd,
      month.current.wastedMicroUsd,
      month.proposed.wastedMicroUsd,
    ],
    true,
  ],
  [
    'People refused',
    ({ incident, month }) => [
      incident.current.verifiedRefused,
      incident.proposed.verifiedRefused,
      month.current.verifiedRefused,
      month.proposed.verifiedRefused,
    ],
  ],
  [
    'People challenged',
    ({ incident, month }) => [
      incident.current.verifiedChallenged,
      incident.proposed.verifiedChallenged,
      month.current.verifiedChallenged,
      month.proposed.verifiedChallenged,
    ],
  ],
]
const HEAD = ['', 'Incident: as it was', 'with it', 'Month before: as it was', 'with it']

function Proposal({ judged, incident }: { judged: Judged; incident: string }) {
  const me = useMe()
  return (
    <div className={classes.proposal}>
      <h3>{judged.title}</h3>
      <span className={classes.soft}>{judged.cost}</span>
      <section
        className={classes.scroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard
        tabIndex={0}
        aria-label={`Replay: ${judged.title}`}
      >
        <table className={classes.compared}>
          <thead>
            <tr>
              {HEAD.map((name, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
                <th key={at} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ROWS.map(([name, cells, money]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {cells(judged).map((value, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
                  <td key={at}>{money ? <Money micro={value} /> : <Count value={value} />}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <details>
        <summary className={classes.soft}>As lines of the policy</summary>
        <pre className={classes.yaml}>{judged.yaml}</pre>
      </details>
      {me.can('admin') && (
        <Button
          component={Link}
          href={`/policy?incident=${incident}&proposal=${judged.id}`}
          size="xs"
          variant="light"
        >
          Open in the policy
        </Button>
      )}
    </div>
  )
}

/** Which change of the policy would have stopped it, and what that would have cost people in the month before. */
export function Analysis({ incident }: { incident: IncidentView }) {
  const me = useMe()
  const { analysis } = incident
  const start = useAct('POST', `incidents/${incident.id}/analysis`)
  if (incident.kind === 'outage') return null
  return (
    <Section
      title="What would have stopped it"
      about="Changes of the policy, replayed on this incident and on the month before it."
      actions={
        me.can('analyst') &&
        analysis.state !== 'running' && (
          <Button
            size="xs"
            variant="default"
            loading={start.isPending}
            onClick={() => start.mutate()}
          >
            {analysis.state === 'done' ? 'Replay again' : 'Replay changes'}
          </Button>
        )
      }
    >
      {analysis.state === 'none' && (
        <p className={classes.soft}>
          Not worked out yet. It replays the recorded requests and takes a minute or two.
        </p>
      )}
      {analysis.state === 'failed' && (
        <Failed error={new Error(analysis.why)} retry={() => start.mutate()} />
      )}
      {analysis.state === 'running' && (
        <>
          <p className={classes.soft}>
            Replaying change {analysis.done + 1} of {analysis.of}.
          </p>
          <Progress
            value={(100 * (analysis.done + analysis.share)) / Math.max(1, analysis.of)}
            aria-label="Replay"
          />
        </>
      )}
      {analysis.state === 'done' && (
        <>
          {analysis.analysis.judged.map((judged) => (
            <Proposal key={judged.id} judged={judged} incident={incident.id} />
          ))}
          <p className={classes.soft}>
            Worked out <When at={analysis.analysis.at} /> against version{' '}
            {analysis.analysis.policyVersion} of the policy
            {(analysis.analysis.judged[0]?.sampled ?? 1) < 1 &&
              `, on ${percent(analysis.analysis.judged[0]?.sampled ?? 1)} of the number blocks`}
            .{' '}
            <Link href="/policy" className={classes.link}>
              Try and publish it under Policy
            </Link>
          </p>
        </>
      )}
    </Section>
  )
}
