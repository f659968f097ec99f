import type { MeasureAction, TargetKind } from '../../../src/engine/measures'
import type { TargetView } from '../../../src/http/console/playbook-view'
import { countryName } from '../kit'

export interface ActionWords {
  /** on the button */
  title: string
  /** what it does, in a sentence */
  about: string
  /** of a measure that runs: "blocked" */
  done: string
  /** of requests: "would have refused" */
  would: string
}

export const ACTION_WORDS: Record<MeasureAction, ActionWords> = {
  block: {
    title: 'Block',
    about: 'Refuses it. Numbers verified before and the allow list pass a blocked destination.',
    done: 'blocked',
    would: 'would have refused',
  },
  throttle: {
    title: 'Throttle',
    about: 'At most so many messages an hour: half of the usual peak unless you say otherwise.',
    done: 'throttled',
    would: 'would have refused',
  },
  challenge: {
    title: 'Require challenge',
    about: 'Asks everybody for a challenge first, but numbers verified before.',
    done: 'challenged',
    would: 'would have asked for a challenge from',
  },
  hold: {
    title: 'Hold for review',
    about: 'Each request waits for a person in the review queue.',
    done: 'held for review',
    would: 'would have held',
  },
  pause: {
    title: 'Pause',
    about: 'Nothing is sent to anybody, customers included.',
    done: 'paused',
    would: 'would have refused',
  },
  allow: {
    title: 'Allow',
    about: 'Passes lines, limits and risk. Number checks and spend caps hold.',
    done: 'allowed',
    would: 'would have let pass',
  },
}

/** The same order as in the menu: what does least first. */
const ACTION_ORDER: readonly MeasureAction[] = [
  'challenge',
  'throttle',
  'hold',
  'block',
  'pause',
  'allow',
]

/** Actions that a kind of target can have; the gateway has the last word. */
export const actionsOf = (kind: TargetKind): MeasureAction[] =>
  ACTION_ORDER.filter((action) => {
    if (action === 'pause') return kind === 'country' || kind === 'service'
    return !(action === 'allow' && kind === 'service')
  })

const KIND_WORDS: Record<TargetKind, string> = {
  range: 'range',
  operator: 'operator',
  country: 'country',
  service: 'service',
  ip: 'address',
  subnet: 'subnet',
  network: 'network',
  device: 'device',
  account: 'account',
}
export const kindName = (kind: TargetKind): string => KIND_WORDS[kind]

/** A target in words, for sentences. */
export const targetName = ({ kind, key, service }: TargetView): string => {
  const name =
    kind === 'country' ? countryName(key) : kind === 'range' ? key : `${KIND_WORDS[kind]} ${key}`
  return service === null ? name : `${name} in ${service}`
}

export const DURATIONS: readonly (readonly [ms: number, name: string])[] = [
  [15 * 60_000, '15 minutes'],
  [3_600_000, '1 hour'],
  [2 * 3_600_000, '2 hours'],
  [4 * 3_600_000, '4 hours'],
  [12 * 3_600_000, '12 hours'],
  [86_400_000, '1 day'],
  [2 * 86_400_000, '2 days'],
  [7 * 86_400_000, '7 days'],
]
