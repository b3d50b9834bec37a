/**
 * Whether boxes that fit a pattern one by one are an occurrence of it: the rest of the diagram has a hole of the pattern's type.
 */
import { wireGraph, type WireGraph } from './connection.js'
import type { NormalForm } from './normal-form.js'
import { type Pattern, readingsOf } from './pattern.js'
import { outputsOf } from './wiring.js'

/** A normal form in which patterns are looked for. */
export interface Target {
  readonly graph: WireGraph
  /** For each wire how many ports of boxes and outputs read it. */
  readonly uses: Int32Array
}

export const targetOf = (form: NormalForm): Target => {
  const graph = wireGraph(form)
  const uses = readingsOf(graph)
  for (const wire of form.outputs) uses[wire]! += 1
  return { graph, uses }
}

/**
 * The test of convexity, for the boxes and wires that the boxes and wires of a pattern are sent to; the arrays that it marks are made
 * once. The numbers of a normal form are an order of evaluation, so that a way back into the occurrence has no number above it.
 */
export const occurrenceTest = (
  { graph: { form, producer, firstReader, readers } }: Target,
  pattern: Pattern,
): ((boxes: ArrayLike<number>, wires: ArrayLike<number>) => boolean) => {
  const ours = pattern.graph.form
  // The wires that outside boxes may read only if the occurrence does not depend on them.
  const late = ours.boxes.flatMap(outputsOf).filter((wire) => pattern.before[wire] === 0)
  const patternBox = new Int32Array(form.boxes.length).fill(-1)
  const seen = new Int32Array(form.boxes.length)
  let round = 0
  const stack: number[] = []

  const convex = (boxes: ArrayLike<number>, wires: ArrayLike<number>): boolean => {
    let last = 0
    for (let box = 0; box < boxes.length; box++) last = Math.max(last, boxes[box]!)
    for (let input = 0; input < ours.inputCount; input++) {
      const image = wires[input]!
      const box = image === -1 ? -1 : producer[image]!
      if (box === -1 || patternBox[box] === -1) continue
      const port = image - form.boxes[box]!.firstOutput
      if (pattern.before[ours.boxes[patternBox[box]!]!.firstOutput + port] === 0) return false
    }
    round += 1
    stack.length = 0
    const follow = (box: number): void => {
      if (box > last || seen[box] === round) return
      seen[box] = round
      stack.push(box)
    }
    for (const wire of late)
      for (let at = firstReader[wires[wire]!]!; at < firstReader[wires[wire]! + 1]!; at++)
        if (patternBox[readers[at]!] === -1) follow(readers[at]!)
    for (let box = stack.pop(); box !== undefined; box = stack.pop()) {
      const { firstOutput, box: generator } = form.boxes[box]!
      const end = firstReader[firstOutput + generator.outputs.length]!
      for (let at = firstReader[firstOutput]!; at < end; at++) {
        if (patternBox[readers[at]!] !== -1) return false
        follow(readers[at]!)
      }
    }
    return true
  }

  return (boxes, wires) => {
    for (let box = 0; box < boxes.length; box++) patternBox[boxes[box]!] = box
    const result = convex(boxes, wires)
    for (let box = 0; box < boxes.length; box++) patternBox[boxes[box]!] = -1
    return result
  }
}
