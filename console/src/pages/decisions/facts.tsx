import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { DecisionDetail } from '../../../../src/http/console/decisions-view'
import {
  Column,
  Columns,
  Country,
  count,
  Facts,
  Foreign,
  Mono,
  Section,
  StateBadge,
  usd,
} from '../../kit'
import classes from './one-page.module.css'

interface Acts {
  range: ReactNode
  network: ReactNode
  ip: ReactNode
}

/** A fact that may not have been told. */
const told = <T,>(value: T | null, show: (value: T) => ReactNode): ReactNode =>
  value === null || value === '' ? <span className={classes.soft}>not told</span> : show(value)

/** The way to everything else that carries the same. */
const Also = ({
  field,
  value,
  children,
}: {
  field: string
  value: string
  children: ReactNode
}) => (
  <Link href={`/decisions?${new URLSearchParams({ [field]: value })}`} className={classes.also}>
    {children}
  </Link>
)

const foreign = (text: string): ReactNode => <Foreign text={text} />
const mono = (text: string): ReactNode => <Mono>{text}</Mono>
const alsoMono = (field: string) => (value: string) => (
  <Also field={field} value={value}>
    <Mono>{value}</Mono>
  </Also>
)
const alsoForeign = (field: string) => (value: string) => (
  <Also field={field} value={value}>
    <Foreign text={value} />
  </Also>
)

/** What the request carried, and how it was decided. */
export const FactsOf = ({ of, act }: { of: DecisionDetail; act: Acts }) => (
  <Columns min={380}>
    <Column>
      <Section title="Where it goes">
        <Facts of={destination(of, act)} />
      </Section>
      <Section title="How it was decided">
        <Facts of={decided(of)} />
      </Section>
    </Column>
    <Section title="Where it comes from">
      <Facts of={source(of, act)} />
    </Section>
  </Columns>
)

const withAct = (value: ReactNode, act: ReactNode): ReactNode => (
  <span className={classes.fact}>
    {value}
    {act}
  </span>
)

type Pairs = readonly (readonly [string, ReactNode])[]

const KEPT: Record<DecisionDetail['numbers'], string> = {
  clear: '',
  masked: 'masked for your role',
  hashed: 'only a hash is kept; search for a number you know to find it',
}

const destination = (of: DecisionDetail, act: Acts): Pairs => [
  [
    'Number',
    told(of.number, (number) => (
      <>
        <Mono>{number}</Mono> <span className={classes.soft}>{KEPT[of.numbers]}</span>
      </>
    )),
  ],
  ['Country', told(of.country, (code) => <Country code={code} />)],
  ['Operator', told(of.operator, foreign)],
  ['Range', told(of.block, (block) => withAct(alsoMono('range')(block), act.range))],
  ['Price', usd(of.priceMicroUsd)],
]

const source = (of: DecisionDetail, act: Acts): Pairs => [
  [
    'Address',
    told(of.ip, (ip) =>
      withAct(
        <span>
          {alsoMono('ip')(ip)}
          {of.ipCountry !== null && (
            <span className={classes.soft}>
              {' in '}
              <Country code={of.ipCountry} />
            </span>
          )}
        </span>,
        act.ip,
      ),
    ),
  ],
  ['Subnet', told(of.subnet, mono)],
  [
    'Network',
    told(of.asn, (asn) =>
      withAct(
        <span>
          <Also field="asn" value={String(asn)}>
            AS{asn}
          </Also>{' '}
          {of.network !== null && <Foreign text={of.network} />}{' '}
          {of.hosting && <StateBadge tone="warn">hosting</StateBadge>}
        </span>,
        act.network,
      ),
    ),
  ],
  ['Device', told(of.deviceId, alsoForeign('device'))],
  ['Account', told(of.accountId, alsoForeign('account'))],
  ['Session', told(of.sessionId, foreign)],
  ['User agent', told(of.userAgent, (text) => <Foreign text={text} lines="all" />)],
]

function decided(of: DecisionDetail): Pairs {
  const life = of.verification
  return [
    ['Decision', mono(of.id)],
    [
      'Asked by',
      { start: 'start of a verification', resend: 'resend', decision: 'decision call' }[of.kind],
    ],
    ['Mode', of.mode],
    [
      'Policy',
      told(of.policyVersion, (version) => (
        <>
          <Link href={`/policy?version=${version}`} className={classes.also}>
            version {version}
          </Link>
          {of.policyInForce !== version && (
            <span className={classes.soft}> (in force now: {of.policyInForce})</span>
          )}
        </>
      )),
    ],
    ['Known good', of.knownGood ? 'yes: verified before, on its own lines' : 'no'],
    ...(of.degraded
      ? [
          [
            'Degraded',
            'decided without some of its state: the store of lines was full or lost',
          ] as const,
        ]
      : []),
    ...(life === null
      ? []
      : [
          ['Verification', mono(life.id)] as const,
          ['Its state', life.status.replaceAll('_', ' ')] as const,
          ['Codes entered', count(life.checks)] as const,
        ]),
  ]
}
