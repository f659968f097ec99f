import { Button, Skeleton } from '@mantine/core'
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ProblemError, sentenceOf } from '../api/problem'
import classes from './states.module.css'

/** There is nothing, and that is all right: says why, and what to do. */
export const Empty = ({ title, children }: { title: string; children?: ReactNode }) => (
  <div className={classes.state}>
    <p className={classes.title}>{title}</p>
    {children !== undefined && <div className={classes.text}>{children}</div>}
  </div>
)

/** It could not be read: the gateway's sentence, and another try. */
export const Failed = ({ error, retry }: { error: unknown; retry?: () => void }) => (
  <div className={classes.state} role="alert">
    <p className={classes.title}>
      <IconAlertTriangle size={18} aria-hidden className={classes.icon} />
      {error instanceof ProblemError ? error.problem.title : 'This page failed'}
    </p>
    <p className={classes.text}>{sentenceOf(error)}</p>
    {retry !== undefined && (
      <Button
        variant="default"
        size="xs"
        leftSection={<IconRefresh size={14} aria-hidden />}
        onClick={retry}
      >
        Try again
      </Button>
    )}
  </div>
)

/** On its way: grey lines where it will be. */
export const Loading = ({ lines = 4, height }: { lines?: number; height?: number }) => (
  <div className={classes.loading} role="status" aria-label="Loading">
    {height !== undefined ? (
      <Skeleton height={height} />
    ) : (
      Array.from({ length: lines }, (_, line) => `line ${line}`).map((key, line) => (
        <Skeleton key={key} height={16} width={`${100 - ((line * 23) % 40)}%`} />
      ))
    )}
  </div>
)

/** The three states of something that is read: on its way, failed, there. What was read stays while it is read again. */
export function Loaded<T>({
  query,
  children,
  loading,
}: {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'> &
    Partial<Pick<UseQueryResult<T>, 'failureCount' | 'failureReason'>>
  children: (data: T) => ReactNode
  loading?: ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  // told while it is still tried again: the second failure is no accident
  const error = query.error ?? ((query.failureCount ?? 0) > 1 ? query.failureReason : null)
  if (error) return <Failed error={error} retry={() => void query.refetch()} />
  return loading ?? <Loading />
}
