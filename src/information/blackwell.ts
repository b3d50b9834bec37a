/**
 * The Blackwell order on experiments, decided exactly, with a certificate either way.
 *
 * f : Theta -> X is at least as informative as g : Theta -> Y if g is f followed by some kernel c : X -> Y, the garbling. If there is
 * none, there is a decision problem in which g pays strictly more than f. The question is whether linear equations in the |X| |Y|
 * entries of c have a nonnegative solution, and Farkas's vector is the decision problem.
 *
 * Sources: D. Blackwell, "Equivalent comparisons of experiments" (1953); T. Fritz, T. Gonda, P. Perrone and E. Rischel,
 * "Representable Markov categories and comparison of statistical experiments in categorical probability" (2023).
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { normalised, sameRow, showRow } from '../category/exact-row.js'
import { exactProbability, type ExactStochasticMatrix, FinStochExact } from '../category/fin-stoch-exact.js'
import { type FiniteObject, sameFiniteObject, sizeOfObject } from '../category/finite-object.js'
import { type Rational, ratio, showRational, zero } from '../category/rational.js'
import {
  greatestCommonDivisor,
  linearFeasibility,
  type LinearSystem,
  type SparseColumn,
} from '../linear-algebra/exact-simplex.js'
import { type DecisionProblem, decisionValue } from './decision-problem.js'

/** f ; kernel = g, exactly. */
export interface Garbling {
  readonly kind: 'garbling'
  readonly kernel: ExactStochasticMatrix
}

/** A decision problem, its actions the observations of g, that pays more to one who sees g than to one who sees f. */
export interface Refutation {
  readonly kind: 'refuted'
  readonly decision: DecisionProblem
  /** The best expected payoffs. */
  readonly values: { readonly f: Rational; readonly g: Rational }
}

export type BlackwellVerdict = Garbling | Refutation

/**
 * Whether f is at least as informative as g: a garbling that makes g of f, or a decision problem in which g is worth more.
 *
 * With a prior I -> Theta, f ; c = g is asked for almost surely, at the parameters that have mass, and the decision problem has that
 * prior. Without one the prior of the decision problem is part of the answer: the parameters at which nothing is at stake have none.
 * Payoffs are from 0 to 1. A garbling is one of many where the observations of f are redundant.
 *
 * Problems of a hundred unknowns |X| |Y| take well under a second. Experiments with different parameters throw, and so does an empty
 * set of parameters.
 *
 * @example
 * const noisy = (e) => exactStochasticMatrix([[1 - e, e], [e, 1 - e]]).right
 * const more = blackwell(noisy(0.25), noisy(0.375))
 * FinStochExact.show(more.kernel) // => '[2] -> [2]\n  [3/4, 1/4]\n  [1/4, 3/4]'
 * const less = blackwell(noisy(0.375), noisy(0.25))
 * FinStochExact.show(less.decision.prior) // => '[] -> [2]\n  [3/8, 5/8]'
 * less.decision.payoff.map((row) => row.map(showRational)) // => [['1', '0'], ['0', '1']]
 * Object.values(less.values).map(showRational) // => ['5/8', '3/4']
 */
export const blackwell = (
  f: ExactStochasticMatrix,
  g: ExactStochasticMatrix,
  prior?: ExactStochasticMatrix,
): BlackwellVerdict => {
  const comparison = comparisonOf(f, g, prior)
  const answer = linearFeasibility(equationsOf(comparison))
  return answer.kind === 'feasible'
    ? { kind: 'garbling', kernel: kernelOf(f, g, answer.numerators) }
    : refutationOf(comparison, answer.multipliers)
}

/**
 * A verdict as it is, if exact arithmetic confirms it without solving anything: that the kernel is one and f followed by it is g, or
 * that the two values of the decision problem are those stated and g's is the larger.
 *
 * Errors: `invalid-value` for what does not hold, with the place and what was found there. Experiments with different parameters throw.
 *
 * @example
 * const f = exactStochasticMatrix([['1/2', '1/2'], ['1/4', '3/4']]).right
 * isRight(checkBlackwell(f, f, { kind: 'garbling', kernel: FinStochExact.id([2]) })) // => true
 * isRight(checkBlackwell(f, f, { kind: 'garbling', kernel: FinStochExact.swap([2], []) })) // => true
 * isRight(checkBlackwell(f, f, { kind: 'garbling', kernel: f })) // => false
 */
