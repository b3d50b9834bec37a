/**
 * The document of a diagram: two tables and the number of the whole.
 *
 *     wires    each distinct wire once; a sequence names its finite set by number
 *     nodes    each node once, parts before wholes; a node names its wires and its parts by number
 *     root     the number of the node that is the diagram
 *
 * A part that occurs in several places is one node, so the document has the size of the diagram as it is held in memory, and its
 * nesting does not grow with the depth of the diagram. Boundaries of composites follow from their parts and are not written. Nodes that
 * the root does not use are checked and left out.
 */
import type * as t from 'io-ts'

import { anyList, either, kind, listOf, number, oneOf, record, text, truth } from './shape.js'

export const diagramFormat = 'markovcat-diagram'
export const diagramVersion = 1

export type WireDocument =
  | { readonly kind: 'finite'; readonly name: string; readonly elements: readonly string[] | number }
  | { readonly kind: 'real'; readonly name: string; readonly dimension: number }
  | { readonly kind: 'sequence'; readonly name: string; readonly symbols: number; readonly length: number }

export type NodeDocument =
  | {
      readonly kind: 'box'
      readonly name: string
      readonly inputs: readonly number[]
      readonly outputs: readonly number[]
      readonly deterministic: boolean
      readonly body?: number
    }
  | { readonly kind: 'identity' | 'copy' | 'discard'; readonly wires: readonly number[] }
  | { readonly kind: 'permute'; readonly wires: readonly number[]; readonly order: readonly number[] }
  | { readonly kind: 'seq' | 'par'; readonly parts: readonly number[] }
  | {
      readonly kind: 'program'
      readonly inputs: readonly number[]
      readonly steps: readonly { readonly diagram: number; readonly reads: readonly number[] }[]
      readonly returns: readonly number[]
    }

export interface DiagramDocument {
  readonly format: typeof diagramFormat
  readonly version: typeof diagramVersion
  readonly wires: readonly WireDocument[]
  readonly nodes: readonly NodeDocument[]
  readonly root: number
}

const numbers = listOf('a list of numbers', number)
const names = listOf('a list of texts', text)

export const wireShape: t.Type<WireDocument> = oneOf({
  finite: record({ kind: kind('finite'), name: text, elements: either(Array.isArray, names, number) }),
  real: record({ kind: kind('real'), name: text, dimension: number }),
  sequence: record({ kind: kind('sequence'), name: text, symbols: number, length: number }),
})

const step = record({ diagram: number, reads: numbers })

export const nodeShape: t.Type<NodeDocument> = oneOf({
  box: record(
    { kind: kind('box'), name: text, inputs: numbers, outputs: numbers, deterministic: truth },
    { body: number },
  ),
  identity: record({ kind: kind('identity'), wires: numbers }),
  copy: record({ kind: kind('copy'), wires: numbers }),
  discard: record({ kind: kind('discard'), wires: numbers }),
  permute: record({ kind: kind('permute'), wires: numbers, order: numbers }),
  seq: record({ kind: kind('seq'), parts: numbers }),
  par: record({ kind: kind('par'), parts: numbers }),
  program: record({ kind: kind('program'), inputs: numbers, steps: listOf('a list of steps', step), returns: numbers }),
})

/** The document around its entries, which are checked one by one. */
export const envelopeShape = record({ format: text, version: number, wires: anyList, nodes: anyList, root: number })
