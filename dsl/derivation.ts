/**
 * Proofs that two diagrams are equal: what they consist of, and their text.
 */
import type { Diagram } from './diagram.js'
import type { StructuralLaw } from './structural-laws.js'

/** A chain of diagrams, each equal to the one before it by one axiom. */
export interface Derivation {
  readonly left: Diagram
  readonly right: Diagram
  /** The first step begins at `left`, each other one where the one before it ended; the last one ends at `right`. */
  readonly steps: readonly DerivationStep[]
}

export type DerivationStep = StructuralStep | DiscardStep | CopyStep

/**
 * The same wiring graph, written differently. `laws` are those which the way of writing gives occasion for.
 */
export interface StructuralStep {
  readonly axiom: 'structural'
  readonly laws: readonly StructuralLaw[]
  /** For each box of the wiring graph after the step its number before it. */
  readonly boxes: readonly number[]
  readonly after: Diagram
}

/** Whether an axiom was used from left to right, which makes the diagram smaller, or from right to left. */
export type AxiomDirection = 'forwards' | 'backwards'

/** A box whose outputs are all discarded is not there: f ; discard = discard. */
export interface DiscardStep {
  readonly axiom: 'discard is natural'
  readonly direction: AxiomDirection
  /** The number of the box in the wiring graph of the larger of the two diagrams, and its name. */
  readonly box: number
  readonly name: string
  readonly after: Diagram
}

/** Two boxes of one deterministic generator that read the same wires are one: copy ; (f ⊗ f) = f ; copy. */
export interface CopyStep {
  readonly axiom: 'copy is natural for deterministic boxes'
  readonly direction: AxiomDirection
  /** The numbers of the two boxes in the wiring graph of the larger of the two diagrams, and their name. */
  readonly kept: number
  readonly merged: number
  readonly name: string
  readonly after: Diagram
}

/**
 * The axioms of a derivation, one a line.
 *
 * @example
 * const A = finite('A', 2)
 * const f = box('f', [A], [A])
 * showDerivation(toUnion(derive(seq(f, discard(A)), discard(A))))
 * // => '1. structural: program notation\n2. discard is natural: box 0, f, is deleted\n3. structural: program notation'
 */
export const showDerivation = ({ steps }: Derivation): string =>
  steps.length === 0
    ? 'the two diagrams are the same'
    : steps.map((step, index) => `${index + 1}. ${step.axiom}: ${showStep(step)}`).join('\n')

const showStep = (step: DerivationStep): string => {
  switch (step.axiom) {
    case 'structural':
      return step.laws.length === 0 ? 'written as a program' : step.laws.join(', ')
    case 'discard is natural':
      return `box ${step.box}, ${step.name}, is ${step.direction === 'forwards' ? 'deleted' : 'added'}`
    case 'copy is natural for deterministic boxes': {
      const boxes = `boxes ${step.kept} and ${step.merged}, ${step.name},`
      return step.direction === 'forwards' ? `${boxes} become one` : `one box becomes ${boxes.replace(/,$/, '')}`
    }
  }
}
