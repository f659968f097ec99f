import { ActionIcon, Button, Menu, TextInput } from '@mantine/core'
import { IconChevronDown, IconSearch, IconX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { SearchField, Understood } from '../../../../src/http/console/decisions-view'
import { request, sentenceOf, useApi } from '../../kit'
import classes from './decisions.module.css'
import { asked, FIELD_WORDS, searchedBy } from './search-state'

type By = { field: SearchField; value: string }

/** What else it could have meant. */
function useOthers(by: By | null): By[] {
  const { data } = useApi<Understood>(
    'decisions/understood',
    { text: by?.value ?? '' },
    { enabled: by !== null, keep: false },
  )
  if (data === undefined || by === null) return []
  const first = data.field === null ? [] : [{ field: data.field, value: data.value }]
  return [...first, ...data.others].filter(({ field }) => field !== by.field)
}

/** One box for whatever is known: it says how it was understood, and what else it could be. */
export function SearchBox({ search }: { search: URLSearchParams }) {
  const [, navigate] = useLocation()
  const by = searchedBy(search)
  const [text, setText] = useState(by?.value ?? '')
  const [wrong, setWrong] = useState<string | null>(null)
  const others = useOthers(by)

  useEffect(() => setText(by?.value ?? ''), [by?.value])

  async function submit() {
    setWrong(null)
    if (text.trim() === '') return navigate(asked(search, null))
    let understood: Understood
    try {
      understood = await request<Understood>('decisions/understood', { query: { text } })
    } catch (error) {
      return setWrong(sentenceOf(error))
    }
    if (understood.decision !== null) return navigate(`/decisions/${understood.decision}`)
    const { field, value } = understood
    if (field === null) return setWrong('That is nothing one can search by.')
    navigate(asked(search, { field, value }))
  }

  return (
    <search className={classes.search}>
      <form
        className={classes.box}
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <TextInput
          className={classes.input}
          aria-label="Search decisions"
          placeholder="Number, first digits, IP address, AS number, device or account"
          value={text}
          maxLength={300}
          spellCheck={false}
          autoComplete="off"
          leftSection={<IconSearch size={16} aria-hidden />}
          onChange={(event) => setText(event.currentTarget.value)}
          error={wrong}
        />
        <Button type="submit">Search</Button>
      </form>
      {by !== null && (
        <p className={classes.understood}>
          <span>
            {FIELD_WORDS[by.field]} <bdi className={classes.value}>{by.value}</bdi>
          </span>
          {others.length > 0 && (
            <Menu position="bottom-start" shadow="md">
              <Menu.Target>
                <Button
                  variant="subtle"
                  size="compact-xs"
                  rightSection={<IconChevronDown size={12} aria-hidden />}
                >
                  Not that?
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {others.map((other) => (
                  <Menu.Item key={other.field} onClick={() => navigate(asked(search, other))}>
                    {FIELD_WORDS[other.field]} <bdi>{other.value}</bdi>
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
          <ActionIcon
            variant="subtle"
            size="sm"
            aria-label="Search for everything"
            onClick={() => navigate(asked(search, null))}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </p>
      )}
    </search>
  )
}
