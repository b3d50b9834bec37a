/**
 * The wire or the diagram that one entry of a document describes. Nothing in an entry is trusted: boundaries are computed, numbers are
 * looked up, and what is built shares no list with the document.
 */
import { bind, chain, Do, type Either, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

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
export const wireOf = (entry: WireDocument, { wires, texts }: Read): Either<Problem, Wire> =>
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

/** The diagram of an entry. */
export const nodeOf = (entry: NodeDocument, read: Read): Either<Problem, Diagram> => {
  const { wires, nodes } = read
  switch (entry.kind) {
    case 'box': {
      const { name, deterministic, body } = entry
      return pipe(
        Do,
        bind('inputs', () => lookUpAll('inputs[]', 'wire', wires, entry.inputs)),
        bind('outputs', () => lookUpAll('outputs[]', 'wire', wires, entry.outputs)),
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
        lookUpAll('wires[]', 'wire', wires, entry.wires),
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
      return pipe(partsOf('parts[]', entry.parts, read), chain(checkedSeq))
    case 'par':
      return pipe(partsOf('parts[]', entry.parts, read), chain(checkedPar))
    case 'program':
      return pipe(
        Do,
        bind('inputs', () => lookUpAll('inputs[]', 'wire', wires, entry.inputs)),
        bind('diagrams', () =>
          partsOf(
            'steps[].diagram',
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
const partsOf = (field: string, numbers: readonly number[], read: Read): Either<Problem, readonly Diagram[]> =>
  pipe(
    lookUpAll(field, 'node', read.nodes, numbers),
    chain((parts) => {
      for (const { inputs, outputs } of parts) read.wireCount += inputs.length + outputs.length
      return read.wireCount <= mostWires
        ? right(parts)
        : left(
            problem(
              'malformed',
              '',
              `with its parts, the parts of composites have ${read.wireCount} wires`,
              `at most ${mostWires} are read`,
            ),
          )
    }),
  )
