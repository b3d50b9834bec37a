/**
 * From a document to the diagram that it describes, by the rules of the typed constructors. Nothing in a document is trusted:
 * boundaries are computed, numbers are looked up, and the diagram shares no list with the document.
 */
import { bind, chain, Do, type Either, isLeft, left, map, mapLeft, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'

import {
  checkedBox,
  checkedFinite,
  checkedPar,
  checkedPermute,
  checkedProgram,
  checkedReal,
  checkedSeq,
  checkedSequence,
} from '../checked.js'
import type { Diagram, ProgramStep } from '../diagram.js'
import { legible, showFound } from '../legible.js'
import type { Wire } from '../object.js'
import { problem, type Problem } from '../problem.js'
import {
  diagramFormat,
  diagramVersion,
  envelopeShape,
  type NodeDocument,
  nodeShape,
  type WireDocument,
  wireShape,
} from './document.js'
import { faultOf } from './shape.js'

/**
 * The most wires that the parts of all composites of a document have together. Boundaries are lists, and parallel composites of
 * shared parts can make them exponentially long; this many take half a gigabyte.
 */
const mostWires = 2 ** 26

/**
 * The diagram of a document.
 *
 * Problems, with the number of the wire or the node: `wire-mismatch` for parts that do not fit, `malformed` for everything else, also
 * for a document whose composites have parts of more than 2^26 wires together.
 *
 * @example
 * const A = finite('A', 2)
 * decodeDiagram(encodeDiagram(copy(A))) // => { _tag: 'Right', right: copy(finite('A', 2)) }
 * decodeDiagram({ ...encodeDiagram(copy(A)), version: 9 })
 * // => {
 * //   _tag: 'Left',
 * //   left: {
 * //     kind: 'malformed',
 * //     where: 'document, version',
 * //     what: 'found 9',
 * //     remedy: 'version 1 is the one that is read here',
 * //   },
 * // }
 */
export const decodeDiagram = (document: unknown): Either<Problem, Diagram> => {
  const unreadable = formatProblem(document)
  if (unreadable !== undefined) return left(unreadable)
  if (!envelopeShape.is(document)) return left(faultOf(envelopeShape, document, 'document'))

  const read: Read = { wires: [], texts: new Map(), nodes: [], wireCount: 0 }
  for (let index = 0; index < document.wires.length; index++) {
    const where = `wire ${index}`
    const entry = document.wires[index]
    if (!wireShape.is(entry)) return left(faultOf(wireShape, entry, where))
    const wire = wireOf(entry, read)
    if (isLeft(wire)) return left(located(wire.left, where))
    read.wires.push(wire.right)
  }
  for (let index = 0; index < document.nodes.length; index++) {
    const where = `node ${index}`
    const entry = document.nodes[index]
    if (!nodeShape.is(entry)) return left(faultOf(nodeShape, entry, where))
    const node = nodeOf(entry, read)
    if (isLeft(node)) return left(located(node.left, `${where}, ${entry.kind}`))
    read.nodes.push(node.right)
  }
  return pipe(
    lookUp('root', 'node', read.nodes, document.root),
    mapLeft((found) => located(found, 'document')),
  )
}

/**
 * The diagram of a JSON text, as `printDiagram` writes it.
 *
 * Problems: as for `decodeDiagram`; `malformed` for a text that is no JSON.
 *
 * @example
 * const A = finite('A', 2)
 * parseDiagram(printDiagram(copy(A))) // => { _tag: 'Right', right: copy(finite('A', 2)) }
 */
export const parseDiagram = (text: string): Either<Problem, Diagram> => {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? legible(error.message) : 'it does not parse'
    return left(problem('malformed', 'document', `it is no JSON (${why})`, `give a text that printDiagram has written`))
  }
  return decodeDiagram(document)
}

/** What has been read of a document. */
interface Read {
  readonly wires: Wire[]
  /** The number of each wire by its text: wires are told apart by their records from here on. */
  readonly texts: Map<string, number>
  readonly nodes: Diagram[]
  /** How many wires the parts of composites have together. */
  wireCount: number
}

/** The format is looked at first: another version may have another shape. */
const formatProblem = (document: unknown): Problem | undefined => {
  const remedy = `documents of the format '${diagramFormat}', version ${diagramVersion}, are read here`
  if (!t.UnknownRecord.is(document)) {
    const hint = typeof document === 'string' ? 'parseDiagram reads texts' : remedy
    return problem('malformed', 'document', `found ${showFound(document)}`, hint)
  }
  const own = (key: string): unknown => (Object.hasOwn(document, key) ? document[key] : undefined)
  if (own('format') !== diagramFormat)
    return problem('malformed', 'document, format', `found ${showFound(own('format'))}`, remedy)
  if (own('version') !== diagramVersion)
    return problem(
      'malformed',
      'document, version',
      `found ${showFound(own('version'))}`,
      `version ${diagramVersion} is the one that is read here`,
    )
  return undefined
}

const wireOf = (entry: WireDocument, { wires, texts }: Read): Either<Problem, Wire> =>
  pipe(
    wireAlone(entry, wires),
    chain((wire) => {
      const text = JSON.stringify([entry.kind, entry.name, ...shapeOf(entry)])
      const earlier = texts.get(text)
      if (earlier !== undefined)
        return left(
          problem('malformed', '', `it is wire ${earlier} again`, 'list each wire once, and name it by number'),
        )
      texts.set(text, wires.length)
      return right(wire)
    }),
  )

