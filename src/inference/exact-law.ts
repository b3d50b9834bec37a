/**
 * The exact law of a sampler of finite sets: what its draws converge to.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { showWires } from '../../dsl/object.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { wiringOf } from '../../dsl/wiring.js'
import { FinStoch, type StochasticMatrix, stochasticMap } from '../category/fin-stoch.js'
import { interpret } from '../interpret.js'
import type { MarkovCategory } from '../category/markov-category.js'
import type { FiniteObject } from '../category/finite-object.js'
import { meaningOf, type SamplerMorphism } from '../category/sampler/morphism.js'

/** Boxes of a sampler carry their stochastic matrix. */
const carried: MarkovCategory<FiniteObject, StochasticMatrix, StochasticMatrix> = { ...FinStoch, read: right }

/**
 * The stochastic matrix of a sampler all of whose boxes are finite kernels and finite functions.
 *
 * Errors: `unsupported` for a box that samples anything else.
 *
 * @example
 * const Coin = finite('Coin', 2)
 * const flip = toUnion(Sampler.read([[0.25, 0.75]], [], [Coin], 'flip'))
 * Array.from(toUnion(exactLaw(Sampler.par(flip, flip))).entries) // => [0.0625, 0.1875, 0.1875, 0.5625]
 */
export const exactLaw = ({ diagram }: SamplerMorphism): Either<Problem, StochasticMatrix> => {
  const meanings: Record<string, StochasticMatrix> = {}
  for (const { box } of wiringOf(diagram).boxes) {
    const meaning = meaningOf(box)
    if (meaning.kind === 'finite-kernel') meanings[box.name] = meaning.rows
    else if (meaning.kind === 'finite-function') {
      const codomain = FinStoch.objectOf
      const sizes: number[] = []
      for (const wire of box.outputs) {
        const object = codomain(wire)
        if (isLeft(object)) return object
        sizes.push(...object.right)
      }
      const ports = sizes.length
      meanings[box.name] = stochasticMap(meaning.domain, sizes, (x) =>
        sizes.reduce((element, size, port) => element * size + meaning.values[x * ports + port]!, 0),
      )
    } else
      return left(
        problem(
          'unsupported',
          `box '${box.name}' : ${showWires(box.inputs)} -> ${showWires(box.outputs)}`,
          'it samples no finite kernel and no finite function',
          'only finite sets have exact laws',
        ),
      )
  }
  return interpret(carried, meanings)(diagram)
}
