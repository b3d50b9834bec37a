/**
 * Information surplus: what the context says of the tokens after the next one, beyond what the next one says of them.
 *
 *     Surplus_K = I(X; W_t+1 .. W_t+K-1 | W_t) = H(K) - H(1) - H(n + K) + H(n + 1),   X the n symbols before W_t, H(k) block entropies
 *
 * It is a property of the stated law: under an injective encoder the hidden state has the same surplus as the context.
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (arXiv 2507.19247). What drafting exploits is a total
 * variation, so the paper's identification of the two is replaced by bounds on the acceptance rate.
 */
import { type Either, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { shannonEntropyGapBound, totalVariationBound } from '../information/entropy-bounds.js'
import { nonnegative } from '../information/rounding.js'
import type { BlockEntropies } from './data-kernel.js'

/** Upper bounds of a surplus, nats. */
export interface SurplusBounds {
  /** H(F | W_t), the entropy of the drafted tokens F = W_t+1 .. W_t+K-1. */
  readonly future: number
  /** (K - 1) log V. */
  readonly alphabet: number
  /** H(X | W_t), the entropy of the context. */
  readonly context: number
  /** The least of the three. */
  readonly sharpest: number
}

const checked = (
  entropies: BlockEntropies,
  contextLength: number,
  tokens: number,
): Either<Problem, { readonly n: number; readonly k: number }> => {
  const where = `information surplus of ${tokens} tokens after ${contextLength}`
  if (!Number.isInteger(contextLength) || contextLength < 1)
    return left(problem('out-of-range', where, 'the context has no such length', 'give a whole number of at least 1'))
  if (!Number.isInteger(tokens) || tokens < 1)
    return left(problem('out-of-range', where, 'no such number of tokens', 'give a whole number of at least 1'))
  return contextLength + tokens > entropies.longest
    ? left(
        problem(
          'out-of-range',
          where,
          `blocks of ${contextLength + tokens} symbols are needed`,
          `context and tokens may be ${entropies.longest} symbols together`,
        ),
      )
    : right({ n: contextLength, k: tokens })
}

/**
 * Surplus_K for contexts of n symbols, in nats: zero for K = 1, and for every K where the law is a Markov chain of order one.
 *
 * Errors: a length that is no whole number of at least one, or blocks that are longer than the longest known.
 */
export const informationSurplus = (
  entropies: BlockEntropies,
  contextLength: number,
  tokens: number,
): Either<Problem, number> =>
  pipe(
    checked(entropies, contextLength, tokens),
    map(({ n, k }) => entropies.of(k) - entropies.of(1) - (entropies.of(n + k) - entropies.of(n + 1))),
  )

/** The simple upper bounds of Surplus_K for an alphabet of V symbols; the errors are those of the surplus. */
export const surplusBounds = (
  entropies: BlockEntropies,
  contextLength: number,
  tokens: number,
  symbols: number,
): Either<Problem, SurplusBounds> =>
  pipe(
    checked(entropies, contextLength, tokens),
    map(({ n, k }) => {
      const future = entropies.of(k) - entropies.of(1)
      const alphabet = (k - 1) * Math.log(symbols)
      const context = entropies.of(n + 1) - entropies.of(1)
      return { future, alphabet, context, sharpest: Math.min(future, alphabet, context) }
    }),
  )

/**
 * Surplus_K for the whole past, H(K) - H(1) - (K - 1) h with the entropy rate h, all in nats.
 *
 * Where the rate is known only between two ends, `surplusOfInfinitePastBracket` says what follows.
 */
export const surplusOfInfinitePast = (entropies: BlockEntropies, entropyRate: number, tokens: number): number =>
  entropies.of(tokens) - entropies.of(1) - (tokens - 1) * entropyRate

/** A number that is known to lie between two ends. */
export interface Bracket {
  readonly lower: number
  readonly upper: number
}

/**
 * Surplus_K for the whole past (nats), from a bracket of the entropy rate: below, by the surplus of the longest contexts that the
 * blocks allow, which grows with the context; above, by the rate's lower end. Bounds.
 *
 * Errors: those of the surplus.
 *
 * @example
 * const process = toUnion(parseProcess('z1r'))
 * const bracket = toUnion(surplusOfInfinitePastBracket(processBlockEntropies(process), toUnion(entropyRateBracket(process, 6)), 2))
 * bracket.upper // => 0.4054651081
 */
export const surplusOfInfinitePastBracket = (
  entropies: BlockEntropies,
  entropyRate: Bracket,
  tokens: number,
): Either<Problem, Bracket> =>
  pipe(
    informationSurplus(entropies, entropies.longest - tokens, tokens),
    map((lower) => ({
      lower: Math.max(lower, surplusOfInfinitePast(entropies, entropyRate.upper, tokens)),
      upper: surplusOfInfinitePast(entropies, entropyRate.lower, tokens),
    })),
  )

/**
 * What Surplus_K tends to for the whole past as K grows, E - (H(1) - h), with the excess entropy E and the rate h in brackets; nats.
 *
 * The past tells H(1) - h of the next token and E of all tokens. Source: Crutchfield and Feldman, "Regularities unseen, randomness
 * observed: levels of entropy convergence" (2003), for E.
 *
 * @example
 * surplusOfInfiniteDraft(1, { lower: 0.5, upper: 0.5 }, { lower: 0.75, upper: 0.75 }) // => { lower: 0.25, upper: 0.25 }
 */
export const surplusOfInfiniteDraft = (
  entropyOfToken: number,
  entropyRate: Bracket,
  excessEntropy: Bracket,
): Bracket => ({
  lower: excessEntropy.lower - entropyOfToken + entropyRate.lower,
  upper: excessEntropy.upper - entropyOfToken + entropyRate.upper,
})

/** What a divergence of S nats, such as Surplus_K, guarantees of a drafter: lower bounds of its acceptance rate. */
export interface AcceptanceBounds {
  /** 1 - sqrt(S / 2), and at least zero: Pinsker's inequality. Its constant is sharp for small S. */
  readonly pinsker: number
  /** exp(-S) / 2: the inequality of Bretagnolle and Huber as it is usually written. */
  readonly bretagnolleHuber: number
  /** The better of Pinsker's and 1 - sqrt(1 - exp(-S)), the stronger form of Bretagnolle and Huber's. */
  readonly sharpest: number
}

/**
 * The acceptance rate E[1 - TV] that a drafter with E KL(P || q) = S nats can be sure of: for the best drafter that sees W_t alone,
 * S = Surplus_K. Bounds.
 *
 * Source of the rate: Leviathan, Kalman and Matias, "Fast Inference from Transformers via Speculative Decoding" (2023).
 *
 * @example
 * acceptanceBounds(0.5).pinsker // => 0.5
 */
export const acceptanceBounds = (surplus: number): AcceptanceBounds => {
  if (surplus < -1e-9) throw new Error(`acceptanceBounds: a surplus is at least 0, not ${surplus}`)
  // Rounding may leave a surplus of zero a little below it.
  const least = nonnegative(surplus)
  return {
    pinsker: Math.max(0, 1 - Math.sqrt(least / 2)),
    bretagnolleHuber: Math.exp(-least) / 2,
    sharpest: 1 - totalVariationBound(least),
  }
}

/**
 * The largest acceptance rate that the drafter P(F | W_t) can have at a surplus of S nats over M possible futures: 1 - T, with T the
 * total variation at which T log(M - 1) + h(T) is S. A bound, attained at S = 0 and at S = log M, where the verifier is certain and
 * all futures are as likely.
 *
 * The surplus is a difference of entropies, and those of laws at distance T differ by no more. So drafting gains something from the
 * context exactly if there is a surplus, and how much is fixed by neither bound.
 *
 * @example
 * acceptanceCeiling(Math.LN2, 2) // => 0.5
 * acceptanceCeiling(0, 27) // => 1
 */
export const acceptanceCeiling = (surplus: number, futures: number): number => {
  const least = nonnegative(surplus)
  if (futures < 2 || least >= Math.log(futures)) return futures < 2 ? 1 : 1 / futures
  let [low, high] = [0, 1 - 1 / futures]
  for (let step = 0; step < 100 && low < high; step++) {
    const middle = (low + high) / 2
    if (shannonEntropyGapBound(middle, futures) < least) low = middle
    else high = middle
  }
  return 1 - low
}