export const checkBlackwell = (
  f: ExactStochasticMatrix,
  g: ExactStochasticMatrix,
  verdict: BlackwellVerdict,
  prior?: ExactStochasticMatrix,
): Either<Problem, BlackwellVerdict> => {
  const comparison = comparisonOf(f, g, prior)
  return verdict.kind === 'garbling' ? checkGarbling(comparison, verdict) : checkRefutation(comparison, verdict)
}

interface Comparison {
  readonly f: ExactStochasticMatrix
  readonly g: ExactStochasticMatrix
  readonly prior: ExactStochasticMatrix | undefined
  /** The parameters that have mass, or all of them. */
  readonly parameters: readonly number[]
}

const comparisonOf = (
  f: ExactStochasticMatrix,
  g: ExactStochasticMatrix,
  prior: ExactStochasticMatrix | undefined,
): Comparison => {
  if (!sameFiniteObject(f.domain, g.domain))
    throw new Error(`blackwell: parameters [${f.domain.join(', ')}] meet [${g.domain.join(', ')}]`)
  if (sizeOfObject(f.domain) === 0) throw new Error('blackwell: there is no parameter')
  if (prior !== undefined && !isLawOn(f.domain, prior))
    throw new Error(`blackwell: the prior is no law on [${f.domain.join(', ')}]`)
  const parameters = [...f.rows.keys()].filter((t) => prior === undefined || prior.rows[0]!.numerators[t]! > 0n)
  return { f, g, prior, parameters }
}

const isLawOn = (object: FiniteObject, { domain, codomain }: ExactStochasticMatrix): boolean =>
  sizeOfObject(domain) === 1 && sameFiniteObject(codomain, object)

/**
 * An equation for each parameter t and each observation y of g but the last, sum_x f(t, x) c(x, y) = g(t, y), and after them one for
 * each x, sum_y c(x, y) = 1. The last y follows from the others. Unknown x |Y| + y is c(x, y) times a common denominator of g: the
 * equations are then in whole numbers, and those on the left, which decide how long all others become, as short as f has them.
 */
const equationsOf = ({ f, g, parameters }: Comparison): LinearSystem => {
  const [width, actions] = [sizeOfObject(f.codomain), sizeOfObject(g.codomain)]
  const columns = Array.from({ length: width * actions }, (_, unknown): SparseColumn => {
    const [x, y] = [Math.floor(unknown / actions), unknown % actions]
    const masses = y === actions - 1 ? [] : parameters.map((t) => f.rows[t]!.numerators[x]!)
    const seen = [...masses.keys()].filter((index) => masses[index] !== 0n)
    return {
      rows: [...seen.map((index) => index * (actions - 1) + y), parameters.length * (actions - 1) + x],
      values: [...seen.map((index) => masses[index]!), 1n],
    }
  })
  const common = parameters.reduce((multiple, t) => leastCommonMultiple(multiple, g.rows[t]!.denominator), 1n)
  const outputs = parameters.flatMap((t) => {
    const { numerators, denominator } = g.rows[t]!
    return numerators.slice(0, -1).map((numerator) => numerator * (common / denominator) * f.rows[t]!.denominator)
  })
  return { columns, rightSide: [...outputs, ...Array.from({ length: width }, () => common)] }
}

const leastCommonMultiple = (a: bigint, b: bigint): bigint => (a / greatestCommonDivisor(a, b)) * b

/** The unknowns of every row sum to one, so they are weights. */
const kernelOf = (
  f: ExactStochasticMatrix,
  g: ExactStochasticMatrix,
  numerators: readonly bigint[],
): ExactStochasticMatrix => {
  const actions = sizeOfObject(g.codomain)
  return {
    domain: f.codomain,
    codomain: g.codomain,
    rows: Array.from({ length: sizeOfObject(f.codomain) }, (_, x) =>
      normalised(numerators.slice(x * actions, (x + 1) * actions)),
    ),
  }
}

