/**
 * Why two diagrams are not equal: the first place where their normal forms differ.
 *
 * Two normal forms are different in one of three ways. Their boundaries differ; or, read as terms, something else stands at the same
 * place below an output; or they are the same terms, but draws are shared differently: a stochastic box whose result is used twice is
 * not two boxes that are each used once, since copy is not natural for it. The search is linear in the two normal forms.
 */
import { wireGraph } from './connection.js'
import { type Meeting, type Place, walkTogether } from './descent.js'
import type { Box, Diagram } from './diagram.js'
import { generatorKey, type NormalForm, normalForm } from './normal-form.js'
import { sameWire, sameWires, type Wire, type Wires } from './object.js'
import { termAbove } from './subterm.js'

export type Explanation = Equal | Difference
export type Difference = DifferentBoundary | DifferentTerm | DifferentSharing

export interface Equal {
  readonly kind: 'equal'
}

/** The first wire at which the boundaries differ; undefined on the side that has no more wires. */
export interface DifferentBoundary {
  readonly kind: 'boundary'
  readonly side: 'inputs' | 'outputs'
  readonly at: number
  readonly left: Wire | undefined
  readonly right: Wire | undefined
}

/** The first place, depth-first from the outputs, at which something else stands. */
export interface DifferentTerm extends Place {
  readonly kind: 'different'
  readonly left: Occupant
  readonly right: Occupant
}

/** What stands at a place: an input of the diagram, or an output of a box; `term` is what produces it, cut to a few boxes. */
export type Occupant =
  | { readonly kind: 'input'; readonly input: number; readonly wire: Wire; readonly term: Diagram }
  | { readonly kind: 'box'; readonly box: Box; readonly port: number; readonly term: Diagram }

/** The same terms everywhere, but at two places one diagram has one draw of a box where the other one has two. */
export interface DifferentSharing extends Place {
  readonly kind: 'sharing'
  /** The place that came first; `output` and `path` are the second one. */
  readonly first: Place
  readonly box: Box
  readonly left: Draws
  readonly right: Draws
}

/** How many boxes there are at the two places, and what produces the wires there, the first place first, cut to a few boxes. */
export interface Draws {
  readonly draws: 1 | 2
  readonly term: Diagram
}

/** How many boxes a term of an explanation has at most. */
export const explainedTermSize = 4

/**
 * The first place where two diagrams differ, or that they are equal, which is the answer exactly if `equal` holds.
 *
 * @example
 * const A = finite('A', 2)
 * const f = box('f', [A], [A])
 * const difference = explain(seq(f, copy(A)), seq(copy(A), par(f, f)))
 * showExplanation(difference)
 * // => 'the left uses one draw of f twice, the right draws twice: at output 0 and at output 1'
 */
export const explain = (f: Diagram, g: Diagram): Explanation => {
  const boundary = differentWire('inputs', f.inputs, g.inputs) ?? differentWire('outputs', f.outputs, g.outputs)
  if (boundary !== undefined) return boundary
  const [left, right] = [normalForm(f), normalForm(g)]
  return differentTerm(left, right) ?? differentSharing(left, right) ?? { kind: 'equal' }
}

const differentWire = (side: 'inputs' | 'outputs', left: Wires, right: Wires): DifferentBoundary | undefined => {
  if (sameWires(left, right)) return undefined
  for (let at = 0; ; at++) {
    const [l, r] = [left[at], right[at]]
    if (l === undefined || r === undefined || !sameWire(l, r)) return { kind: 'boundary', side, at, left: l, right: r }
  }
}

/**
 * The first difference between two terms that are written as graphs. Boxes that have been compared are put into one class, so that
 * what is shared is compared once although the terms may be exponentially large.
 */
