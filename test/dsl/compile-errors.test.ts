/** The first line of the compiler's message names the two wires that do not fit, at the diagram that does not fit. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import ts from 'typescript'
import { beforeAll, describe, expect, test } from 'vitest'

interface WrongProgram {
  readonly what: string
  readonly code: string
  /** The argument that the message is about. */
  readonly at: string
  readonly names: readonly [string, string]
}

const wrongPrograms: readonly WrongProgram[] = [
  { what: 'a wire of another name', code: 'seq(grass, grass)', at: 'grass', names: ['Grass', 'Weather'] },
  { what: 'the last of four', code: 'seq(weather, grass, id(Grass), grass)', at: 'grass', names: ['Grass', 'Weather'] },
  { what: 'too many wires', code: 'seq(copy(Weather), grass)', at: 'grass', names: ['Weather ⊗ Weather', 'Weather'] },
  { what: 'too few wires', code: 'seq(weather, wet)', at: 'wet', names: ['Weather', 'Weather ⊗ Grass'] },
  { what: 'nothing for a wire', code: 'seq(discard(Weather), grass)', at: 'grass', names: ['I', 'Weather'] },
  { what: 'a wire for nothing', code: 'seq(grass, weather)', at: 'weather', names: ['Grass', 'I'] },
  {
    what: 'the first wire that does not fit, of two',
    code: 'seq(par(weather, weather), wet)',
    at: 'wet',
    names: ['Weather', 'Grass'],
  },
  {
    what: 'inside a long composite',
    code: 'seq(weather, copy(Weather), par(grass, id(Weather)), wet)',
    at: 'wet',
    names: ['Grass', 'Weather'],
  },
  {
    what: 'inside a parallel composite',
    code: 'par(seq(weather, wet), weather)',
    at: 'wet',
    names: ['Weather', 'Weather ⊗ Grass'],
  },
  {
    what: 'a program in a composite',
    code: 'seq(program([Weather], (w) => [w, w]), grass)',
    at: 'grass',
    names: ['Weather ⊗ Weather', 'Weather'],
  },
  { what: 'a program', code: 'program([Grass], (g) => grass(g))', at: 'g', names: ['Grass', 'Weather'] },
  {
    what: 'two variables of a program',
    code: 'program([Weather, Grass], (w, g) => wet(g, w))',
    at: 'g',
    names: ['Grass', 'Weather'],
  },
  {
    what: 'a copy for one wire',
    code: 'seq(copy(Weather), id(Weather))',
    at: 'id(Weather)',
    names: ['Weather ⊗ Weather', 'Weather'],
  },
  { what: 'one wire for a copy', code: 'seq(grass, copy(Weather))', at: 'copy(Weather)', names: ['Grass', 'Weather'] },
  {
    what: 'discarding another wire',
    code: 'seq(grass, discard(Weather))',
    at: 'discard(Weather)',
    names: ['Grass', 'Weather'],
  },
  {
    what: 'discarding too much',
    code: 'seq(weather, discard(Weather, Grass))',
    at: 'discard(Weather, Grass)',
    names: ['Weather', 'Weather ⊗ Grass'],
  },
  {
    what: 'an identity on another wire',
    code: 'seq(weather, id(Grass))',
    at: 'id(Grass)',
    names: ['Weather', 'Grass'],
  },
  {
    what: 'a swap of others',
    code: 'seq(par(weather, weather), swap(Weather, Grass))',
    at: 'swap(Weather, Grass)',
    names: ['Weather', 'Grass'],
  },
  { what: 'after a swap', code: 'seq(swap(Weather, Grass), wet)', at: 'wet', names: ['Grass', 'Weather'] },
  {
    what: 'after a swap of tuples',
    code: 'seq(swap([Weather, Grass], Grass), par(wet, id(Grass)))',
    at: 'par(wet, id(Grass))',
    names: ['Grass', 'Weather'],
  },
  {
    what: 'after a permutation',
    code: 'seq(permute([Weather, Grass], [1, 0]), wet)',
    at: 'wet',
    names: ['Grass', 'Weather'],
  },
  {
    what: 'after a projection',
    code: 'seq(project([Weather, Grass], [1]), grass)',
    at: 'grass',
    names: ['Grass', 'Weather'],
  },
  {
    what: 'after a marginal',
    code: 'seq(marginal(par(weather, seq(weather, grass)), [1]), grass)',
    at: 'grass',
    names: ['Grass', 'Weather'],
  },
  {
    what: 'a marginal in another order',
    code: 'seq(marginal(par(weather, seq(weather, grass)), [1, 0]), wet)',
    at: 'wet',
    names: ['Grass', 'Weather'],
  },
  {
    what: 'three wires for two',
    code: 'seq(par(weather, weather, seq(weather, grass)), wet)',
    at: 'wet',
    names: ['Weather ⊗ Weather ⊗ Grass', 'Weather ⊗ Grass'],
  },
  {
    what: 'a state after something',
    code: 'seq(grass, seq(weather, grass))',
    at: 'seq(weather, grass)',
    names: ['Grass', 'I'],
  },
  {
    what: 'a real wire for a finite one',
    code: "seq(box('e', [Weather], [Vector]), grass)",
    at: 'grass',
    names: ['Vector', 'Weather'],
  },
  {
    what: 'a finite wire for a real one',
    code: "seq(grass, box('l', [Vector], [Vector]))",
    at: "box('l', [Vector], [Vector])",
    names: ['Grass', 'Vector'],
  },
  {
    what: 'a sequence for its symbols',
    code: "seq(box('r', [Weather], [Week]), grass)",
    at: 'grass',
    names: ['Week', 'Weather'],
  },
  { what: 'the third of three', code: 'seq(weather, grass, grass)', at: 'grass', names: ['Grass', 'Weather'] },
  {
    what: 'a program that gives another wire',
    code: 'seq(program([Weather, Grass], (w, g) => [g]), grass)',
    at: 'grass',
    names: ['Grass', 'Weather'],
  },
  {
    what: 'a program inside a program',
    code: 'program([Grass], (g) => program([Weather], (w) => grass(w))(g))',
    at: 'g',
    names: ['Grass', 'Weather'],
  },
  {
    what: 'a diagram applied to another variable',
    code: 'program([Grass], (g) => apply(seq(id(Weather), grass), g))',
    at: 'g',
    names: ['Grass', 'Weather'],
  },
  {
    what: 'what a box gave',
    code: 'program([Weather], (w) => { const [g] = grass(w); return grass(g) })',
    at: 'g',
    names: ['Grass', 'Weather'],
  },
]

