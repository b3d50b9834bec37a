/**
 * An independent check of a derivation: every step is looked at as a pair of wiring graphs, whatever wrote it.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import type { CopyStep, Derivation, DerivationStep, DiscardStep } from './derivation.js'
import type { Diagram } from './diagram.js'
import { generatorKey } from './normal-form.js'
import { sameWires } from './object.js'
import { problem, type Problem } from './problem.js'
import { outputsOf, type Wiring, wiringOf } from './wiring.js'

/**
 * The derivation, if every step of it is an instance of its axiom and it leads from its left to its right side.
 *
 * Of a structural step it is checked that the two wiring graphs are the same up to the order of boxes, which is what the structural
 * laws together say; not which of them were needed. Errors: `invalid-value` with the number of the step, from 1.
 *
 * @example
 * const A = finite('A', 2)
 * const f = box('f', [A], [A])
 * isRight(checkDerivation(toUnion(derive(seq(f, discard(A)), discard(A))))) // => true
 * isRight(checkDerivation({ left: seq(f, f), right: f, steps: [] })) // => false
 */
export const checkDerivation = (derivation: Derivation): Either<Problem, Derivation> => {
  let before = derivation.left
  let graph = wiringOf(before)
  const wrong = (where: string, what: string): Either<Problem, Derivation> =>
    left(problem('invalid-value', where, what, 'derive it anew with derive(f, g)'))
  for (const [index, step] of derivation.steps.entries()) {
    const where = `step ${index + 1}, ${step.axiom}`
    if (!sameBoundary(before, step.after)) return wrong(where, 'the diagrams before and after it have different types')
    const next = wiringOf(step.after)
    if (!isInstance(step, graph, next)) return wrong(where, 'the two diagrams are no instance of the axiom')
    before = step.after
    graph = next
  }
  if (!sameBoundary(before, derivation.right) || !sameBoxes(everyBox(graph), graph, wiringOf(derivation.right)))
    return wrong('the last step', 'it does not lead to the right side')
  return right(derivation)
}

const sameBoundary = (f: Diagram, g: Diagram): boolean =>
  sameWires(f.inputs, g.inputs) && sameWires(f.outputs, g.outputs)

const isInstance = (step: DerivationStep, before: Wiring, after: Wiring): boolean => {
  switch (step.axiom) {
    case 'structural':
      return isPermutation(step.boxes, before.boxes.length) && sameBoxes(step.boxes, before, after)
    case 'discard is natural':
      return step.direction === 'forwards' ? discards(step, before, after) : discards(step, after, before)
    case 'copy is natural for deterministic boxes':
      return step.direction === 'forwards' ? merges(step, before, after) : merges(step, after, before)
  }
}

/** The smaller graph is what is left of the larger one without a box: nothing reads that box, since what is left reads the same. */
const discards = ({ box, name }: DiscardStep, larger: Wiring, smaller: Wiring): boolean =>
  larger.boxes[box]?.box.name === name && sameBoxes(everyBox(larger, box), larger, smaller)

/** The larger graph has two equal deterministic boxes that read the same wires, and the smaller one has one of them. */
const merges = ({ kept, merged, name }: CopyStep, larger: Wiring, smaller: Wiring): boolean => {
  const [first, second] = [larger.boxes[kept], larger.boxes[merged]]
  if (first === undefined || second === undefined || kept === merged || first.box.name !== name) return false
  if (!first.box.deterministic || generatorKey(first.box) !== generatorKey(second.box)) return false
  if (first.inputs.some((wire, port) => wire !== second.inputs[port])) return false
  const instead = new Map(outputsOf(second).map((wire, port) => [wire, first.firstOutput + port]))
  return sameBoxes(everyBox(larger, merged), larger, smaller, (wire) => instead.get(wire) ?? wire)
}

/** The numbers of the boxes of a graph, but for one. */
const everyBox = ({ boxes }: Wiring, without = -1): readonly number[] =>
  boxes.map((_, box) => box).filter((box) => box !== without)

/**
 * Whether the boxes of `after` are, one by one, those of `before` with the given numbers, and read the same; `seen` is what a wire of
 * `before` counts as.
 */
const sameBoxes = (
  numbers: readonly number[],
  before: Wiring,
  after: Wiring,
  seen: (wire: number) => number = (wire) => wire,
): boolean => {
  if (before.inputCount !== after.inputCount || numbers.length !== after.boxes.length) return false
  // For each wire of `after` the one of `before` that it is.
  const origin = new Int32Array(after.wires.length).map((_, wire) => wire)
  const sources = numbers.map((number) => before.boxes[number]!)
  for (const [index, { box, firstOutput }] of after.boxes.entries()) {
    const source = sources[index]!
    if (generatorKey(source.box) !== generatorKey(box)) return false
    box.outputs.forEach((_, port) => (origin[firstOutput + port] = source.firstOutput + port))
  }
  const agree = (ours: readonly number[], theirs: readonly number[]): boolean =>
    ours.length === theirs.length && ours.every((wire, port) => origin[wire] === seen(theirs[port]!))
  return (
    after.boxes.every(({ inputs }, index) => agree(inputs, sources[index]!.inputs)) &&
    agree(after.outputs, before.outputs)
  )
}

const isPermutation = (order: readonly number[], length: number): boolean => {
  const places = new Set(order)
  return order.length === length && Array.from({ length }, (_, place) => place).every((place) => places.has(place))
}
