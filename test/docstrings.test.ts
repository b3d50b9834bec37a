/** Every example in a docstring is run, and each of its `// =>` lines is asserted. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import * as either from 'fp-ts/lib/Either.js'
import * as option from 'fp-ts/lib/Option.js'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

import * as dsl from '../dsl/index.js'
import * as laws from '../laws/index.js'
import * as markovcat from '../src/index.js'

interface Example {
  readonly file: string
  readonly line: number
  readonly code: string
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesBelow(path)
    return entry.name.endsWith('.ts') ? [path] : []
  })

/** The text after each `@example` up to the end of its comment or the next tag. */
const examplesIn = (file: string): readonly Example[] => {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const lines = comment[0].split('\n').map((line) => line.replace(/^\s*(\/\*\*|\*\/|\* ?)/, ''))
    const first = text.slice(0, comment.index).split('\n').length
    const starts = lines.flatMap((line, index) => (line.trim() === '@example' ? [index] : []))
    return starts.map((start) => {
      const rest = lines.slice(start + 1)
      const end = rest.findIndex((line) => line.trimStart().startsWith('@'))
      return { file, line: first + start, code: (end === -1 ? rest : rest.slice(0, end)).join('\n') }
    })
  })
}

/** The code with every expression that a `// =>` follows handed to `claim`, together with the text of its value. */
const withClaims = (code: string): { readonly javascript: string; readonly claims: number } => {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true)
  let claims = 0
  const pieces = source.statements.map((statement, index) => {
    const until = source.statements[index + 1]?.getStart() ?? code.length
    const claimed = /^\s*;?\s*\/\/ =>\s*([\s\S]*)$/.exec(code.slice(statement.getEnd(), until))?.[1]
    if (!ts.isExpressionStatement(statement) || claimed === undefined) return statement.getText()
    claims += 1
    // A value may go on over several comment lines.
    const value = claimed.replace(/\n\s*\/\/ ?/g, '\n').trim()
    return `claim((${statement.expression.getText()}), (${value}))`
  })
  const options = { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } }
  return { javascript: ts.transpileModule(pieces.join('\n'), options).outputText, claims }
}

/** Numbers agree to 1e-9 of their size: examples are for people, who do not write seventeen digits. */
const claim = (actual: unknown, stated: unknown): void => expect(rounded(actual)).toEqual(rounded(stated))
const rounded = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(9)) : value
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rounded(entry)]))
  return value
}

const examples = ['dsl', 'src', 'laws'].flatMap(filesBelow).flatMap(examplesIn)

describe('examples in docstrings', () => {
  test('there are many of them', () => expect(examples.length).toBeGreaterThan(40))

  test.each(examples)('$file:$line', async ({ file, code }) => {
    const module: Record<string, unknown> = await import(/* @vite-ignore */ `../${file}`)
    const scope: Record<string, unknown> = {
      ...option,
      ...either,
      ...laws,
      ...markovcat,
      ...dsl,
      ...module,
      claim,
    }
    const { javascript, claims } = withClaims(code)
    expect(claims, 'an example states at least one result').toBeGreaterThan(0)
    const names = Object.keys(scope).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default')
    const body = `return (async () => {\n${javascript}\n})()`
    const run = new Function(...names, body)
    await run(...names.map((name) => scope[name]))
  })
})
