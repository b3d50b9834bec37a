/**
 * Which divergences are additive enrichments of FinStoch: D(f ; h || g ; k) and D(f ⊗ h || g ⊗ k) are at most D(f || g) + D(h || k),
 * with D of kernels the supremum over inputs. Every divergence here has data processing, additive or not.
 *
 * Proofs in one line each, with the counterexample where there is none. Write a = sum f^q g^(1-q), b for h and k: for q < 1 both are
 * at most one, and 1 - ab <= (1 - a) + (1 - b); for q > 1 both are at least one, and the excess (a - 1)(b - 1) has the wrong sign.
 *
 * Source: P. Perrone, "Markov categories and entropy" (2023), for the notion and for Kullback-Leibler and Renyi.
 */
import { FinStoch, type StochasticMatrix } from '../category/fin-stoch.js'
import type { Divergence } from './divergence.js'
import { kernelDivergence } from './kernel-divergence.js'

/** Four kernels for which the composites are farther apart than their parts are together. */
export interface AdditivityCounterexample {
  /** The composition that fails: `seq` for f ; h against g ; k, `par` for f ⊗ h against g ⊗ k. */
  readonly composition: 'seq' | 'par'
  readonly f: StochasticMatrix
  readonly g: StochasticMatrix
  readonly h: StochasticMatrix
  readonly k: StochasticMatrix
}

export type AdditiveEnrichment =
  | { readonly kind: 'additive'; readonly reason: string }
  | {
      readonly kind: 'refuted'
      readonly reason: string
      readonly counterexample: AdditivityCounterexample
      /** An additive divergence that orders all pairs of distributions in the same way. */
      readonly remedy: string
    }
  | { readonly kind: 'unknown'; readonly reason: string }

/**
 * Whether a divergence is an additive enrichment, and why.
 *
 * @example
 * additiveEnrichment(kullbackLeibler).kind // => 'additive'
 * additiveEnrichment(chiSquared).kind // => 'refuted'
 */
export const additiveEnrichment = (d: Divergence): AdditiveEnrichment => {
  switch (d.kind) {
    case 'kullback-leibler':
    case 'reverse-kullback-leibler':
      return additive(
        'the chain rule: the divergence of joint laws is that of the first parts and a mean of the second',
      )
    case 'renyi':
      return additive('the chain rule with a power mean, which is at most the supremum')
    case 'total-variation':
      return additive('the triangle inequality, and joint convexity')
    case 'squared-hellinger':
      return additive('1 - ab <= (1 - a) + (1 - b) for the Bhattacharyya coefficients a, b of the parts')
    case 'hellinger-distance':
      return additive('the triangle inequality, and joint convexity of its square')
    case 'jensen-shannon-distance':
      return additive('the triangle inequality, and joint convexity of its square')
    case 'jensen-shannon':
      return {
        kind: 'refuted',
        reason:
          'given what came before, the two hypotheses need not be equally likely, and unequal odds may tell h and k better apart',
        counterexample: unequalOdds,
        remedy: 'its square root, the Jensen-Shannon distance',
      }
    case 'chi-squared':
      return notBeyondOne(2, 'the logarithm of 1 + chi-squared, the Renyi divergence of order 2')
    case 'tsallis':
      if (d.order === 1) return additive('at order 1 it is the Kullback-Leibler divergence')
      return d.order < 1
        ? additive('1 - ab <= (1 - a) + (1 - b) for the sums a, b of f^q g^(1-q) over the parts')
        : notBeyondOne(d.order, 'the Renyi divergence of the same order')
    case 'f-divergence':
      return { kind: 'unknown', reason: 'an f-divergence has data processing; whether it is additive depends on f' }
  }
}

/**
 * The two sides of the inequality that an additive enrichment satisfies: D of the composites, and the sum over the parts.
 *
 * @example
 * const verdict = additiveEnrichment(chiSquared)
 * additivitySides(chiSquared, verdict.counterexample) // => { together: 3, apart: 2 }
 */
export const additivitySides = (
  d: Divergence,
  { composition, f, g, h, k }: AdditivityCounterexample,
): { readonly together: number; readonly apart: number } => {
  const compose = FinStoch[composition]
  return {
    together: kernelDivergence(d, compose(f, h), compose(g, k)).supremum,
    apart: kernelDivergence(d, f, g).supremum + kernelDivergence(d, h, k).supremum,
  }
}

const additive = (reason: string): AdditiveEnrichment => ({ kind: 'additive', reason })

const kernel = (
  rows: readonly (readonly number[])[],
  inputs: number,
  codomain: readonly number[],
): StochasticMatrix => ({
  domain: inputs === 1 ? [] : [inputs],
  codomain,
  entries: Float64Array.from(rows.flat()),
})

/** A point mass against a law that gives it r, where r^(1-q) is 2 or nearer to 1: then ab - 1 = (2 - 1) + (2 - 1) + 1. */
const notBeyondOne = (order: number, remedy: string): AdditiveEnrichment => {
  const share = 2 ** -Math.min(1, 1 / (order - 1))
  const [f, g] = [kernel([[1, 0]], 1, [2]), kernel([[share, 1 - share]], 1, [2])]
  return {
    kind: 'refuted',
    reason: '1 + (q-1) D is multiplicative on products, and ab - 1 exceeds (a - 1) + (b - 1) for a, b > 1',
    counterexample: { composition: 'par', f, g, h: f, k: g },
    remedy,
  }
}

/**
 * f and g make the hypotheses odds of 3 : 2 or 2 : 3, whichever the input of h and k; there the deterministic row is then the likelier
 * one, for which the channel from hypothesis to output carries more than for even odds. h and k keep their input.
 */
const unequalOdds: AdditivityCounterexample = {
  composition: 'seq',
  f: kernel([[0.6, 0.4]], 1, [2]),
  g: kernel([[0.4, 0.6]], 1, [2]),
  h: kernel(
    [
      [1, 0, 0, 0],
      [0, 0, 0.5, 0.5],
    ],
    2,
    [2, 2],
  ),
  k: kernel(
    [
      [0.5, 0.5, 0, 0],
      [0, 0, 0, 1],
    ],
    2,
    [2, 2],
  ),
}
