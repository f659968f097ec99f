import {
  IconAdjustments,
  IconAlertTriangle,
  IconChecklist,
  IconCoin,
  IconDatabaseSearch,
  IconFileText,
  IconGauge,
  IconHierarchy,
  IconListCheck,
  IconListDetails,
  IconNetwork,
  IconSettings,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { StatusView } from '../../../src/http/console/hello-view'

export interface Place {
  to: string
  name: string
  icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>
  /** a number beside the name, when there is one */
  count?: (status: StatusView) => number
  /** what the number counts, for screen readers */
  counted?: string
  tone?: 'bad' | 'hold'
}

export const PLACES: readonly { group: string; places: readonly Place[] }[] = [
  {
    group: 'Now',
    places: [
      { to: '/', name: 'Overview', icon: IconGauge },
      {
        to: '/incidents',
        name: 'Incidents',
        icon: IconAlertTriangle,
        count: (status) => status.openIncidents,
        counted: 'open',
        tone: 'bad',
      },
      {
        to: '/review',
        name: 'Review',
        icon: IconListCheck,
        count: (status) => status.waiting,
        counted: 'waiting',
        tone: 'hold',
      },
    ],
  },
  {
    group: 'Traffic',
    places: [
      { to: '/ranges', name: 'Ranges', icon: IconHierarchy },
      { to: '/sources', name: 'Sources', icon: IconNetwork },
      { to: '/decisions', name: 'Decisions', icon: IconDatabaseSearch },
    ],
  },
  {
    group: 'Control',
    places: [
      { to: '/policy', name: 'Policy', icon: IconAdjustments },
      { to: '/lists', name: 'Intel and lists', icon: IconListDetails },
      { to: '/checklist', name: 'Checklist', icon: IconChecklist },
    ],
  },
  {
    group: 'Money',
    places: [
      { to: '/money', name: 'Money', icon: IconCoin },
      { to: '/reports', name: 'Reports', icon: IconFileText },
    ],
  },
  { group: 'System', places: [{ to: '/settings', name: 'Settings', icon: IconSettings }] },
]
