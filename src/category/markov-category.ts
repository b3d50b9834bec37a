/**
 * The interface of a Markov category: a record of operations, one instance a file.
 *
 * Objects are lists of atoms, so the tensor of objects is strict. What not every Markov category has is an optional operation of the
 * record, and a type of its own says that it is there. Composing morphisms whose boundaries do not meet is a programmer's error and throws.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020).
 */
import type { Either } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import type { Wire } from '../../dsl/object.js'

/** Objects and morphisms with their operations: all that the laws speak of. */
export interface MarkovStructure<Obj, Mor> {
  readonly name: string
  /** What `equals` means: exact, or a stated metric with a stated budget. */
  readonly equality: string

  // Objects: a monoid.
  readonly unit: Obj
  readonly tensor: (a: Obj, b: Obj) => Obj
  readonly sameObject: (a: Obj, b: Obj) => boolean

  // Morphisms.
  readonly domain: (f: Mor) => Obj
  readonly codomain: (f: Mor) => Obj
  readonly id: (a: Obj) => Mor
  /** f ; g, read from left to right. */
  readonly seq: (f: Mor, g: Mor) => Mor
  readonly par: (f: Mor, g: Mor) => Mor
  readonly swap: (a: Obj, b: Obj) => Mor
  readonly copy: (a: Obj) => Mor
  readonly discard: (a: Obj) => Mor
  readonly isDeterministic: (f: Mor) => boolean
  readonly equals: (f: Mor, g: Mor) => boolean
  /** A morphism as it is, or what is wrong with it: every result of every operation must pass. */
  readonly validate: (f: Mor) => Either<Problem, Mor>
  /** A morphism as text, for counterexamples. */
  readonly show: (f: Mor) => string

  /**
   * f|_X : X ⊗ A -> Y of a morphism f : A -> X ⊗ Y: how the second output depends on the first and the input, so that
   * f = copy[A] ; (f_X ; copy[X] ⊗ id[A]) ; (id[X] ⊗ f|_X). It is total: what it is where f_X gives no mass is the instance's stated
   * choice.
   */
  readonly conditional?: (f: Mor, x: Obj, y: Obj) => Mor
  /** f† : Y ⊗ A -> X of a morphism f : X -> Y and a prior p : A -> X; for a prior without input, f† : Y -> X. */
  readonly inverse?: (prior: Mor, f: Mor) => Mor
  /** The empty object, where there is one. */
  readonly initial?: InitialObject<Obj, Mor>
}

/** An object that has one morphism to every object. */
export interface InitialObject<Obj, Mor> {
  readonly object: Obj
  readonly to: (b: Obj) => Mor
}

/** A Markov structure that has conditionals, and with them Bayesian inverses. */
export interface ConditionalStructure<Obj, Mor> extends MarkovStructure<Obj, Mor> {
  readonly conditional: (f: Mor, x: Obj, y: Obj) => Mor
  readonly inverse: (prior: Mor, f: Mor) => Mor
}

/** How a Markov structure reads diagrams: `Meaning` is what a user writes for a box. */
export interface Reading<Obj, Mor, Meaning> {
  /** The object that interprets a wire of a diagram, where the category has one. */
  readonly objectOf: (wire: Wire) => Either<Problem, Obj>
  /** The morphism that a user's text for a box denotes; `where` names the box in problems. */
  readonly read: (meaning: Meaning, domain: Obj, codomain: Obj, where: string) => Either<Problem, Mor>
}

/** A Markov category that interprets diagrams. */
export interface MarkovCategory<Obj, Mor, Meaning> extends MarkovStructure<Obj, Mor>, Reading<Obj, Mor, Meaning> {}

/** A Markov category with conditionals that interprets diagrams. */
export interface ConditionalMarkovCategory<Obj, Mor, Meaning>
  extends ConditionalStructure<Obj, Mor>, Reading<Obj, Mor, Meaning> {}
