/**
 * The wire or the diagram that one entry of a document describes. Nothing in an entry is trusted: boundaries are computed, numbers are
 * looked up, and what is built shares no list with the document.
 *
 * There may be 100,000 entries, so steps that can fail are left by early returns, which cost a tenth of a chain of functions.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

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
import type { Wire } from '../object.js'
import { problem, type Problem } from '../problem.js'
import type { NodeDocument, WireDocument } from './document.js'
import { lookUp, lookUpAll } from './look-up.js'

/**
 * The most wires that the parts of all composites of a document have together. Boundaries are lists, and parallel composites of
 * shared parts can make them exponentially long; this many take half a gigabyte.
 */
const mostWires = 2 ** 26

/** What has been read of a document. */
export interface Read {
  readonly wires: Wire[]
  /** The number of each wire by its text: wires are told apart by their records from here on. */
  readonly texts: Map<string, number>
  readonly nodes: Diagram[]
  /** How many wires the parts of composites have together. */
  wireCount: number
}

/** The wire of an entry. */
export const wireOf = (entry: WireDocument, { wires, texts }: Read): Either<Problem, Wire> => {
  const wire = wireAlone(entry, wires)
  if (isLeft(wire)) return wire
  const text = JSON.stringify([entry.kind, entry.name, ...shapeOf(entry)])
  const earlier = texts.get(text)
  if (earlier !== undefined)
    return left(problem('malformed', '', `it is wire ${earlier} again`, 'list each wire once, and name it by number'))
  texts.set(text, wires.length)
  return wire
}

const wireAlone = (entry: WireDocument, wires: readonly Wire[]): Either<Problem, Wire> => {
  switch (entry.kind) {
    case 'finite':
      return checkedFinite(entry.name, typeof entry.elements === 'number' ? entry.elements : [...entry.elements])
    case 'real':
      return checkedReal(entry.name, entry.dimension)
    case 'sequence': {
      const symbols = lookUp('symbols', 'wire', wires, entry.symbols)
      if (isLeft(symbols)) return symbols
      return symbols.right.kind === 'finite'
        ? checkedSequence(entry.name, symbols.right, entry.length)
        : left(problem('malformed', 'symbols', `wire ${entry.symbols} is no finite set`, 'name a finite wire'))
    }
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

/** The diagram of an entry. */
export const nodeOf = (entry: NodeDocument, read: Read): Either<Problem, Diagram> => {
  const { wires, nodes } = read
  switch (entry.kind) {
    case 'box': {
      const { name, deterministic } = entry
      const inputs = lookUpAll('inputs[]', 'wire', wires, entry.inputs)
      if (isLeft(inputs)) return inputs
      const outputs = lookUpAll('outputs[]', 'wire', wires, entry.outputs)
      if (isLeft(outputs)) return outputs
      if (entry.body === undefined) return checkedBox(name, inputs.right, outputs.right, { deterministic })
      const body = lookUp('body', 'node', nodes, entry.body)
      if (isLeft(body)) return body
      return checkedBox(name, inputs.right, outputs.right, { deterministic, body: body.right })
    }
    case 'identity':
    case 'copy':
    case 'discard': {
      const found = lookUpAll('wires[]', 'wire', wires, entry.wires)
      if (isLeft(found)) return found
      const inputs = found.right
      const outputs = { identity: inputs, copy: [...inputs, ...inputs], discard: [] }[entry.kind]
      return right({ kind: entry.kind, inputs, outputs })
    }
    case 'permute': {
      const inputs = lookUpAll('wires[]', 'wire', wires, entry.wires)
      return isLeft(inputs) ? inputs : checkedPermute(inputs.right, [...entry.order])
    }
    case 'seq':
    case 'par': {
      const parts = partsOf('parts[]', entry.parts, read)
      if (isLeft(parts)) return parts
      return entry.kind === 'seq' ? checkedSeq(parts.right) : checkedPar(parts.right)
    }
    case 'program': {
      const inputs = lookUpAll('inputs[]', 'wire', wires, entry.inputs)
      if (isLeft(inputs)) return inputs
      // Not by the method of lists: it calls what a list from outside may have as its field `constructor`.
      const numbers = Array.from(entry.steps, ({ diagram }) => diagram)
      const diagrams = partsOf('steps[].diagram', numbers, read)
      if (isLeft(diagrams)) return diagrams
      const steps = diagrams.right.map((diagram, k): ProgramStep => ({ diagram, reads: [...entry.steps[k]!.reads] }))
      return checkedProgram(inputs.right, steps, [...entry.returns])
    }
  }
}

/** The parts of a composite, if their boundaries are of a size that can be held. */
const partsOf = (field: string, numbers: readonly number[], read: Read): Either<Problem, readonly Diagram[]> => {
  const parts = lookUpAll(field, 'node', read.nodes, numbers)
  if (isLeft(parts)) return parts
  for (const { inputs, outputs } of parts.right) read.wireCount += inputs.length + outputs.length
  if (read.wireCount <= mostWires) return parts
  return left(
    problem(
      'malformed',
      '',
      `with its parts, the parts of composites have ${read.wireCount} wires`,
      `at most ${mostWires} are read`,
    ),
  )
}
