import { Button, Tabs } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import type { PolicyView } from '../../../../src/http/console/policy-view'
import {
  Ago,
  Column,
  Empty,
  Failed,
  Loaded,
  Loading,
  Mono,
  PageTitle,
  Section,
  StateBadge,
  useApi,
  useMe,
} from '../../kit'
import { Bounds } from './bounds'
import { Differences, TextDiff } from './diff-view'
import { Form } from './form'
import { offerBack } from './offer-back'
import classes from './policy.module.css'
import { Publish } from './publish'
import { Replay } from './replay'
import { type DraftState, useDraft } from './use-draft'
import { useProposedEdits } from './use-proposed-edits'
import { Versions } from './versions'

const Editor = lazy(async () => ({ default: (await import('./editor')).Editor }))

export function Page() {
  const policy = useApi<PolicyView>('policy', {}, { live: ['policy'] })
  return (
    <Loaded
      query={policy}
      loading={
        <>
          <PageTitle title="Policy" />
          <Loading height={480} />
        </>
      }
    >
      {(view) => (view.text === null ? <NoText view={view} /> : <Editing inForce={view} />)}
    </Loaded>
  )
}

const NoText = ({ view }: { view: PolicyView }) => (
  <>
    <PageTitle title="Policy" />
    <Empty title="This policy was given by a program">
      Version {view.version} was handed over as an object and has no text. Change it where the
      program makes it, or start the gateway with a policy file.
    </Empty>
  </>
)

function Editing({ inForce }: { inForce: PolicyView }) {
  const { can } = useMe()
  const draft = useDraft(inForce)
  const [publishing, setPublishing] = useState(false)
  const [goTo, setGoTo] = useState<{ line: number } | null>(null)
  const fixing = useProposedEdits(draft)
  /** Another text in the place of what stands in the editor, which can be had back. */
  const replace = (text: string, base: number): void => {
    const before = { text: draft.text, base: draft.base }
    draft.begin(text, base)
    if (draft.changed) offerBack(() => draft.begin(before.text, before.base))
  }
  const errors = draft.check?.ok === false ? draft.check.errors : []
  const readOnly = !can('analyst')
  return (
    <Column>
      <PageTitle
        title="Policy"
        about={<InForce view={inForce} />}
        actions={
          <>
            <State draft={draft} errors={errors.length} />
            {draft.changed && (
              <Button
                variant="default"
                size="xs"
                onClick={() => replace(inForce.text ?? '', inForce.version)}
              >
                Discard
              </Button>
            )}
            {can('admin') && (
              <Button
                size="xs"
                disabled={!draft.changed || draft.checking || draft.check?.ok !== true}
                onClick={() => setPublishing(true)}
              >
                Publish…
              </Button>
            )}
          </>
        }
      />
      {fixing !== null && <p className={classes.told}>{fixing}</p>}
      {draft.behind && draft.changed && (
        <p className={classes.told} role="status">
          Version {inForce.version} was published by {inForce.byName} while you were editing version{' '}
          {draft.base}. Publish shows what they changed and puts both together.
        </p>
      )}
      {draft.error !== null && <Failed error={draft.error} retry={draft.checkAgain} />}
      <div className={classes.sides}>
        <Section title="Settings" about="What is grey is inherited; setting it writes it down.">
          <Form draft={draft} readOnly={readOnly} />
        </Section>
        <Section title="Text" flush>
          <div className={classes.editor}>
            <Suspense fallback={<Loading height={560} />}>
              <Editor
                text={draft.text}
                base={draft.base}
                problems={errors}
                readOnly={readOnly}
                goTo={goTo}
                onChange={draft.edit}
              />
            </Suspense>
          </div>
          {errors.length > 0 && (
            <ul className={classes.problems} aria-label="What is wrong in the text">
              {errors.map(({ line, column, path, message, hint }) => (
                <li key={`${line}:${column} ${path} ${message}`}>
                  <button type="button" className={classes.link} onClick={() => setGoTo({ line })}>
                    Line {line}
                  </button>
                  {path !== '' && <Mono>{path}</Mono>}
                  <span>
                    <bdi>{message}</bdi>; {hint}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Section>
      </div>
      <Section title="Before you publish" flush>
        <After inForce={inForce} draft={draft} replace={replace} />
      </Section>
      <Publish
        opened={publishing}
        onClose={() => setPublishing(false)}
        action="Publish"
        path="policy/publish"
        text={draft.text}
        base={draft.base}
        published={inForce.text ?? ''}
        onPublished={(version) => draft.begin(draft.text, version)}
        onBegin={replace}
      />
    </Column>
  )
}

const InForce = ({ view }: { view: PolicyView }) => (
  <>
    Version {view.version}
    {view.builtIn ? ', the built-in policy' : <>, by {<bdi>{view.byName}</bdi>}</>},{' '}
    <Ago at={view.at} />
    {view.file !== null && (
      <>
        {' '}
        · kept in <Mono>{view.file}</Mono>
      </>
    )}
  </>
)

function State({ draft, errors }: { draft: DraftState; errors: number }) {
  if (!draft.changed) return <StateBadge tone="good">In force</StateBadge>
  if (draft.checking) return <StateBadge>Checking</StateBadge>
  if (errors > 0)
    return (
      <StateBadge tone="bad">
        {errors} {errors === 1 ? 'mistake' : 'mistakes'}
      </StateBadge>
    )
  return <StateBadge tone="warn">Not published</StateBadge>
}

function After({
  inForce,
  draft,
  replace,
}: {
  inForce: PolicyView
  draft: DraftState
  replace: (text: string, base: number) => void
}) {
  const [tab, setTab] = useState<string | null>(draft.changed ? 'changes' : 'replay')
  const checked = draft.check?.ok ? draft.check : null
  const now = inForce.check?.ok ? inForce.check.bounds : []
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false}>
      <Tabs.List px="md">
        <Tabs.Tab value="changes">
          Changes
          {checked !== null && draft.changed ? ` (${checked.differences.length})` : ''}
        </Tabs.Tab>
        <Tabs.Tab value="replay">Replay</Tabs.Tab>
        <Tabs.Tab value="bound">Worst case</Tabs.Tab>
        <Tabs.Tab value="versions">Versions</Tabs.Tab>
      </Tabs.List>
      <div className={classes.panel}>
        <Tabs.Panel value="changes">
          {!draft.changed ? (
            <Empty title="Nothing was changed">
              Change a setting on the left or the text on the right: what it comes to stands here.
            </Empty>
          ) : (
            <div className={classes.stack}>
              {checked !== null && <Differences of={checked.differences} />}
              <TextDiff before={inForce.text ?? ''} after={draft.text} />
            </div>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="replay">
          <Replay text={draft.text} ready={checked !== null} running={inForce.replay} />
        </Tabs.Panel>
        <Tabs.Panel value="bound">
          <Bounds now={now} then={draft.changed ? (checked?.bounds ?? null) : null} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <Versions inForce={inForce} changed={draft.changed} onBegin={replace} />
        </Tabs.Panel>
      </div>
    </Tabs>
  )
}
