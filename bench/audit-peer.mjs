// One way to group a message log by country prefix and hour, in a process of its own: node bench/audit-peer.mjs duckdb|csv-parse|readline <file>
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { usage } from './print-usage.mjs'

/** `+` and three digits: the country, or the group of countries, of a number. */
const PREFIX = 4
/** Characters of an ISO date to its hour. */
const HOUR = 13

const PEERS = {
  async duckdb(file) {
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const types = `{'sid':'VARCHAR','date_sent':'VARCHAR','from':'VARCHAR','to':'VARCHAR','status':'VARCHAR','price':'DOUBLE','price_unit':'VARCHAR','num_segments':'INTEGER','error_code':'VARCHAR','direction':'VARCHAR'}`
    const answer = await connection.runAndReadAll(
      `SELECT left("to", ${PREFIX}) AS prefix, left(date_sent, ${HOUR}) AS hour, count(*) AS messages,
              sum(price) AS price, count(*) FILTER (status = 'delivered') AS delivered
       FROM read_csv('${file.replaceAll("'", "''")}', header = true, columns = ${types}) GROUP BY ALL`,
    )
    return answer.currentRowCount
  },

  async 'csv-parse'(file) {
    const { parse } = await import('csv-parse')
    const groups = grouping()
    let header = true
    await new Promise((resolve, reject) => {
      createReadStream(file)
        .on('error', reject)
        .pipe(parse())
        .on('data', (fields) => {
          if (header) header = false
          else groups.add(fields)
        })
        .on('error', reject)
        .on('end', resolve)
    })
    return groups.size()
  },

  async readline(file) {
    const groups = grouping()
    let header = true
    await new Promise((resolve, reject) => {
      createInterface({ input: createReadStream(file).on('error', reject) })
        .on('line', (line) => {
          if (header) header = false
          else groups.add(line.split(','))
        })
        .on('close', resolve)
    })
    return groups.size()
  },
}

function grouping() {
  const groups = new Map()
  return {
    add([, date, , to, status, price]) {
      const key = to.slice(0, PREFIX) + date.slice(0, HOUR)
      let group = groups.get(key)
      if (group === undefined) {
        group = { messages: 0, price: 0, delivered: 0 }
        groups.set(key, group)
      }
      group.messages++
      group.price += Number(price)
      if (status === 'delivered') group.delivered++
    },
    size: () => groups.size,
  }
}

const [name, file] = process.argv.slice(2)
const groups = await PEERS[name](file)
console.log(JSON.stringify({ groups, ...usage() }))
