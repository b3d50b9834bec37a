/**
 * The interface of a Markov category: a record of operations, one instance a file.
 *
 * Objects are lists of atoms, so the tensor of objects is strict; `Meaning` is what a user writes for a box, from which an instance
 * builds a morphism. Composing morphisms whose boundaries do not meet is a programmer's error and throws.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020).
 */
import type { Either } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import type { Wire } from '../../dsl/object.js'

export interface MarkovCategory<Obj, Mor, Meaning> {
  readonly name: string
  /** What `equals` means: exact, or a stated metric with a stated budget. */
  readonly equality: string

  // Objects: a monoid.
  readonly unit: Obj
  readonly tensor: (a: Obj, b: Obj) => Obj
  readonly sameObject: (a: Obj, b: Obj) => boolean
  /** The object that interprets a wire of a diagram, where the category has one. */
  readonly objectOf: (wire: Wire) => Either<Problem, Obj>

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
  /** The morphism that a user's text for a box denotes; `where` names the box in problems. */
  readonly read: (meaning: Meaning, domain: Obj, codomain: Obj, where: string) => Either<Problem, Mor>
  /** A morphism as text, for counterexamples. */
  readonly show: (f: Mor) => string
}
