/** From a diagram to its document, and to the text of the document. */
import { dataOf } from '../application.js'
import type { Diagram } from '../diagram.js'
import type { Wire, Wires } from '../object.js'
import {
  type DiagramDocument,
  diagramFormat,
  diagramVersion,
  type NodeDocument,
  type WireDocument,
} from './document.js'

/**
 * The document of a diagram, in time and size linear in the diagram as it is held in memory: a part that is used in several places
 * is written once.
 *
 * @example
 * const A = finite('A', 2)
 * const f = box('f', [A], [A])
 * encodeDiagram(seq(f, f)).nodes
 * // => [
 * //   { kind: 'box', name: 'f', inputs: [0], outputs: [0], deterministic: false },
 * //   { kind: 'seq', parts: [0, 0] },
 * // ]
 */
export const encodeDiagram = (diagram: Diagram): DiagramDocument => {
  const wires = wireTable()
  const nodes: NodeDocument[] = []
  const numbers = new Map<Diagram, number>()
  const numberOf = (part: Diagram): number => {
    const number = numbers.get(dataOf(part))
    if (number === undefined) throw new Error(`encodeDiagram: a ${part.kind} contains itself`)
    return number
  }

  const root = dataOf(diagram)
  const opened = new Set<Diagram>()
  const stack: Diagram[] = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (numbers.has(node)) continue
    const parts = opened.has(node) ? [] : partsOf(node)
    if (parts.length === 0) {
      const document = nodeDocument(node, wires.numbersOf, numberOf)
      numbers.set(node, nodes.length)
      nodes.push(document)
      continue
    }
    // It comes again after its parts, which are taken from left to right.
    opened.add(node)
    stack.push(node)
    for (let k = parts.length - 1; k >= 0; k--) stack.push(dataOf(parts[k]!))
  }
  return { format: diagramFormat, version: diagramVersion, wires: wires.documents, nodes, root: numberOf(root) }
}

/**
 * The document of a diagram as JSON: a line for each wire and each node, so that changes show well in a line by line comparison.
 *
 * @example
 * const A = finite('A', 2)
 * printDiagram(discard(A)).split('\n')
 * // => [
 * //   '{"format":"markovcat-diagram","version":1,"wires":[',
 * //   '{"kind":"finite","name":"A","elements":2}',
 * //   '],"nodes":[',
 * //   '{"kind":"discard","wires":[0]}',
 * //   '],"root":0}',
 * //   '',
 * // ]
 */
export const printDiagram = (diagram: Diagram): string => {
  const { format, version, wires, nodes, root } = encodeDiagram(diagram)
  const lines = (entries: readonly unknown[]): string => entries.map((entry) => JSON.stringify(entry)).join(',\n')
  return `{"format":"${format}","version":${version},"wires":[\n${lines(wires)}\n],"nodes":[\n${lines(nodes)}\n],"root":${root}}\n`
}

/** The diagrams that a node refers to. */
const partsOf = (node: Diagram): readonly Diagram[] => {
  switch (node.kind) {
    case 'seq':
    case 'par':
      return node.parts
    case 'program':
      return node.steps.map(({ diagram }) => diagram)
    case 'box':
      return node.body === undefined ? [] : [node.body]
    default:
      return []
  }
}

const nodeDocument = (
  node: Diagram,
  wires: (object: Wires) => readonly number[],
  numberOf: (part: Diagram) => number,
): NodeDocument => {
  switch (node.kind) {
    case 'box': {
      const { kind, name, deterministic, body } = node
      const [inputs, outputs] = [wires(node.inputs), wires(node.outputs)]
      return { kind, name, inputs, outputs, deterministic, ...(body === undefined ? {} : { body: numberOf(body) }) }
    }
    case 'identity':
    case 'copy':
    case 'discard':
      return { kind: node.kind, wires: wires(node.inputs) }
    case 'permute':
      return { kind: node.kind, wires: wires(node.inputs), order: node.order }
    case 'seq':
    case 'par':
      return { kind: node.kind, parts: node.parts.map(numberOf) }
    case 'program': {
      const steps = node.steps.map(({ diagram, reads }) => ({ diagram: numberOf(diagram), reads }))
      return { kind: node.kind, inputs: wires(node.inputs), steps, returns: node.returns }
    }
  }
}

interface WireTable {
  readonly documents: readonly WireDocument[]
  /** The numbers of the wires of an object, which are entered into the table where they are new. */
  readonly numbersOf: (object: Wires) => readonly number[]
}

/** Wires by number, each once: the same wire may be several records. */
const wireTable = (): WireTable => {
  const documents: WireDocument[] = []
  const byRecord = new Map<Wire, number>()
  const byText = new Map<string, number>()
  const numberOf = (wire: Wire): number => {
    const known = byRecord.get(wire)
    if (known !== undefined) return known
    const document = wireDocument(wire, numberOf)
    const text = JSON.stringify(document)
    const number = byText.get(text) ?? documents.length
    if (number === documents.length) documents.push(document)
    byText.set(text, number)
    byRecord.set(wire, number)
    return number
  }
  return { documents, numbersOf: (object) => object.map(numberOf) }
}

const wireDocument = (wire: Wire, numberOf: (wire: Wire) => number): WireDocument => {
  switch (wire.kind) {
    case 'finite':
      return { kind: 'finite', name: wire.name, elements: wire.elements }
    case 'real':
      return { kind: 'real', name: wire.name, dimension: wire.dimension }
    case 'sequence':
      return { kind: 'sequence', name: wire.name, symbols: numberOf(wire.symbols), length: wire.length }
  }
}
