import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import {
  IconCheck,
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSun,
  IconUser,
} from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { HELLO_KEY } from '../api/hello'
import { ProblemError } from '../api/problem'
import { request } from '../api/request'
import { told } from '../kit/told'
import { forgetKept } from '../kit/use-kept'
import { useMe } from '../kit/use-me'

const SCHEMES = [
  ['auto', 'As the system', IconDeviceDesktop],
  ['light', 'Light', IconSun],
  ['dark', 'Dark', IconMoon],
] as const

/** Somebody is about to leave. */
const LIMIT_MS = 10_000

/** Who is signed in, the colour scheme, and the way out. */
export function UserMenu() {
  const me = useMe()
  const client = useQueryClient()
  const { colorScheme, setColorScheme } = useMantineColorScheme()

  async function signOut(): Promise<void> {
    try {
      await request('sign-out', { method: 'POST', limitMs: LIMIT_MS })
    } catch (error) {
      // whoever leaves has to know that the session may still be open; what is on the screen goes all the same
      if (!(error instanceof ProblemError && error.status === 401)) told(error)
    }
    forgetKept()
    client.removeQueries({ queryKey: ['api'] })
    await client.resetQueries({ queryKey: HELLO_KEY })
  }

  return (
    <Menu position="bottom-end" width={220} withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={`Account of ${me.name}`}>
          <IconUser size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <bdi>{me.name}</bdi>, {me.role}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        {SCHEMES.map(([scheme, name, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={
              colorScheme === scheme ? <IconCheck size={14} aria-label="chosen" /> : null
            }
            onClick={() => setColorScheme(scheme)}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => void signOut()}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
