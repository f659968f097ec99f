import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import type {
  PolicyView,
  VersionDetailView,
  VersionsView,
  VersionView,
} from '../../../../src/http/console/policy-view'
import { Ago, Confirm, type DataColumn, DataTable, Loaded, useApi, useMe } from '../../kit'
import { Differences, TextDiff } from './diff-view'
import classes from './policy.module.css'
import { Publish } from './publish'

/** Every version that was in force: who, when, why, what it changed; and the way back. */
export function Versions(props: {
  inForce: PolicyView
  /** the editor has a text that nobody published */
  changed: boolean
  onBegin: (text: string, base: number) => void
}) {
  const { inForce } = props
  const [limit, setLimit] = useState(15)
  const [open, setOpen] = useState<number | null>(null)
  const versions = useApi<VersionsView>('policy/versions', { limit })
  const columns: DataColumn<VersionView>[] = [
    {
      id: 'version',
      header: 'Version',
      phone: 'title',
      cell: ({ version }) => (
        <button
          type="button"
          className={classes.link}
          aria-expanded={open === version}
          onClick={() => setOpen(open === version ? null : version)}
        >
          {version}
          {version === inForce.version && ' (in force)'}
        </button>
      ),
    },
    { id: 'at', header: 'Since', cell: ({ at }) => <Ago at={at} /> },
    { id: 'by', header: 'By', cell: ({ byName }) => <bdi>{byName}</bdi> },
    {
      id: 'note',
      header: 'Why',
      cell: ({ note }) => (note === null ? '–' : <bdi>{note}</bdi>),
    },
  ]
  return (
    <Loaded query={versions}>
      {({ versions: rows, more }) => (
        <div className={classes.stack}>
          <DataTable
            label="Versions of the policy"
            columns={columns}
            rows={rows}
            rowKey={({ version }) => String(version)}
            more={{ has: more, busy: versions.isFetching, load: () => setLimit(limit + 30) }}
          />
          {open !== null && <Version version={open} {...props} />}
        </div>
      )}
    </Loaded>
  )
}

function Version({
  version,
  inForce,
  changed,
  onBegin,
}: {
  version: number
  inForce: PolicyView
  changed: boolean
  onBegin: (text: string, base: number) => void
}) {
  const { can } = useMe()
  const [back, setBack] = useState(false)
  const [asking, setAsking] = useState(false)
  const detail = useApi<VersionDetailView>(`policy/versions/${version}`)
  return (
    <Loaded query={detail}>
      {({ text, previousText, differences }) => (
        <div className={classes.version}>
          <Group justify="space-between" align="center">
            <h3 className={classes.h3}>What version {version} changed</h3>
            {version !== inForce.version && text !== null && (
              <Group gap="xs">
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => (changed ? setAsking(true) : onBegin(text, inForce.version))}
                >
                  Open in the editor
                </Button>
                {can('admin') && (
                  <Button size="xs" variant="default" onClick={() => setBack(true)}>
                    Roll back to it
                  </Button>
                )}
              </Group>
            )}
          </Group>
          {text === null ? (
            <p className={classes.fieldAbout}>
              This version was given by a program; there is no text of it.
            </p>
          ) : (
            <>
              {previousText !== null && <Differences of={differences} />}
              <TextDiff before={previousText ?? ''} after={text} />
            </>
          )}
          <Confirm
            opened={asking}
            title={`Open version ${version} in the editor`}
            action="Open it"
            onClose={() => setAsking(false)}
            onConfirm={() => {
              onBegin(text ?? '', inForce.version)
              setAsking(false)
            }}
          >
            What stands in the editor and is not published is given up for it.
          </Confirm>
          {back && (
            <Publish
              opened
              onClose={() => setBack(false)}
              action="Roll back"
              path={`policy/versions/${version}/roll-back`}
              base={inForce.version}
              published={inForce.text ?? ''}
              note={`Back to version ${version}: `}
              onPublished={() => setBack(false)}
              onBegin={onBegin}
            />
          )}
        </div>
      )}
    </Loaded>
  )
}
