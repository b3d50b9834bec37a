/** The structure of the house: imports go one way and never in a circle. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

import ts from 'typescript'
import { expect, test } from 'vitest'

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesBelow(path)
    return path.endsWith('.ts') ? [path] : []
  })

const files = ['dsl', 'src', 'laws', 'examples'].flatMap(filesBelow)

/** The files that a file needs when it runs; types are gone by then. */
const importsOf = (file: string): readonly string[] => {
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
  })
  return ts
    .preProcessFile(outputText)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => normalize(join(dirname(file), fileName.replace(/\.js$/, '.ts'))))
}

const imports = new Map(files.map((file) => [file, importsOf(file)]))

test('every relative import names a file', () => {
  const missing = [...imports].flatMap(([file, needed]) =>
    needed.filter((other) => !imports.has(other)).map((other) => `${file} -> ${other}`),
  )
  expect(missing).toEqual([])
})

test('no circular imports', () => {
  const state = new Map<string, 'open' | 'done'>()
  const circles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      circles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
      return
    }
    state.set(file, 'open')
    for (const next of imports.get(file) ?? []) visit(next, [...path, file])
    state.set(file, 'done')
  }
  files.forEach((file) => visit(file, []))
  expect(circles).toEqual([])
})

test('the language needs nothing of the other folders', () => {
  const outside = [...imports].flatMap(([file, needed]) =>
    file.startsWith('dsl') ? needed.filter((other) => !other.startsWith('dsl')) : [],
  )
  expect(outside).toEqual([])
})
