/**
 * The search behind d-separation: a path of boxes and wires from some wires to others, around the wires that are given.
 *
 * A node is a wire or a box, and a box is joined to every wire that it reads or produces. Of the boxes only those count from which a
 * wire of the question is reached; of the wires those that are given do not count. This is reachability in the moralised ancestral
 * graph: the box of a common effect is what joins its causes.
 */
import type { NormalForm } from './normal-form.js'
import { outputsOf } from './wiring.js'

/** A normal form with the boxes at both ends of every wire. */
export interface WireGraph {
  readonly form: NormalForm
  /** The box that produces each wire; -1 for an input of the diagram. */
  readonly producer: Int32Array
  /** The boxes that read wire w are readers[firstReader[w]] .. readers[firstReader[w + 1] - 1]. */
  readonly firstReader: Int32Array
  readonly readers: Int32Array
}

/** A question about wires, by their numbers in a normal form. */
export interface WireQuestion {
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly given: readonly number[]
}

/** The boxes at both ends of every wire of a normal form. */
export const wireGraph = (form: NormalForm): WireGraph => {
  const producer = new Int32Array(form.wires.length).fill(-1)
  const firstReader = new Int32Array(form.wires.length + 1)
  form.boxes.forEach((wired, box) => {
    for (const wire of outputsOf(wired)) producer[wire] = box
    for (const wire of wired.inputs) firstReader[wire + 1]! += 1
  })
  for (let wire = 0; wire < form.wires.length; wire++) firstReader[wire + 1]! += firstReader[wire]!
  const readers = new Int32Array(firstReader[form.wires.length]!)
  const next = firstReader.slice()
  form.boxes.forEach(({ inputs }, box) => {
    for (const wire of inputs) readers[next[wire]!++] = box
  })
  return { form, producer, firstReader, readers }
}

/** 1 for every box from which one of the wires is reached, 0 for the others: what is left when all other wires are discarded. */
export const ancestralBoxes = ({ boxes, wires }: NormalForm, asked: Iterable<number>): Uint8Array => {
  const wanted = new Uint8Array(wires.length)
  for (const wire of asked) wanted[wire] = 1
  const kept = new Uint8Array(boxes.length)
  for (let index = boxes.length - 1; index >= 0; index--) {
    const { box, inputs, firstOutput } = boxes[index]!
    for (let port = 0; port < box.outputs.length; port++) if (wanted[firstOutput + port] === 1) kept[index] = 1
    if (kept[index] === 1) for (const wire of inputs) wanted[wire] = 1
  }
  return kept
}

/**
 * A shortest path from a wire of x to a wire of y, wires and boxes in turn, as nodes: wire w is w, box b is the number of wires plus
 * b. Undefined if there is none. Wires of x and y that are given count as given.
 */
export const connection = (
  { form, producer, firstReader, readers }: WireGraph,
  { x, y, given }: WireQuestion,
): readonly number[] | undefined => {
  const wireCount = form.wires.length
  const kept = ancestralBoxes(form, [...x, ...y, ...given])
  const target = new Uint8Array(wireCount)
  for (const wire of y) target[wire] = 1
  // For every node that has been reached the one that it was reached from; a given wire is never to be reached.
  const from = new Int32Array(wireCount + form.boxes.length).fill(unreached)
  for (const wire of given) from[wire] = wire
  const queue = new Int32Array(from.length)
  let length = 0
  const reach = (node: number, before: number): void => {
    if (from[node] !== unreached) return
    from[node] = before
    queue[length++] = node
  }

  for (const wire of x) reach(wire, wire)
  for (let at = 0; at < length; at++) {
    const node = queue[at]!
    if (node >= wireCount) {
      const { box, inputs, firstOutput } = form.boxes[node - wireCount]!
      for (const wire of inputs) reach(wire, node)
      for (let port = 0; port < box.outputs.length; port++) reach(firstOutput + port, node)
      continue
    }
    if (target[node] === 1) return trace(from, node)
    if (producer[node] !== -1) reach(wireCount + producer[node]!, node)
    for (let reader = firstReader[node]!; reader < firstReader[node + 1]!; reader++)
      if (kept[readers[reader]!] === 1) reach(wireCount + readers[reader]!, node)
  }
  return undefined
}

const unreached = -1

/** The way on which a node was reached, from its start, which was reached from itself. */
const trace = (from: Int32Array, end: number): readonly number[] => {
  const path = [end]
  for (let node = end; from[node] !== node; node = from[node]!) path.push(from[node]!)
  return path.reverse()
}
