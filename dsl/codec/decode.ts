/** From a document, or the text of one, to the diagram that it describes. */
import { type Either, isLeft, left, mapLeft } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'

import type { Diagram } from '../diagram.js'
import { legible, showFound } from '../legible.js'
import { problem, type Problem } from '../problem.js'
import { diagramFormat, diagramVersion, envelopeShape, nodeShape, wireShape } from './document.js'
import { nodeOf, type Read, wireOf } from './entry.js'
import { lookUp } from './look-up.js'
import { faultOf } from './shape.js'

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
    if (isLeft(node)) return left(located(node.left, where))
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

/** A problem of an entry as one of the document: a reader of documents tells misfits from all other faults. */
const located = ({ kind, where, what, remedy }: Problem, entry: string): Problem =>
  problem(kind === 'wire-mismatch' ? kind : 'malformed', where === '' ? entry : `${entry}, ${where}`, what, remedy)
