import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'

const ID = 'draft-given-up'
const OFFERED_MS = 30_000

/** What stood in the editor was given up for another text: for a while it can be had back. */
export const offerBack = (takeBack: () => void): void => {
  notifications.hide(ID)
  notifications.show({
    id: ID,
    autoClose: OFFERED_MS,
    message: (
      <Group justify="space-between" wrap="nowrap">
        Your text was taken out of the editor
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            notifications.hide(ID)
            takeBack()
          }}
        >
          Take it back
        </Button>
      </Group>
    ),
  })
}