const wireAlone = (entry: WireDocument, wires: readonly Wire[]): Either<Problem, Wire> => {
  switch (entry.kind) {
    case 'finite':
      return checkedFinite(entry.name, typeof entry.elements === 'number' ? entry.elements : [...entry.elements])
    case 'real':
      return checkedReal(entry.name, entry.dimension)
    case 'sequence':
      return pipe(
        lookUp('symbols', 'wire', wires, entry.symbols),
        chain((symbols) =>
          symbols.kind === 'finite'
            ? checkedSequence(entry.name, symbols, entry.length)
            : left(problem('malformed', 'symbols', `wire ${entry.symbols} is no finite set`, 'name a finite wire')),
        ),
      )
  }
}

const shapeOf = (entry: WireDocument): readonly unknown[] => {
  switch (entry.kind) {
    case 'finite':
      return [entry.elements]
    case 'real':
      return [entry.dimension]
    case 'sequence':
      return [entry.symbols, entry.length]
  }
}

const nodeOf = (entry: NodeDocument, read: Read): Either<Problem, Diagram> => {
  const { wires, nodes } = read
  switch (entry.kind) {
    case 'box': {
      const { name, deterministic, body } = entry
      return pipe(
        Do,
        bind('inputs', () => lookUpAll('inputs', 'wire', wires, entry.inputs)),
        bind('outputs', () => lookUpAll('outputs', 'wire', wires, entry.outputs)),
        bind('options', () =>
          body === undefined
            ? right({ deterministic })
            : pipe(
                lookUp('body', 'node', nodes, body),
                map((inner) => ({ deterministic, body: inner })),
              ),
        ),
        chain(({ inputs, outputs, options }) => checkedBox(name, inputs, outputs, options)),
      )
    }
    case 'identity':
    case 'copy':
    case 'discard':
    case 'permute':
      return pipe(
        lookUpAll('wires', 'wire', wires, entry.wires),
        chain((inputs): Either<Problem, Diagram> => {
          switch (entry.kind) {
            case 'identity':
              return right({ kind: entry.kind, inputs, outputs: inputs })
            case 'copy':
              return right({ kind: entry.kind, inputs, outputs: [...inputs, ...inputs] })
            case 'discard':
              return right({ kind: entry.kind, inputs, outputs: [] })
            case 'permute':
              return checkedPermute(inputs, [...entry.order])
          }
        }),
      )
    case 'seq':
      return pipe(partsOf(entry.parts, read), chain(checkedSeq))
    case 'par':
      return pipe(partsOf(entry.parts, read), chain(checkedPar))
    case 'program':
      return pipe(
        Do,
        bind('inputs', () => lookUpAll('inputs', 'wire', wires, entry.inputs)),
        bind('diagrams', () =>
          partsOf(
            entry.steps.map(({ diagram }) => diagram),
            read,
          ),
        ),
        chain(({ inputs, diagrams }) => {
          const steps = diagrams.map((diagram, k): ProgramStep => ({ diagram, reads: [...entry.steps[k]!.reads] }))
          return checkedProgram(inputs, steps, [...entry.returns])
        }),
      )
  }
}

/** The parts of a composite, if their boundaries are of a size that can be held. */
const partsOf = (numbers: readonly number[], read: Read): Either<Problem, readonly Diagram[]> =>
  pipe(
    lookUpAll('parts', 'node', read.nodes, numbers),
    chain((parts) => {
      for (const { inputs, outputs } of parts) read.wireCount += inputs.length + outputs.length
      return read.wireCount <= mostWires
        ? right(parts)
        : left(
            problem(
              'malformed',
              'parts',
              `with these, the parts of composites have ${read.wireCount} wires`,
              `at most ${mostWires} are read`,
            ),
          )
    }),
  )

const lookUpAll = <A>(
  field: string,
  what: 'wire' | 'node',
  entries: readonly A[],
  numbers: readonly number[],
): Either<Problem, readonly A[]> => {
  const found: A[] = []
  for (const [at, number] of numbers.entries()) {
    const entry = entries[number]
    if (entry === undefined) return absent(`${field}[${at}]`, what, entries, number)
    found.push(entry)
  }
  return right(found)
}

const lookUp = <A>(field: string, what: 'wire' | 'node', entries: readonly A[], number: number): Either<Problem, A> => {
  const entry = entries[number]
  return entry === undefined ? absent(field, what, entries, number) : right(entry)
}

const absent = (
  field: string,
  what: 'wire' | 'node',
  { length }: readonly unknown[],
  number: number,
): Either<Problem, never> =>
  left(
    problem(
      'malformed',
      field,
      `there is no ${what} ${number} before this`,
      length === 0 ? `there are no ${what}s to name here` : `name ${what}s from 0 to ${length - 1} here`,
    ),
  )

/** A problem of an entry as one of the document: a reader of documents tells misfits from all other faults. */
const located = ({ kind, where, what, remedy }: Problem, entry: string): Problem =>
  problem(
    kind === 'wire-mismatch' ? kind : 'malformed',
    where === '' || entry.endsWith(`, ${where}`) ? entry : `${entry}, ${where}`,
    what,
    remedy,
  )
