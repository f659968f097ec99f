import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { MoneyOfMonth } from '../../../../src/report/money'
import { saveCsv } from '../../kit'
import { MONEY_TABLES } from './money-tables'

const TABLES = [
  ['days', 'By day'],
  ['countries', 'By country'],
  ['operators', 'By operator'],
  ['providers', 'By provider'],
] as const

/** What the page shows of a month, as files for spreadsheets. */
export const ExportMoney = ({ money }: { money: MoneyOfMonth }) => (
  <Menu position="bottom-end" withinPortal>
    <Menu.Target>
      <Button variant="default" size="xs" leftSection={<IconDownload size={14} aria-hidden />}>
        CSV
      </Button>
    </Menu.Target>
    <Menu.Dropdown>
      {TABLES.map(([table, label]) => (
        <Menu.Item
          key={table}
          onClick={() =>
            saveCsv(`tollgate-money-${money.month}-${table}.csv`, MONEY_TABLES[table](money))
          }
        >
          {label}
        </Menu.Item>
      ))}
    </Menu.Dropdown>
  </Menu>
)
