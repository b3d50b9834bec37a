/**
 * A diagram as a pattern: the left side of an equation, prepared for being looked for in other diagrams.
 *
 * A wire inside an occurrence may also be read by boxes outside it. Whether they can be served once the occurrence is replaced is a
 * matter of the pattern alone:
 *
 *  - after: the wire is an output of the pattern, or deterministic boxes give it from wires that can be had after (copy is natural
 *    for them: the outside keeps boxes of its own);
 *  - before: deterministic boxes give it from inputs of the pattern, so that it can even be had by boxes on which the occurrence
 *    depends.
 *
 * Without deterministic boxes no wire but the inputs can be had before, and only the outputs after.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { wireGraph, type WireGraph } from './connection.js'
import type { Diagram } from './diagram.js'
import { normalForm } from './normal-form.js'
import { showWires } from './object.js'
import { problem, type Problem } from './problem.js'
import { outputsOf } from './wiring.js'

export interface Pattern {
  readonly graph: WireGraph
  /** For each wire how many ports of boxes read it. */
  readonly readings: Int32Array
  /** For each wire the outputs of the pattern that carry it. */
  readonly carriers: readonly (readonly number[])[]
  /** 1 for a wire that can be had before an occurrence, or after it; see the head of this file. */
  readonly before: Uint8Array
  readonly after: Uint8Array
}

/** How many ports of boxes read each wire. */
export const readingsOf = ({ firstReader }: WireGraph): Int32Array =>
  Int32Array.from({ length: firstReader.length - 1 }, (_, wire) => firstReader[wire + 1]! - firstReader[wire]!)

/** The pattern of a diagram. Errors: `unsupported` if no box is left in its normal form. */
export const patternOf = (diagram: Diagram): Either<Problem, Pattern> => {
  const form = normalForm(diagram)
  if (form.boxes.length === 0)
    return left(
      problem(
        'unsupported',
        `the left side, from ${showWires(diagram.inputs)} to ${showWires(diagram.outputs)}`,
        'it has no box that an output depends on, so that it occurs everywhere',
        'give a left side with such a box',
      ),
    )
  const graph = wireGraph(form)
  const carriers: number[][] = form.wires.map(() => [])
  form.outputs.forEach((wire, output) => carriers[wire]!.push(output))
  const before = new Uint8Array(form.wires.length).fill(1, 0, form.inputCount)
  const after = before.slice()
  for (const wire of form.outputs) after[wire] = 1
  for (const wired of form.boxes) {
    if (!wired.box.deterministic) continue
    for (const available of [before, after])
      if (wired.inputs.every((wire) => available[wire] === 1)) for (const wire of outputsOf(wired)) available[wire] = 1
  }
  return right({ graph, readings: readingsOf(graph), carriers, before, after })
}

/** How the next box of a pattern is found: among all boxes, as the producer of a wire that has been found, or as a reader of one. */
export type PlanStep =
  | { readonly via: 'anchor'; readonly box: number }
  | { readonly via: 'producer'; readonly box: number; readonly wire: number }
  | { readonly via: 'reader'; readonly box: number; readonly wire: number }

/**
 * An order of the boxes of a pattern in which each is joined to one before it, where there is one: a producer first, since a wire has
 * only one. `frequency` is how often a box of the pattern occurs in the target; the rarest is looked for first.
 */
export const searchPlan = (
  { form, producer, firstReader, readers }: WireGraph,
  frequency: (box: number) => number,
): readonly PlanStep[] => {
  const steps: PlanStep[] = []
  const planned = new Uint8Array(form.boxes.length)
  const known = new Uint8Array(form.wires.length)
  const wires: number[] = []
  const learn = (wire: number): void => {
    if (known[wire] === 1) return
    known[wire] = 1
    wires.push(wire)
  }
  const plan = (step: PlanStep): void => {
    planned[step.box] = 1
    steps.push(step)
    const wired = form.boxes[step.box]!
    wired.inputs.forEach(learn)
    outputsOf(wired).forEach(learn)
  }
  const rarest = form.boxes.map((_, box) => box).sort((a, b) => frequency(a) - frequency(b) || a - b)
  let [nextProduced, nextRead, reader, nextAnchor] = [0, 0, 0, 0]
  while (steps.length < form.boxes.length) {
    const produced = wires[nextProduced]
    const read = wires[nextRead]
    if (produced !== undefined) {
      nextProduced += 1
      const box = producer[produced]!
      if (box !== -1 && planned[box] === 0) plan({ via: 'producer', box, wire: produced })
    } else if (read !== undefined) {
      const at = firstReader[read]! + reader
      reader += 1
      if (at === firstReader[read + 1]!) [nextRead, reader] = [nextRead + 1, 0]
      else if (planned[readers[at]!] === 0) plan({ via: 'reader', box: readers[at]!, wire: read })
    } else {
      const box = rarest[nextAnchor++]!
      if (planned[box] === 0) plan({ via: 'anchor', box })
    }
  }
  return steps
}
