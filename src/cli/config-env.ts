import { KindGuard, type TObject, type TSchema } from '@sinclair/typebox'
import { parse } from 'yaml'
import { closest } from '../policy/suggest.js'
import { readSecretFile } from '../send/secret-file.js'
import { type Path, type Problem, valueProblems } from './checked-yaml.js'
import { DeploymentFile } from './config-schema.js'

interface Leaf {
  /** name in the environment */
  name: string
  path: Path
  schema: TSchema
}

/** Names that are not keys of the deployment file. */
const OTHERS = ['TOLLGATE_CONFIG', 'TOLLGATE_BOOTSTRAP_KEY', 'TOLLGATE_SECRET'] as const

const snake = (key: string): string => key.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()

function leavesOf(schema: TObject, path: Path): Leaf[] {
  return Object.entries(schema.properties).flatMap(([key, inner]): Leaf[] => {
    const at = [...path, key]
    if (KindGuard.IsObject(inner)) return leavesOf(inner, at)
    // server.port is TOLLGATE_PORT: the server is what is being run
    const named = at[0] === 'server' ? at.slice(1) : at
    return [
      { name: `TOLLGATE_${named.map((p) => snake(String(p))).join('_')}`, path: at, schema: inner },
    ]
  })
}

/** Every key of the deployment file and its name in the environment. */
export const ENVIRONMENT: readonly Leaf[] = leavesOf(DeploymentFile, [])

/** Every name that the environment may set; each also as `<NAME>_FILE`, a file that has the value in it. */
export const NAMES: readonly string[] = [...ENVIRONMENT.map(({ name }) => name), ...OTHERS].flatMap(
  (name) => (name === 'TOLLGATE_CONFIG' ? [name] : [name, `${name}_FILE`]),
)

/** Keys of the deployment file that the environment sets, in clear or by a file. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): {
  values: { path: Path; value: unknown }[]
  problems: Problem[]
  /** names that look like a misspelt one of ours */
  warnings: string[]
} {
  const values: { path: Path; value: unknown }[] = []
  const problems: Problem[] = []
  const warnings: string[] = []
  for (const { name, path, schema } of ENVIRONMENT) {
    const read = given(env, name, (warning) => warnings.push(warning))
    if (read === null) continue
    if ('problem' in read) {
      problems.push({ where: 'environment', path: '', message: read.problem })
      continue
    }
    const { text, secret } = read
    if (name === 'TOLLGATE_PORT' && text.startsWith('tcp://')) {
      problems.push({
        where: `environment ${name}`,
        path: '',
        message: `${text} was set by Kubernetes for a Service named tollgate; set enableServiceLinks: false on the pod, or name the Service otherwise`,
      })
      continue
    }
    const value = readText(text, schema)
    const wrong = valueProblems(schema, value)
    for (const { message } of wrong)
      problems.push({
        where: `environment ${name}${secret ? '_FILE' : ''}`,
        path: '',
        // what stands in the file may be a password
        message: secret ? `what the file holds is not right; give ${schema.description}` : message,
      })
    if (wrong.length === 0) values.push({ path, value })
  }
  return { values, problems, warnings: [...warnings, ...misspelt(env)] }
}

/** What the environment says of one name; `null` when nothing. `secret`: it came from a file. */
function given(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  warn: (text: string) => void,
): { text: string; secret: boolean } | { problem: string } | null {
  const { [name]: text = '', [`${name}_FILE`]: file = '' } = env
  if (file === '') return text === '' ? null : { text, secret: false }
  if (text !== '') return { problem: `${name} and ${name}_FILE are both set; set one of them` }
  try {
    return { text: readSecretFile(file, `${name}_FILE`, warn), secret: true }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Text as it is; anything else as YAML has it, and lists of plain items with commas too. */
function readText(text: string, schema: TSchema): unknown {
  if (KindGuard.IsString(schema) || KindGuard.IsUnion(schema)) return text
  if (KindGuard.IsArray(schema) && !/^\s*[[-]/.test(text)) {
    const items = text.split(',').map((item) => item.trim())
    return KindGuard.IsInteger(schema.items) ? items.map(Number) : items
  }
  try {
    return parse(text) as unknown
  } catch (error) {
    return error instanceof Error ? `${text} (${error.message.split('\n')[0]})` : text
  }
}

function misspelt(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith('TOLLGATE_') || NAMES.includes(name)) return []
    const meant = closest(
      name.slice(9),
      NAMES.map((k) => k.slice(9)),
    )
    return meant === undefined
      ? []
      : [`environment ${name}: unknown; did you mean TOLLGATE_${meant}?`]
  })
}
