/**
 * The law of what was drawn, and how far it may be from the law that it was drawn from.
 *
 * For n independent draws of a law p on k points, with counts over n as the empirical law: the mean of the total variation distance
 * is at most the sum of sqrt(p_i (1 - p_i) / n) / 2, which is at most sqrt((k - 1) / n) / 2; and since one draw moves the distance by
 * at most 1/n, it is more than t above its mean with probability at most exp(-2 n t^2).
 *
 * Source: C. McDiarmid, "On the method of bounded differences" (1989).
 */
import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import { par } from '../../../dsl/diagram.js'
import { cardinality, showWire } from '../../../dsl/object.js'
import { problem, type Problem } from '../../../dsl/problem.js'
import { matrix } from '../../linear-algebra/matrix.js'
import { sizeOfObject } from '../finite-object.js'
import { type ChiSquaredTest, chiSquaredIndependence } from './chi-squared.js'
import type { SamplerMorphism } from './morphism.js'
import { type Draw, sample } from './run.js'
import type { GivenValue, SampleOptions, Samples } from './samples.js'

/**
 * The share of each element among draws of finite wires (several wires: the last runs fastest), or its weight where draws have
 * weights.
 *
 * Errors: `unsupported` for a real wire.
 */
export const empiricalLaw = (samples: Samples, weights?: Float64Array): Either<Problem, Float64Array> => {
  const vectors = samples.wires.find((wire) => wire.kind === 'real')
  if (vectors !== undefined)
    return left(
      problem(
        'unsupported',
        `wire ${showWire(vectors)}`,
        'draws of a real vector space have no shares',
        'discard the wire, or sort its vectors into a finite set by a function',
      ),
    )
  const sizes = samples.wires.map((wire) => cardinality(wire)!)
  const law = new Float64Array(sizeOfObject(sizes))
  for (let draw = 0; draw < samples.count; draw++) {
    let element = 0
    samples.columns.forEach((column, port) => {
      if (column.kind === 'finite') element = element * sizes[port]! + column.elements[draw]!
    })
    law[element]! += weights?.[draw] ?? 1
  }
  const total = law.reduce((sum, weight) => sum + weight, 0)
  return right(total === 0 ? law : law.map((weight) => weight / total))
}

/** The largest total variation distance that so many draws of a law have from it, but for a false alarm of the stated probability. */
export const distanceBound = (law: ArrayLike<number>, count: number, falseAlarm: number): number => {
  let mean = 0
  for (let k = 0; k < law.length; k++) mean += Math.sqrt(Math.max(0, law[k]! * (1 - law[k]!)) / count) / 2
  return mean + Math.sqrt(Math.log(1 / falseAlarm) / (2 * count))
}

/** How far draws are from a law, beside how far they may be. */
export interface Convergence {
  readonly kind: 'measurement'
  /** Total variation. */
  readonly distance: number
  readonly bound: number
  /** The probability, at most, that draws of that very law are further away than the bound. */
  readonly falseAlarm: number
  readonly agrees: boolean
}

/**
 * Whether draws of finite wires agree with a law: laws that differ are told apart once there are enough draws, as 1/sqrt(n) falls.
 *
 * Errors: `unsupported` for a real wire, `invalid-value` for a law on another number of elements.
 *
 * @example
 * const Coin = finite('Coin', 2)
 * const flip = toUnion(Sampler.read([[0.5, 0.5]], [], [Coin], 'flip'))
 * const draws = toUnion(sample(flip, [], { seed: 1, count: 10000 }))
 * toUnion(convergence(draws, [0.5, 0.5], 1e-6)).agrees // => true
 * toUnion(convergence(draws, [0.6, 0.4], 1e-6)).agrees // => false
 */
export const convergence = (
  samples: Samples,
  law: ArrayLike<number>,
  falseAlarm: number,
): Either<Problem, Convergence> => {
  const seen = empiricalLaw(samples)
  if (isLeft(seen)) return seen
  if (seen.right.length !== law.length)
    return left(
      problem(
        'invalid-value',
        'law',
        `it has ${law.length} elements`,
        `give one probability for each of the ${seen.right.length} elements of the outputs`,
      ),
    )
  const distance = seen.right.reduce((sum, share, k) => sum + Math.abs(share - law[k]!), 0) / 2
  const bound = distanceBound(law, samples.count, falseAlarm)
  return right({ kind: 'measurement', distance, bound, falseAlarm, agrees: distance <= bound })
}

/**
 * The chi-squared test of whether the two legs of f ⊗ g are drawn independently; both have finite outputs. `draw` is the sampler that
 * is tested.
 *
 * Errors: those of the sampler, and `unsupported` for a real output.
 *
 * @example
 * const Coin = finite('Coin', 2)
 * const flip = toUnion(Sampler.read([[0.5, 0.5]], [], [Coin], 'flip'))
 * toUnion(legsIndependence(flip, flip, [], { seed: 1, count: 10000 })).tailBound > 1e-6 // => true
 */
export const legsIndependence = (
  f: SamplerMorphism,
  g: SamplerMorphism,
  inputs: readonly GivenValue[],
  options: SampleOptions,
  draw: Draw = sample,
): Either<Problem, ChiSquaredTest> => {
  const samples = draw({ diagram: par(f.diagram, g.diagram) }, inputs, options)
  if (isLeft(samples)) return samples
  return pipe(
    empiricalLaw(samples.right),
    map((law) => {
      const rows = sizeOfObject(f.diagram.outputs.map((wire) => cardinality(wire)!))
      const counts = law.map((share) => Math.round(share * samples.right.count))
      return chiSquaredIndependence(matrix(rows, counts.length / rows, counts))
    }),
  )
}