/**
 * Farkas's multipliers u(t, y) satisfy max_y sum_t f(t, x) u(t, y) <= -w(x) for every x, and sum g u > -sum w: if prior(t) payoff(t, y)
 * is u(t, y), g is worth more than f. Adding a number to all payoffs at a parameter adds the same to both values, so the least can be
 * zero at each; then the prior can be what is at stake at each parameter, and the largest payoffs one.
 */
const refutationOf = ({ f, g, prior, parameters }: Comparison, multipliers: readonly bigint[]): Refutation => {
  const actions = sizeOfObject(g.codomain)
  const weighted = f.rows.map(() => Array.from({ length: actions }, () => 0n))
  parameters.forEach((t, index) => {
    const raw = [...multipliers.slice(index * (actions - 1), (index + 1) * (actions - 1)), 0n]
    const least = raw.reduce((a, b) => (b < a ? b : a))
    weighted[t] = raw.map((value) => (value - least) * f.rows[t]!.denominator)
  })
  const stakes = normalised(weighted.map((row) => row.reduce((a, b) => (b > a ? b : a))))
  const law: ExactStochasticMatrix = prior ?? { domain: [], codomain: f.domain, rows: [stakes] }
  const payoff = weighted.map((row, t) => {
    const mass = exactProbability(law, 0, t)
    return row.map((value) => (value === 0n ? zero : ratio(value).div(mass)))
  })
  const most = payoff.flat().reduce((a, b) => (b.gt(a) ? b : a))
  const decision = { prior: law, payoff: payoff.map((row) => row.map((value) => value.div(most))) }
  return { kind: 'refuted', decision, values: { f: decisionValue(decision, f), g: decisionValue(decision, g) } }
}

const checkGarbling = ({ f, g, parameters }: Comparison, garbling: Garbling): Either<Problem, Garbling> => {
  const kernel = FinStochExact.validate(garbling.kernel)
  if (isLeft(kernel)) return kernel
  const { domain, codomain } = kernel.right
  if (!sameFiniteObject(domain, f.codomain) || !sameFiniteObject(codomain, g.codomain))
    return left(
      wrong(
        'garbling',
        `it goes from [${domain.join(', ')}] to [${codomain.join(', ')}]`,
        `give a kernel from [${f.codomain.join(', ')}] to [${g.codomain.join(', ')}]`,
      ),
    )
  const made = FinStochExact.seq(f, kernel.right)
  const different = parameters.find((t) => !sameRow(made.rows[t]!, g.rows[t]!))
  return different === undefined
    ? right(garbling)
    : left(
        wrong(
          `f ; garbling, row ${different}`,
          `it is ${showRow(made.rows[different]!)}`,
          `it must be ${showRow(g.rows[different]!)}, as in g`,
        ),
      )
}

const checkRefutation = ({ f, g, prior }: Comparison, refutation: Refutation): Either<Problem, Refutation> => {
  const { decision, values } = refutation
  const law = FinStochExact.validate(decision.prior)
  if (isLeft(law)) return law
  if (!isLawOn(f.domain, law.right))
    return left(
      wrong('prior of the decision problem', 'it is no law on the parameters', `give one on [${f.domain.join(', ')}]`),
    )
  if (prior !== undefined && !sameRow(law.right.rows[0]!, prior.rows[0]!))
    return left(
      wrong(
        'prior of the decision problem',
        `it is ${showRow(law.right.rows[0]!)}`,
        `it must be ${showRow(prior.rows[0]!)}, as in the question`,
      ),
    )
  const actions = decision.payoff[0]?.length ?? 0
  if (
    decision.payoff.length !== f.rows.length ||
    actions === 0 ||
    decision.payoff.some((row) => row.length !== actions)
  )
    return left(wrong('payoff', 'it is no table', `give ${f.rows.length} rows with an entry for each action`))
  for (const [name, experiment, stated] of [
    ['f', f, values.f],
    ['g', g, values.g],
  ] as const) {
    const value = decisionValue(decision, experiment)
    if (!value.equals(stated))
      return left(wrong(`value of ${name}`, `it is ${showRational(value)}`, `${showRational(stated)} was stated`))
  }
  return values.g.gt(values.f)
    ? right(refutation)
    : left(
        wrong('values', `f pays ${showRational(values.f)} and g ${showRational(values.g)}`, 'g must pay more than f'),
      )
}

const wrong = (where: string, what: string, remedy: string): Problem => problem('invalid-value', where, what, remedy)
