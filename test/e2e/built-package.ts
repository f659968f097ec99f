import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import ts from 'typescript'

const ROOT = resolve(import.meta.dirname, '../..')

/**
 * The package as an installation has it, built from the sources as they are: plain JavaScript under its own name, so
 * that programs can `import 'tollgate'` in processes of their own.
 */
export function buildPackage(directory: string): void {
  const source = join(ROOT, 'src')
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
    const { outputText } = ts.transpileModule(readFileSync(join(source, file), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    })
    const out = join(directory, 'dist', file.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(out), { recursive: true })
    writeFileSync(out, outputText)
  }
  for (const part of readdirSync(source)) {
    const tables = join(source, part, 'generated')
    if (existsSync(tables))
      cpSync(tables, join(directory, 'dist', part, 'generated'), { recursive: true })
  }
  const { name, version, type, exports } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  )
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, version, type, exports }))
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'))
}