const preamble = `
import { apply, box, copy, discard, finite, id, marginal, par, permute, program, project, real, seq, sequence, state, swap } from '../../dsl/index.js'
const Weather = finite('Weather', ['sun', 'rain'])
const Grass = finite('Grass', ['dry', 'wet'])
const Vector = real('Vector', 3)
const Week = sequence('Week', Weather, 7)
const weather = state('weather', [Weather])
const grass = box('grass', [Weather], [Grass])
const wet = box('wet', [Weather, Grass], [Grass])
export const result = `

const here = dirname(fileURLToPath(import.meta.url))

interface Complaint {
  readonly firstLine: string
  readonly at: string
}

/** What the compiler, with the project's own options, says of each text; the texts are on no disk. */
const complaints = (codes: readonly string[]): readonly (readonly Complaint[])[] => {
  const config = ts.findConfigFile(here, ts.sys.fileExists)
  if (config === undefined) throw new Error('the project has no tsconfig.json')
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, ts.sys.readFile).config,
    ts.sys,
    dirname(config),
  )
  const files = codes.map((_, index) => join(here, `wrong-program-${index}.ts`))
  const texts = new Map(files.map((file, index) => [file, `${preamble}${codes[index]!}\n`]))
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (file) => texts.has(file) || fileExists(file)
  host.readFile = (file) => texts.get(file) ?? readFile(file)
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const text = texts.get(file)
    return text === undefined
      ? getSourceFile(file, languageVersion, ...rest)
      : ts.createSourceFile(file, text, languageVersion)
  }
  const program = ts.createProgram(files, { ...options, noEmit: true }, host)
  return files.map((file) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(({ messageText, start = 0, length = 0 }) => ({
      firstLine: ts.flattenDiagnosticMessageText(messageText, '\n').split('\n')[0]!,
      at: texts.get(file)!.slice(start, start + length),
    })),
  )
}

const shapes = "seq(grass, discard(finite('Grass', 3)))"
const fitting = 'seq(weather, copy(Weather), par(id(Weather), grass), wet)'

describe('compile errors', () => {
  let found: readonly (readonly Complaint[])[] = []
  beforeAll(() => {
    found = complaints([...wrongPrograms.map(({ code }) => code), shapes, fitting])
  })

  test.each(wrongPrograms.map((wrong, index) => ({ ...wrong, index })))('$what: $code', ({ index, at, names }) => {
    expect(found[index]).toHaveLength(1)
    const [complaint] = found[index]!
    expect(complaint!.at).toBe(at)
    const [given, wanted] = names
    // A composite says it in a sentence; the application of a program's box names the types of its variables.
    if (complaint!.firstLine.includes('Variable<'))
      expect(complaint!.firstLine).toMatch(
        new RegExp(`^Argument of type 'Variable<Finite<"${given}".* parameter of type 'Variable<Finite<"${wanted}"`),
      )
    else expect(complaint!.firstLine).toContain(`'${given}' is not assignable to '${wanted}'`)
  })

  test('two wires of one name and different shapes: it says so', () => {
    const [complaint] = found[wrongPrograms.length]!
    expect(complaint?.firstLine).toContain("'Grass' is not assignable to 'Grass': the names agree, the shapes do not")
    expect(complaint?.at).toBe("discard(finite('Grass', 3))")
  })

  test('a program that fits has no complaint', () => expect(found[wrongPrograms.length + 1]).toEqual([]))
})
