/**
 * Evidence in FinStoch: what an observed value says about the rest, with impossible evidence as a typed failure.
 *
 * Probabilities of evidence are given as natural logarithms (nats): those of many observations are far below the smallest double.
 *
 * Source: K. Cho and B. Jacobs, "Disintegration and Bayesian inversion via string diagrams" (2019).
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { StochasticMatrix } from './fin-stoch.js'
import { type FiniteElement, readElement, showElement } from './finite-element.js'
import { assertComposable } from './finite-ends.js'
import { type FiniteObject, sameFiniteObject, sizeOfObject } from './finite-object.js'

/** A distribution given some evidence. */
export interface Posterior {
  /** A state: a stochastic matrix without input. */
  readonly distribution: StochasticMatrix
  /** The natural logarithm of the probability of the evidence, in nats. */
  readonly logEvidence: number
}

/** An observed value of the first factors of a codomain. */
export interface Observation {
  /** The factors that are observed. */
  readonly object: FiniteObject
  readonly observed: FiniteElement
  /** The element of the domain at which the morphism is taken; needed where there is more than one. */
  readonly input?: FiniteElement
}

/**
 * The distribution of Y given an observed element of X, of a matrix f : A -> X ⊗ Y at an input.
 *
 * Errors: `invalid-value` for what is no element of X or A, `impossible-evidence` where the matrix gives the element no
 * probability. The matrix is taken at its word: of one that was composed, `observeDiagram` can tell whether a zero has underflowed.
 *
 * @example
 * const joint = toUnion(FinStoch.read([[0.1, 0.3, 0.6, 0]], [], [2, 2], 'joint'))
 * const given = toUnion(observe(joint, { object: [2], observed: 0 }))
 * Array.from(given.distribution.entries) // => [0.25, 0.75]
 * given.logEvidence // => Math.log(0.4)
 */
export const observe = (f: StochasticMatrix, { object, observed, input }: Observation): Either<Problem, Posterior> => {
  if (!sameFiniteObject(f.codomain.slice(0, object.length), object))
    throw new Error(`observe: codomain [${f.codomain.join(', ')}] does not begin with [${object.join(', ')}]`)
  const [inputs, outputs] = [sizeOfObject(f.domain), sizeOfObject(object)]
  if (input === undefined && inputs !== 1)
    return left(problem('invalid-value', 'input', `there are ${inputs} inputs and none is chosen`, 'give one of them'))
  const at = readElement(input ?? 0, f.domain, 'input')
  if (isLeft(at)) return at
  const seen = readElement(observed, object, 'observed element')
  if (isLeft(seen)) return seen

  const codomain = f.codomain.slice(object.length)
  const width = sizeOfObject(codomain)
  const start = (at.right * outputs + seen.right) * width
  const entries = f.entries.slice(start, start + width)
  const evidence = entries.reduce((sum, entry) => sum + entry, 0)
  if (evidence === 0)
    return left(
      impossible(
        `observed element ${showElement(object, seen.right)}`,
        'observe another element; for a composed matrix ask observeDiagram',
      ),
    )
  return right({
    distribution: { domain: [], codomain, entries: entries.map((entry) => entry / evidence) },
    logEvidence: Math.log(evidence),
  })
}

/** An observed value of a kernel out of the unknown X. */
export interface Likelihood {
  /** X -> Y. */
  readonly kernel: StochasticMatrix
  /** The observed element of Y. */
  readonly observed: FiniteElement
}

/**
 * The Bayesian update of a prior on X by any number of observations that are independent given X.
 *
 * Computed in logarithms with compensated sums, so that nothing underflows: after n observations with logarithms of size L, the
 * posterior is right to about L 1e-16 of itself. Errors: `invalid-value` for what is no element of a kernel's Y,
 * `impossible-evidence` where every element of X has a factor that is exactly zero.
 *
 * @example
 * const prior = toUnion(FinStoch.read([[0.01, 0.99]], [], [2], 'one in a hundred is ill'))
 * const kernel = toUnion(stochasticMatrix([[0.9, 0.1], [0.09, 0.91]]))
 * const given = toUnion(posterior(prior, [{ kernel, observed: 0 }]))
 * given.distribution.entries[0] // => 0.09174311926605505
 * Math.exp(given.logEvidence) // => 0.0981
 */
export const posterior = (prior: StochasticMatrix, likelihoods: readonly Likelihood[]): Either<Problem, Posterior> => {
  const object = prior.codomain
  const size = sizeOfObject(object)
  if (sizeOfObject(prior.domain) !== 1) throw new Error('posterior: the prior has an input')
  const logs = prior.entries.map(Math.log)
  const carries = new Float64Array(size)
  for (const [index, { kernel, observed }] of likelihoods.entries()) {
    assertComposable('posterior', prior, kernel)
    const width = sizeOfObject(kernel.codomain)
    const seen = readElement(observed, kernel.codomain, `observation ${index}`)
    if (isLeft(seen)) return seen
    for (let x = 0; x < size; x++) {
      const term = Math.log(kernel.entries[x * width + seen.right]!)
      const before = logs[x]!
      const after = before + term
      logs[x] = after
      // Neumaier's compensation; there is nothing to compensate once the element is ruled out.
      if (after === -Infinity) carries[x] = 0
      else carries[x]! += Math.abs(before) >= Math.abs(term) ? before - after + term : term - after + before
    }
  }

  let largest = -Infinity
  for (let x = 0; x < size; x++) largest = Math.max(largest, (logs[x]! += carries[x]!))
  if (largest === -Infinity)
    return left(
      impossible(
        `${likelihoods.length} observations`,
        'drop the observations that no element explains, or change the prior',
      ),
    )
  const weights = logs.map((log) => Math.exp(log - largest))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return right({
    distribution: { domain: [], codomain: object, entries: weights.map((weight) => weight / total) },
    logEvidence: largest + Math.log(total),
  })
}

/** The problem of evidence whose probability is exactly zero. */
export const impossible = (where: string, remedy: string): Problem =>
  problem('impossible-evidence', where, 'the evidence has probability zero', remedy)
