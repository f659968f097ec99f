import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'

/** Saves a list as a file for spreadsheets. */
export const ExportButton = ({
  busy = false,
  onClick,
}: {
  busy?: boolean
  onClick: () => void
}) => (
  <Button
    variant="default"
    size="xs"
    leftSection={<IconDownload size={14} aria-hidden />}
    loading={busy}
    onClick={onClick}
  >
    CSV
  </Button>
)
