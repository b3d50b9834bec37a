/**
 * Decision problems about the parameter of an experiment, in exact rational numbers.
 *
 * Source: D. Blackwell, "Equivalent comparisons of experiments" (1953).
 */
import { exactProbability, type ExactStochasticMatrix } from '../category/fin-stoch-exact.js'
import { sizeOfObject } from '../category/finite-object.js'
import { type Rational, zero } from '../category/rational.js'

/** A prior Theta, a kernel without input, and what each action pays at each parameter. */
export interface DecisionProblem {
  readonly prior: ExactStochasticMatrix
  /** A row for each parameter, an entry for each action. */
  readonly payoff: readonly (readonly Rational[])[]
}

/**
 * The best expected payoff of one who sees the observation of an experiment f : Theta -> X before acting: the sum over observations x
 * of the largest sum over parameters t of prior(t) f(t, x) payoff(t, action).
 *
 * Parameters that do not match, rows of payoffs of different lengths, and a problem without actions throw.
 *
 * @example
 * const [half, quarter] = [ratio(1n, 2n), ratio(1n, 4n)]
 * const guess = { prior: FinStochExact.read([[half, half]], [], [2], 'prior').right, payoff: [[one, zero], [zero, one]] }
 * const noisy = exactStochasticMatrix([['3/4', '1/4'], ['1/4', '3/4']]).right
 * showRational(decisionValue(guess, noisy)) // => '3/4'
 */
export const decisionValue = ({ prior, payoff }: DecisionProblem, f: ExactStochasticMatrix): Rational => {
  const parameters = sizeOfObject(f.domain)
  const actions = payoff[0]?.length ?? 0
  if (sizeOfObject(prior.domain) !== 1 || sizeOfObject(prior.codomain) !== parameters)
    throw new Error(`decisionValue: the prior is no law on the ${parameters} parameters of the experiment`)
  if (payoff.length !== parameters || actions === 0 || payoff.some((row) => row.length !== actions))
    throw new Error(`decisionValue: the payoffs are no table with a row for each of ${parameters} parameters`)

  let value = zero
  for (let x = 0; x < sizeOfObject(f.codomain); x++) {
    let best: Rational | undefined
    for (let action = 0; action < actions; action++) {
      let expected = zero
      for (let t = 0; t < parameters; t++)
        if (f.rows[t]!.numerators[x] !== 0n && payoff[t]![action]!.n !== 0n)
          expected = expected.add(
            exactProbability(prior, 0, t)
              .mul(exactProbability(f, t, x))
              .mul(payoff[t]![action]!),
          )
      if (best === undefined || expected.gt(best)) best = expected
    }
    value = value.add(best ?? zero)
  }
  return value
}
