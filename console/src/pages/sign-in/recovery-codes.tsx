import { Button, Checkbox, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { saveFile } from '../../kit/save-file'
import { Text } from './frame'
import classes from './frame.module.css'

/** New recovery codes, for the only time; it goes on once the person says that they are kept. */
export function RecoveryCodes({
  codes,
  onDone,
  action,
}: {
  codes: readonly string[]
  onDone: () => void
  /** on the button that goes on */
  action: string
}) {
  const [kept, setKept] = useState(false)
  const text = `Tollgate recovery codes for ${location.host}\nEach works once.\n\n${codes.join('\n')}\n`
  return (
    <>
      <Text>
        When your passkey is not at hand, one of these codes signs you in, once. Keep them where you
        keep passwords. They are not shown again.
      </Text>
      <ol className={classes.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className={classes.actions}>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              size="xs"
              leftSection={
                copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />
              }
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() => saveFile('tollgate-recovery-codes.txt', 'text/plain', text)}
        >
          Save as a file
        </Button>
      </div>
      <Checkbox
        label="I have kept the codes"
        checked={kept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Button disabled={!kept} onClick={onDone}>
        {action}
      </Button>
    </>
  )
}
