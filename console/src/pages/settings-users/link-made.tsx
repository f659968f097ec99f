import { Text } from '@mantine/core'
import type { LinkMadeView } from '../../../../src/http/console/access-view'
import { ShownOnce, When } from '../../kit'

export const LINK_TITLE = 'One-time link'

/** What fills the dialog of a link that was just made. */
export const LinkMade = ({
  made,
  name,
  onDone,
}: {
  made: LinkMadeView
  /** whom it is for */
  name: string
  onDone: () => void
}) => (
  <ShownOnce label="Link" value={made.url} copy="Copy the link" onDone={onDone}>
    <Text>
      Hand it to <bdi>{name}</bdi> by a way that nobody else reads. Whoever opens it first gets in.
      It works once, until <When at={made.expiresAt} />, and is not shown again.
    </Text>
  </ShownOnce>
)
