import type { DeploymentView } from '../../../../src/http/console/settings-view'
import {
  Columns,
  type DataColumn,
  DataTable,
  Empty,
  Facts,
  Loaded,
  Mono,
  Section,
  StateBadge,
  span,
  useApi,
  When,
} from '../../kit'

type Provider = DeploymentView['providers'][number]

const STATE = {
  closed: ['good', 'takes messages'],
  half_open: ['warn', 'tried again'],
  open: ['bad', 'takes no messages'],
} as const

const AT_REST = {
  clear: 'in clear',
  hashed: 'as keyed hashes',
  encrypted: 'encrypted',
} as const

const PROVIDERS: readonly DataColumn<Provider>[] = [
  { id: 'name', header: 'Provider', phone: 'title', cell: ({ name }) => <Mono>{name}</Mono> },
  { id: 'type', header: 'Type', cell: ({ type }) => type },
  {
    id: 'receipts',
    header: 'Delivery receipts',
    cell: ({ receipts }) => (receipts ? 'reported' : 'none: set server.publicUrl'),
  },
  {
    id: 'state',
    header: 'Now',
    cell: ({ state }) =>
      state === null ? '–' : <StateBadge tone={STATE[state][0]}>{STATE[state][1]}</StateBadge>,
  },
]

/** Settings, Deployment: how this gateway is run. Changed in its configuration, not here. */
export function Tab() {
  const deployment = useApi<DeploymentView>('settings/deployment')
  return (
    <Loaded query={deployment}>
      {(view) => (
        <Columns min={420}>
          <Section
            title="This gateway"
            about="Changed in the configuration file, the environment or the flags it is started with."
          >
            <Facts
              of={[
                [
                  'Version',
                  <span key="version">
                    {view.version}{' '}
                    {view.simulation && <StateBadge tone="hold">simulation</StateBadge>}
                  </span>,
                ],
                ['Node.js', view.node],
                [
                  'Address for people',
                  view.publicUrl === null ? (
                    'as the browser reaches it'
                  ) : (
                    <Mono key="url">{view.publicUrl}</Mono>
                  ),
                ],
                [
                  'Configuration',
                  <File
                    key="config"
                    name={view.configFile}
                    otherwise="defaults, environment and flags"
                  />,
                ],
                [
                  'Policy',
                  <File
                    key="policy"
                    name={view.policyFile}
                    otherwise="in the ledger, published from this console"
                  />,
                ],
                ['Data', <Mono key="data">{view.data}</Mono>],
                [
                  'Ledger',
                  view.ledger === 'healthy' ? (
                    <StateBadge key="ledger" tone="good">
                      healthy
                    </StateBadge>
                  ) : (
                    <StateBadge key="ledger" tone="bad">
                      cannot be written
                    </StateBadge>
                  ),
                ],
                ...(view.gateways === null
                  ? []
                  : [['Gateways', <Gateways key="gateways" of={view.gateways} />] as const]),
                ['Numbers at rest', AT_REST[view.numbers]],
                ['Requests are kept', span(view.retention.requestsMs)],
                ['Verifications are kept', span(view.retention.verificationsMs)],
                [
                  'Trusted proxies',
                  view.trustProxies.length === 0 ? 'none' : view.trustProxies.join(', '),
                ],
                ['Prices', <bdi key="prices">{view.prices.source}</bdi>],
                ['Its clock', <When key="now" at={view.now} seconds />],
              ]}
            />
          </Section>
          <Section title="Providers" about="In the order in which they are tried." flush>
            <DataTable
              label="Providers"
              columns={PROVIDERS}
              rows={view.providers}
              rowKey={({ name }) => name}
              empty={
                <Empty title="No provider">Name one under send: in the configuration file.</Empty>
              }
            />
          </Section>
        </Columns>
      )}
    </Loaded>
  )
}

const Gateways = ({ of }: { of: NonNullable<DeploymentView['gateways']> }) => (
  <>
    <StateBadge tone={of.tooMuch ? 'bad' : 'good'}>
      {of.names.length} of {of.configured}
    </StateBadge>{' '}
    {of.names.join(', ')}
    {of.says !== null && <p>{of.says}</p>}
  </>
)

const File = ({ name, otherwise }: { name: string | null; otherwise: string }) =>
  name === null ? otherwise : <Mono>{name}</Mono>
