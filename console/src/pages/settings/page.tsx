import { Tabs } from '@mantine/core'
import { type ComponentType, lazy, Suspense } from 'react'
import { useLocation, useParams } from 'wouter'
import { Empty, Loading, PageTitle, type Role, useMe } from '../../kit'

interface TabPlace {
  name: string
  role: Role
  Tab: ComponentType
}

const tab = (load: () => Promise<{ Tab: ComponentType }>): ComponentType =>
  lazy(async () => ({ default: (await load()).Tab }))

/** Tabs by the last part of their address, each loaded when somebody goes there. */
const TABS: Readonly<Record<string, TabPlace>> = {
  services: { name: 'Services', role: 'viewer', Tab: tab(() => import('./services')) },
  keys: { name: 'API keys', role: 'admin', Tab: tab(() => import('../settings-keys/tab')) },
  alerts: { name: 'Alerts', role: 'viewer', Tab: tab(() => import('../settings-alerts/tab')) },
  users: { name: 'Users', role: 'viewer', Tab: tab(() => import('../settings-users/tab')) },
  privacy: { name: 'Privacy', role: 'admin', Tab: tab(() => import('./privacy')) },
  audit: { name: 'Audit log', role: 'admin', Tab: tab(() => import('../settings-audit/tab')) },
  deployment: { name: 'Deployment', role: 'viewer', Tab: tab(() => import('./deployment')) },
}

/** Settings of services, keys, alerts, users and the deployment. */
export function Page() {
  const { tab: named = 'services' } = useParams<{ tab: string }>()
  const [, go] = useLocation()
  const me = useMe()
  const place = Object.hasOwn(TABS, named) ? TABS[named] : undefined
  return (
    <>
      <PageTitle title="Settings" />
      <Tabs
        value={named}
        onChange={(next) => next !== null && go(`/settings/${next}`)}
        activateTabWithKeyboard={false}
        keepMounted={false}
      >
        <Tabs.List mb="md" aria-label="Settings">
          {Object.entries(TABS)
            .filter(([, { role }]) => me.can(role))
            .map(([key, { name }]) => (
              <Tabs.Tab key={key} value={key}>
                {name}
              </Tabs.Tab>
            ))}
        </Tabs.List>
        {place !== undefined && me.can(place.role) && (
          <Tabs.Panel value={named}>
            <Suspense fallback={<Loading />}>
              <place.Tab />
            </Suspense>
          </Tabs.Panel>
        )}
      </Tabs>
      {place === undefined && (
        <Empty title="There is no such tab">Choose one of those above.</Empty>
      )}
      {place !== undefined && !me.can(place.role) && (
        <Empty title="This is for administrators">
          Ask one of them to change what you need here.
        </Empty>
      )}
    </>
  )
}
