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
import type { BlockEntropies, DataKernel } from './data-kernel.js'

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

/** Surplus_K for the whole past, H(K) - H(1) - (K - 1) h with the entropy rate h, all in nats. */
export const surplusOfInfinitePast = (entropies: BlockEntropies, entropyRate: number, tokens: number): number =>
  entropies.of(tokens) - entropies.of(1) - (tokens - 1) * entropyRate

/** What Surplus_2 = S (nats) guarantees of the best drafter of W_t+1 that sees W_t alone: lower bounds of its acceptance rate. */
export interface AcceptanceBounds {
  /** 1 - sqrt(S / 2), and at least zero: Pinsker's inequality. */
  readonly pinsker: number
  /** exp(-S) / 2: the inequality of Bretagnolle and Huber. */
  readonly bretagnolleHuber: number
  readonly sharpest: number
}

/**
 * The acceptance rate E[1 - TV] that a drafter which sees W_t alone can be sure of, from Surplus_2 in nats.
 *
 * Source of the rate: Leviathan, Kalman and Matias, "Fast Inference from Transformers via Speculative Decoding" (2023).
 *
 * @example
 * acceptanceBounds(0.5).pinsker // => 0.5
 */
export const acceptanceBounds = (surplus: number): AcceptanceBounds => {
  // Rounding may leave a surplus of zero a little below it.
  const nonnegative = Math.max(0, surplus)
  const pinsker = Math.max(0, 1 - Math.sqrt(nonnegative / 2))
  const bretagnolleHuber = Math.exp(-nonnegative) / 2
  return { pinsker, bretagnolleHuber, sharpest: Math.max(pinsker, bretagnolleHuber) }
}

/**
 * The acceptance rate E[1 - TV(P(. | x, w), P(. | w))] of the drafter with the exact law of W_t+1 given W_t alone.
 *
 * The kernel's contexts are x followed by w: with N symbols, the surplus that bounds the rate is Surplus_2 for contexts of N - 1.
 */
export const draftAcceptance = ({ symbols, contextLength, contexts, weights, next }: DataKernel): number => {
  const width = symbols.length
  const joint = new Float64Array(width * width)
  const mass = new Float64Array(width)
  const last = (context: number): number => contexts[(context + 1) * contextLength - 1]!
  weights.forEach((weight, context) => {
    mass[last(context)]! += weight
    for (let w = 0; w < width; w++) joint[last(context) * width + w]! += weight * next[context * width + w]!
  })
  return weights.reduce((sum, weight, context) => {
    const row = last(context)
    let overlap = 0
    for (let w = 0; w < width; w++)
      overlap += Math.min(next[context * width + w]!, joint[row * width + w]! / mass[row]!)
    return sum + weight * overlap
  }, 0)
}
