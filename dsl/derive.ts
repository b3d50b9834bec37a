/**
 * Proofs of equality in the free Markov category: from a diagram to its normal form and back to the other diagram, axiom by axiom.
 *
 * As wiring graphs diagrams are equal on the nose up to associativity, interchange, the unit laws, symmetry and the laws of the
 * comonoid: one structural step. What is left are the two axioms that change the graph: a box whose outputs are discarded is deleted
 * (discard is natural), and two boxes of one deterministic generator that read the same wires become one (copy is natural for them).
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { dataOf } from './application.js'
import { wireGraph } from './connection.js'
import type { CopyStep, Derivation, DerivationStep, DiscardStep, StructuralStep } from './derivation.js'
import type { Diagram } from './diagram.js'
import { type Difference, explain } from './explain.js'
import { generatorKey, normalForm } from './normal-form.js'
import { problem, type Problem } from './problem.js'
import { lawsOfSyntax, type StructuralLaw, unionOfLaws } from './structural-laws.js'
import { diagramOf, outputsOf, type WiredBox, type Wiring, wiringOf } from './wiring.js'

export interface DeriveOptions {
  /** The largest number of boxes in all diagrams of the derivation together. */
  readonly limit?: number
}

/**
 * A derivation of f = g, or the first place where the two diagrams differ.
 *
 * Every step holds the diagram after it, so that the size is the number of steps times the size of the diagrams; `out-of-range` if
 * that exceeds the limit.
 *
 * @example
 * const A = finite('A', 2)
 * const d = box('d', [A], [A], { deterministic: true })
 * toUnion(derive(seq(d, copy(A)), seq(copy(A), par(d, d)))).steps.map(({ axiom }) => axiom)
 * // => ['structural', 'copy is natural for deterministic boxes', 'structural']
 */
export const derive = (
  f: Diagram,
  g: Diagram,
  { limit = 1_000_000 }: DeriveOptions = {},
): Either<Difference | Problem, Derivation> => {
  const explanation = explain(f, g)
  if (explanation.kind !== 'equal') return left(explanation)
  const ends = { left: dataOf(f), right: dataOf(g) }
  if (ends.left === ends.right) return right({ ...ends, steps: [] })
  const down = towardsNormalForm(ends.left, limit)
  const up = down === undefined ? undefined : towardsNormalForm(ends.right, limit - down.size)
  if (down === undefined || up === undefined)
    return left(
      problem(
        'out-of-range',
        'derive',
        `the diagrams of the derivation have more than ${limit} boxes together`,
        'give a larger limit, or smaller diagrams',
      ),
    )
  return right({ ...ends, steps: [...down.steps, ...reversed(ends.right, up.steps)] })
}

/** The steps from a diagram to its normal form; undefined if their diagrams have more boxes together than the limit. */
const towardsNormalForm = (
  diagram: Diagram,
  limit: number,
): { readonly steps: readonly DerivationStep[]; readonly size: number } | undefined => {
  const written = wiringOf(diagram)
  const form = normalForm(diagram)
  const end = diagramOf(form)
  let size = form.boxes.length
  // The structural step is one with what follows it if nothing is deleted or merged.
  if (written.boxes.length === form.boxes.length) {
    const step = structural(diagram, written, end, form)
    return size > limit ? undefined : { steps: step.laws.length === 0 ? [] : [step], size }
  }

  let wiring = written
  const steps: DerivationStep[] = []
  if (!isFlat(diagram)) {
    steps.push(structural(diagram, written, diagramOf(written), written))
    size += written.boxes.length
  }
  for (;;) {
    const step = nextDiscard(wiring) ?? nextCopy(wiring)
    if (step === undefined) break
    wiring = step.wiring
    size += wiring.boxes.length
    if (size > limit) return undefined
    steps.push({ ...step.step, after: diagramOf(wiring) })
  }
  const last = structural(diagramOf(wiring), wiring, end, form)
  return { steps: last.laws.length === 0 ? steps : [...steps, last], size }
}

/** Whether a diagram is its own wiring graph, written down. */
const isFlat = (diagram: Diagram): boolean =>
  diagram.kind === 'program' && diagram.steps.every((step) => step.diagram.kind === 'box')

interface Reduction {
  readonly step: Omit<DiscardStep, 'after'> | Omit<CopyStep, 'after'>
  readonly wiring: Wiring
}

