import { Button, CopyButton, Group, Stack, Textarea } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'

interface ShownOnceProps {
  /** what it is, and that it is not shown again */
  children: ReactNode
  label: string
  value: string
  /** what the button copies @default value */
  copied?: string
  /** on that button */
  copy: string
  onDone: () => void
}

/** What fills a dialog that `stays`: a secret or link that was just made, for the only time. It has the focus, chosen whole. */
export function ShownOnce({
  children,
  label,
  value,
  copied = value,
  copy,
  onDone,
}: ShownOnceProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  // what had the focus before, the button that made it, is gone
  useEffect(() => field.current?.focus(), [])
  return (
    <Stack gap="md">
      {children}
      <Textarea
        ref={field}
        label={label}
        readOnly
        autosize
        value={value}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Group justify="flex-end">
        <CopyButton value={copied}>
          {({ copied: done, copy: put }) => (
            <Button
              variant="default"
              leftSection={
                done ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />
              }
              onClick={put}
            >
              {done ? 'Copied' : copy}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  )
}
