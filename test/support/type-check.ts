/** The compiler, with the project's own options, on a text that is on no disk. */
import { dirname, join } from 'node:path'

import ts from 'typescript'

export interface TypeCheck {
  /** What the compiler complains about, one line each. */
  readonly complaints: readonly string[]
  /** How many types the compiler made from generic ones, in the text and in what it needs of the library. */
  readonly instantiations: number
  /** Milliseconds of checking, without reading the files. */
  readonly time: number
}

/** Checks a text as if it were the file `name` in a folder of the project. */
export const typeCheck = (folder: string, name: string, text: string): TypeCheck => {
  const config = ts.findConfigFile(folder, ts.sys.fileExists)
  if (config === undefined) throw new Error('the project has no tsconfig.json')
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, ts.sys.readFile).config,
    ts.sys,
    dirname(config),
  )
  const file = join(folder, name)
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (path) => path === file || fileExists(path)
  host.readFile = (path) => (path === file ? text : readFile(path))
  host.getSourceFile = (path, version, ...rest) =>
    path === file ? ts.createSourceFile(path, text, version) : getSourceFile(path, version, ...rest)
  const program = ts.createProgram([file], { ...options, noEmit: true }, host)
  const start = performance.now()
  const diagnostics = program.getSemanticDiagnostics(program.getSourceFile(file))
  const time = performance.now() - start
  return {
    complaints: [...program.getSyntacticDiagnostics(program.getSourceFile(file)), ...diagnostics].map(
      ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '),
    ),
    instantiations: program.getInstantiationCount(),
    time,
  }
}