/** The last box whose outputs are not used, deleted. */
const nextDiscard = (wiring: Wiring): Reduction | undefined => {
  const used = new Uint8Array(wiring.wires.length)
  for (const wire of wiring.outputs) used[wire] = 1
  for (const { inputs } of wiring.boxes) for (const wire of inputs) used[wire] = 1
  const box = wiring.boxes.findLastIndex((wired) => outputsOf(wired).every((wire) => used[wire] === 0))
  if (box === -1) return undefined
  const { name } = wiring.boxes[box]!.box
  return {
    step: { axiom: 'discard is natural', direction: 'forwards', box, name },
    wiring: without(wiring, box, undefined),
  }
}

/** The first box that is deterministic and equal to an earlier one that reads the same wires, merged with it. */
const nextCopy = (wiring: Wiring): Reduction | undefined => {
  const known = new Map<string, number>()
  for (const [merged, { box, inputs }] of wiring.boxes.entries()) {
    if (!box.deterministic) continue
    const key = `${inputs.join(',')}|${generatorKey(box)}`
    const kept = known.get(key)
    if (kept !== undefined)
      return {
        step: {
          axiom: 'copy is natural for deterministic boxes',
          direction: 'forwards',
          kept,
          merged,
          name: box.name,
        },
        wiring: without(wiring, merged, kept),
      }
    known.set(key, merged)
  }
  return undefined
}

/** A wiring graph without a box; what reads it reads another one instead. */
const without = (wiring: Wiring, box: number, instead: number | undefined): Wiring => {
  const { firstOutput, box: generator } = wiring.boxes[box]!
  const width = generator.outputs.length
  const replacement = instead === undefined ? firstOutput : wiring.boxes[instead]!.firstOutput
  const renamed = (wire: number): number => {
    if (wire < firstOutput) return wire
    return wire < firstOutput + width ? replacement + wire - firstOutput : wire - width
  }
  const rest = wiring.boxes.filter((_, index) => index !== box)
  return {
    wires: wiring.wires.filter((_, wire) => wire < firstOutput || wire >= firstOutput + width),
    inputCount: wiring.inputCount,
    boxes: rest.map((wired): WiredBox => ({
      box: wired.box,
      inputs: wired.inputs.map(renamed),
      firstOutput: wired.firstOutput < firstOutput + width ? wired.firstOutput : wired.firstOutput - width,
    })),
    outputs: wiring.outputs.map(renamed),
  }
}

/** The structural step from a diagram to one that has the same boxes, all of which an output depends on. */
const structural = (before: Diagram, from: Wiring, after: Diagram, to: Wiring): StructuralStep => {
  const boxes = correspondence(from, to)
  const moved: readonly StructuralLaw[] = boxes.every((box, index) => box === index)
    ? []
    : ['interchange', 'swap is natural']
  const syntax = isFlat(before) ? [] : unionOfLaws(lawsOfSyntax(before), ['program notation'])
  return { axiom: 'structural', laws: unionOfLaws(syntax, moved), boxes, after }
}

/** For each box of a graph its number in another one with the same boxes: both are walked from the outputs in the same order. */
const correspondence = (from: Wiring, to: Wiring): readonly number[] => {
  if (from === to) return from.boxes.map((_, index) => index)
  const [order, other] = [orderFromOutputs(from), orderFromOutputs(to)]
  const boxes = new Array<number>(to.boxes.length)
  other.forEach((box, index) => (boxes[box] = order[index]!))
  return boxes
}

const orderFromOutputs = (wiring: Wiring): readonly number[] => {
  const { producer } = wireGraph(wiring)
  const seen = new Uint8Array(wiring.boxes.length)
  const order: number[] = []
  const stack = [...wiring.outputs].reverse()
  for (let wire = stack.pop(); wire !== undefined; wire = stack.pop()) {
    const box = producer[wire]!
    if (box === -1 || seen[box] === 1) continue
    seen[box] = 1
    order.push(box)
    const { inputs } = wiring.boxes[box]!
    for (let port = inputs.length - 1; port >= 0; port--) stack.push(inputs[port]!)
  }
  return order
}

/** Steps that begin at a diagram, from their end back to it. */
const reversed = (start: Diagram, steps: readonly DerivationStep[]): readonly DerivationStep[] =>
  steps
    .map((step, index): DerivationStep => {
      const after = index === 0 ? start : steps[index - 1]!.after
      if (step.axiom !== 'structural') return { ...step, direction: 'backwards', after }
      const boxes = new Array<number>(step.boxes.length)
      step.boxes.forEach((box, place) => (boxes[box] = place))
      return { ...step, boxes, after }
    })
    .reverse()
