import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { queryClient } from '../api/query-client'
import { styleNonce } from '../theme/style-nonce'
import { theme, variables } from '../theme/theme'
import { Entrance } from './entrance'

export const App = () => (
  <MantineProvider
    theme={theme}
    cssVariablesResolver={variables}
    defaultColorScheme="auto"
    getStyleNonce={() => styleNonce}
  >
    <QueryClientProvider client={queryClient}>
      <ModalsProvider modalProps={{ closeButtonProps: { 'aria-label': 'Close' } }}>
        <Notifications position="bottom-right" limit={3} />
        <Entrance />
      </ModalsProvider>
    </QueryClientProvider>
  </MantineProvider>
)