const differentTerm = (left: NormalForm, right: NormalForm): DifferentTerm | undefined => {
  const [leftProducer, rightProducer] = [wireGraph(left).producer, wireGraph(right).producer]
  const parent = Int32Array.from({ length: left.boxes.length + right.boxes.length }, (_, node) => node)
  const classOf = (node: number): number => {
    let root = node
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]!]!
      root = parent[root]!
    }
    return root
  }
  const found = walkTogether(left, right, {
    enter: (l, r) => {
      const [leftBox, rightBox] = [leftProducer[l]!, rightProducer[r]!]
      if (leftBox === -1 || rightBox === -1) return leftBox === rightBox && l === r ? 'skip' : 'stop'
      const [ours, theirs] = [left.boxes[leftBox]!, right.boxes[rightBox]!]
      if (l - ours.firstOutput !== r - theirs.firstOutput || generatorKey(ours.box) !== generatorKey(theirs.box))
        return 'stop'
      const [a, b] = [classOf(leftBox), classOf(left.boxes.length + rightBox)]
      if (a === b) return 'skip'
      parent[b] = a
      return 'descend'
    },
  })
  if (found === undefined) return undefined
  return { kind: 'different', ...found.place, left: occupant(left, found.left), right: occupant(right, found.right) }
}

const occupant = (form: NormalForm, wire: number): Occupant => {
  const term = termAbove(form, [wire], explainedTermSize)
  if (wire < form.inputCount) return { kind: 'input', input: wire, wire: form.wires[wire]!, term }
  const { box, firstOutput } = form.boxes[wireGraph(form).producer[wire]!]!
  return { kind: 'box', box, port: wire - firstOutput, term }
}

/**
 * The first difference in sharing between two normal forms that are the same terms: boxes that correspond at one place and not at
 * another, while all that they read corresponds.
 */
const differentSharing = (left: NormalForm, right: NormalForm): DifferentSharing | undefined => {
  const [leftProducer, rightProducer] = [wireGraph(left).producer, wireGraph(right).producer]
  const partnerOfLeft = new Int32Array(left.boxes.length).fill(-1)
  const partnerOfRight = new Int32Array(right.boxes.length).fill(-1)
  const second = walkTogether(left, right, {
    enter: (l, r) => {
      const [leftBox, rightBox] = [leftProducer[l]!, rightProducer[r]!]
      if (leftBox === -1 || partnerOfLeft[leftBox] === rightBox) return 'skip'
      if (partnerOfLeft[leftBox] === -1 && partnerOfRight[rightBox] === -1) {
        partnerOfLeft[leftBox] = rightBox
        partnerOfRight[rightBox] = leftBox
      }
      return 'descend'
    },
    leave: (l, r) => partnerOfLeft[leftProducer[l]!] !== rightProducer[r]!,
  })
  if (second === undefined) return undefined
  // One of the two boxes was met before, with another partner: the first place is where that was.
  const [leftBox, rightBox] = [leftProducer[second.left]!, rightProducer[second.right]!]
  const earlier = partnerOfLeft[leftBox] === -1 ? partnerOfRight[rightBox]! : leftBox
  const first = firstPlaceOf(left, earlier)
  const port = first.left - left.boxes[earlier]!.firstOutput
  const partner = right.boxes[partnerOfLeft[earlier]!]!.firstOutput + port
  const draws = (form: NormalForm, wires: readonly [number, number], same: boolean): Draws => ({
    draws: same ? 1 : 2,
    term: termAbove(form, wires, explainedTermSize),
  })
  return {
    kind: 'sharing',
    first: first.place,
    ...second.place,
    box: left.boxes[leftBox]!.box,
    left: draws(left, [first.left, second.left], earlier === leftBox),
    right: draws(right, [partner, second.right], partnerOfLeft[earlier] === rightBox),
  }
}

/** Where a walk meets a box first. */
const firstPlaceOf = (form: NormalForm, box: number): Meeting => {
  const { producer } = wireGraph(form)
  const seen = new Uint8Array(form.boxes.length)
  const found = walkTogether(form, form, {
    enter: (wire) => {
      const at = producer[wire]!
      if (at === box) return 'stop'
      if (at === -1 || seen[at] === 1) return 'skip'
      seen[at] = 1
      return 'descend'
    },
  })
  if (found === undefined) throw new Error('firstPlaceOf: no output depends on the box')
  return found
}
