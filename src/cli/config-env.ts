import { KindGuard, type TObject, type TSchema } from '@sinclair/typebox'
import { parse } from 'yaml'
import { closest } from '../policy/suggest.js'
import { type Path, type Problem, valueProblems } from './checked-yaml.js'
import { DeploymentFile } from './config-schema.js'

interface Leaf {
  /** name in the environment */
  name: string
  path: Path
  schema: TSchema
}

/** Names that are not keys of the deployment file. */
const OTHERS = [
  'TOLLGATE_CONFIG',
  'TOLLGATE_BOOTSTRAP_KEY',
  'TOLLGATE_BOOTSTRAP_KEY_FILE',
  'TOLLGATE_SECRET',
  'TOLLGATE_SECRET_FILE',
] as const

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

/** Keys of the deployment file that the environment sets. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): {
  values: { path: Path; value: unknown }[]
  problems: Problem[]
  /** names that look like a misspelt one of ours */
  warnings: string[]
} {
  const values: { path: Path; value: unknown }[] = []
  const problems: Problem[] = []
  for (const { name, path, schema } of ENVIRONMENT) {
    const text = env[name]
    if (text === undefined || text === '') continue
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
      problems.push({ where: `environment ${name}`, path: '', message })
    if (wrong.length === 0) values.push({ path, value })
  }
  return { values, problems, warnings: misspelt(env) }
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
  const known = [...ENVIRONMENT.map((leaf) => leaf.name), ...OTHERS]
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith('TOLLGATE_') || known.includes(name)) return []
    const meant = closest(
      name.slice(9),
      known.map((k) => k.slice(9)),
    )
    return meant === undefined
      ? []
      : [`environment ${name}: unknown; did you mean TOLLGATE_${meant}?`]
  })
}
