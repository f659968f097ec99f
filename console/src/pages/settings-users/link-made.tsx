import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import type { LinkMadeView } from '../../../../src/http/console/access-view'
import { Dialog, When } from '../../kit'
import { CopyText } from './copy-text'

/** A link that was just made, for the only time. */
export const LinkMade = ({
  made,
  onClose,
}: {
  made: LinkMadeView & { name: string }
  onClose: () => void
}) => (
  <Dialog onClose={onClose} title="One-time link" closeOnClickOutside={false}>
    <Stack gap="md">
      <Text>
        Hand it to <bdi>{made.name}</bdi> by a way that nobody else reads. Whoever opens it first
        gets in. It works once, until <When at={made.expiresAt} />, and is not shown again.
      </Text>
      <Textarea
        label="Link"
        readOnly
        autosize
        value={made.url}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Group justify="flex-end">
        <CopyText text={made.url} label="Copy the link" />
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  </Dialog>
)
