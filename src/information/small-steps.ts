/**
 * What every divergence says of close distributions: the same metric, times a number.
 *
 *     D(p + e dp || p) = c e^2 I(dp) + o(e^2),     I(dp) = sum dp^2 / p, the Fisher-Rao metric
 *
 * and the same with the arguments exchanged, where p has no zeros. For an f-divergence c = f''(1) / 2.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), Theorem 6.1, which leaves out the factor f''(1). It
 * says nothing of total variation, whose f has a corner at 1.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { type Divergence, type FDivergence, showDivergence } from './divergence.js'

/**
 * The number c. Identity, as a limit; exact for the divergences that the library knows by name, to about 1e-9 for an f-divergence,
 * whose f is differentiated numerically.
 *
 * Error: `unsupported` for what grows like e and not like e^2: total variation, Renyi of infinite order, and the two distances.
 *
 * @example
 * toUnion(smallStepCoefficient(kullbackLeibler)) // => 0.5
 * toUnion(smallStepCoefficient(renyi(0.5))) // => 0.25
 * toUnion(smallStepCoefficient(squaredHellinger)) // => 0.125
 * isLeft(smallStepCoefficient(totalVariation)) // => true
 */
export const smallStepCoefficient = (d: Divergence): Either<Problem, number> => {
  switch (d.kind) {
    case 'kullback-leibler':
    case 'reverse-kullback-leibler':
      return right(1 / 2)
    case 'renyi':
      return d.order === Infinity ? firstOrder(d, 'use a finite order') : right(d.order / 2)
    case 'tsallis':
      return right(d.order / 2)
    case 'squared-hellinger':
    case 'jensen-shannon':
      return right(1 / 8)
    case 'chi-squared':
      return right(1)
    case 'hellinger-distance':
      return firstOrder(d, 'use its square, squared-hellinger')
    case 'jensen-shannon-distance':
      return firstOrder(d, 'use its square, jensen-shannon')
    case 'total-variation':
      return firstOrder(d, 'use kullback-leibler, jensen-shannon or squared-hellinger')
    case 'f-divergence':
      return halfCurvature(d)
  }
}

const firstOrder = (d: Divergence, remedy: string): Either<Problem, never> =>
  left(
    problem(
      'unsupported',
      `small steps of ${showDivergence(d)}`,
      'it is not quadratic in a small step: it has no finite coefficient of the squared length',
      remedy,
    ),
  )

const levels = 4

/** f''(1) / 2 by second differences, extrapolated to step zero; at a corner of f these grow without end. */
const halfCurvature = (d: FDivergence): Either<Problem, number> => {
  const table = Array.from({ length: levels }, (_, level) => {
    const step = 2 ** (-7 - level)
    return (d.f(1 + step) + d.f(1 - step) - 2 * d.f(1)) / (step * step)
  })
  let before = table[levels - 1]!
  for (let order = 1; order < levels; order++) {
    before = table[levels - 1]!
    for (let level = levels - 1; level >= order; level--)
      table[level] = table[level]! + (table[level]! - table[level - 1]!) / (4 ** order - 1)
  }
  const curvature = table[levels - 1]!
  return Math.abs(curvature - before) <= 1e-5 * Math.max(1, Math.abs(curvature))
    ? right(curvature / 2)
    : firstOrder(d, 'use an f that is twice differentiable at 1')
}
