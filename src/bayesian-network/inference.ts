/**
 * Exact inference in Bayesian networks: marginals, and posteriors given evidence.
 *
 * The diagram of the variables that are asked for and observed, in which only they and their ancestors are left, is summed box after
 * box at the evidence; the joint distribution of all variables is never built.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { legible } from '../../dsl/legible.js'
import { problem, type Problem } from '../../dsl/problem.js'
import type { Posterior } from '../category/evidence.js'
import type { StochasticMatrix } from '../category/fin-stoch.js'
import { observeDiagram } from '../inference/evidence.js'
import { marginalDiagram, networkMeanings } from './diagram.js'
import type { BayesianNetwork } from './network.js'

/**
 * The joint distribution of some variables of a network, the last of them running fastest.
 *
 * Errors: `unknown-name` for what is no variable, `invalid-value` for one that is named twice, `unsupported` where a table of more
 * than sixteen million numbers would be needed.
 *
 * @example
 * const rain = { name: 'Rain', values: ['yes', 'no'], parents: [], rows: [['0.2', '0.8']] }
 * const grass = { name: 'Grass', values: ['wet', 'dry'], parents: ['Rain'], rows: [['0.9', '0.1'], ['0.1', '0.9']] }
 * const garden = toUnion(bayesianNetwork('garden', [rain, grass]))
 * Array.from(toUnion(networkMarginal(garden, ['Grass'])).entries) // => [0.26, 0.74]
 */
export const networkMarginal = (
  network: BayesianNetwork,
  names: readonly string[],
): Either<Problem, StochasticMatrix> => {
  const given = networkPosterior(network, names, {})
  return isLeft(given) ? given : right(given.right.distribution)
}

/**
 * The joint distribution of some variables of a network given the values of others, and the logarithm of the probability of these
 * (nats).
 *
 * Errors: those of `networkMarginal`, also for a variable that is both asked for and observed; `unknown-name` for what is no value;
 * `impossible-evidence` for evidence of probability zero, decided by which probabilities are zero as doubles; `underflow` for evidence
 * that is possible and that doubles have lost.
 *
 * @example
 * const rain = { name: 'Rain', values: ['yes', 'no'], parents: [], rows: [['0.2', '0.8']] }
 * const grass = { name: 'Grass', values: ['wet', 'dry'], parents: ['Rain'], rows: [['0.9', '0.1'], ['0.1', '0.9']] }
 * const garden = toUnion(bayesianNetwork('garden', [rain, grass]))
 * const given = toUnion(networkPosterior(garden, ['Rain'], { Grass: 'wet' }))
 * Array.from(given.distribution.entries) // => [9 / 13, 4 / 13]
 * Math.exp(given.logEvidence) // => 0.26
 */
export const networkPosterior = (
  network: BayesianNetwork,
  query: readonly string[],
  evidence: Readonly<Record<string, string>>,
): Either<Problem, Posterior> => {
  const observations = Object.entries(evidence).map(([output, observed]) => ({ output, observed }))
  const names = [...query, ...observations.map(({ output }) => output)]
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice !== undefined)
    return left(
      problem(
        'invalid-value',
        `variable '${legible(twice)}'`,
        query.indexOf(twice) === query.lastIndexOf(twice) ? 'it is asked for and observed' : 'it is asked for twice',
        'name each variable once, as asked for or as observed',
      ),
    )
  const diagram = marginalDiagram(network, names)
  return isLeft(diagram) ? diagram : observeDiagram(diagram.right, networkMeanings(network), observations)
}
