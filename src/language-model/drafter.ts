/**
 * Drafters of F = W_t+1 .. W_t+K-1, and what speculative decoding makes of them.
 *
 * A drafter is a kernel q(F | what it sees); a verifier with the law P(F | x, w) accepts its draft with probability 1 - TV(P, q).
 *
 *     x, w ──●──[P]── F                        x, w ──[view]──[q]── F
 *
 * Two figures that must not be confused: cross-entropy, whose least value over drafters with a view is H(F | view), so that the
 * information surplus is exactly what seeing H saves; and acceptance, a total variation, which the surplus bounds on both sides and
 * does not fix. The drafter of the least cross-entropy is not the one of the largest acceptance. The law is the verifier's: that of
 * the data for a perfect verifier, the model's own where a model verifies.
 *
 * Source: Zhang, "A Markov Categorical Framework for Language Modeling" (2025), section 4.1, whose claim that the surplus is "exactly"
 * what drafting exploits is replaced so; acceptance as in Leviathan, Kalman and Matias, "Fast Inference from Transformers via
 * Speculative Decoding" (2023), the block of K - 1 tokens being accepted as a whole.
 */
import { valueOrThrow } from '../../dsl/value-or-throw.js'
import type { DataKernel } from './data-kernel.js'
import { draftLaw, type DraftLaw, type DrafterView, futureEntropy, seen, withFuture } from './draft-law.js'
import { type AcceptanceBounds, acceptanceBounds } from './surplus.js'
import { chainWords } from './word-law.js'

/** q(f | view) for each entry (x, w, f) of a law. */
export type Drafter = Float64Array

/** How good a drafter is; in nats but for the acceptance. */
export interface DrafterFigures {
  /** E -log q(F). */
  readonly crossEntropy: number
  /** E KL(P(. | x, w) || q) = crossEntropy - H(F | X, W_t), computed apart. */
  readonly divergence: number
  /** E[1 - TV(P(. | x, w), q)], what is accepted. */
  readonly acceptance: number
  /** What the divergence alone makes sure of: lower bounds of the acceptance. */
  readonly atLeast: AcceptanceBounds
}

/**
 * The drafter of the least cross-entropy among those with a view: the conditional law P(F | view).
 *
 * @example
 * const law = toUnion(draftLaw(toUnion(processWords(toUnion(parseProcess('z1r')), 4)), 2))
 * assessDrafter(law, optimalDrafter(law, 'token')).acceptance // => 0.6666666667
 */
export const optimalDrafter = (law: DraftLaw, view: DrafterView): Drafter => {
  const known = seen(law, view)
  const joint = withFuture(law, known)
  return law.masses.map((_, entry) => joint.masses[joint.of[entry]!]! / known.masses[known.of[entry]!]!)
}

/** The figures of a drafter, exact for the law. A drafter that gives probability zero to what occurs costs infinitely many nats. */
export const assessDrafter = (law: DraftLaw, drafter: Drafter): DrafterFigures => {
  if (drafter.length !== law.masses.length)
    throw new Error(`assessDrafter: ${drafter.length} probabilities for ${law.masses.length} entries`)
  const verifier = optimalDrafter(law, 'context')
  let [crossEntropy, divergence, acceptance] = [0, 0, 0]
  law.masses.forEach((mass, entry) => {
    const [p, q] = [verifier[entry]!, drafter[entry]!]
    crossEntropy -= mass * Math.log(q)
    divergence += mass * Math.log(p / q)
    // mass / p is P(x, w).
    acceptance += mass * Math.min(1, q / p)
  })
  return { crossEntropy, divergence, acceptance, atLeast: acceptanceBounds(divergence) }
}

/**
 * The drafter of the largest acceptance among those with a view.
 *
 * For one view the acceptance is a sum over f of concave, piecewise linear functions of q(f), with slopes that are the masses of the
 * contexts whose P(f | x, w) is still above q(f): mass is poured where the slope is largest until it sums to one, which is exact.
 *
 * @example
 * const words = { name: 'coins', symbols: ['a', 'b'], length: 3, words: Int32Array.of(0, 0, 0, 1, 0, 1), masses: Float64Array.of(0.75, 0.25) }
 * const law = toUnion(draftLaw(words, 1))
 * assessDrafter(law, optimalDrafter(law, 'token')).acceptance // => 0.625
 * assessDrafter(law, mostAcceptedDrafter(law, 'token')).acceptance // => 0.75
 */
export const mostAcceptedDrafter = (law: DraftLaw, view: DrafterView): Drafter => {
  const known = seen(law, view)
  const joint = withFuture(law, known)
  const verifier = optimalDrafter(law, 'context')
  const order = Array.from(law.masses, (_, entry) => entry).sort(
    (a, b) => known.of[a]! - known.of[b]! || joint.of[a]! - joint.of[b]! || verifier[a]! - verifier[b]!,
  )
  // The mass of the contexts in which each (view, f) can occur.
  const slopes = new Float64Array(joint.masses.length)
  for (const entry of order) slopes[joint.of[entry]!]! += law.masses[entry]! / verifier[entry]!
  const poured = new Float64Array(joint.masses.length)
  let from = 0
  while (from < order.length) {
    let to = from
    const pieces: Piece[] = []
    let [pair, level] = [-1, 0]
    while (to < order.length && known.of[order[to]!] === known.of[order[from]!]) {
      const entry = order[to++]!
      if (joint.of[entry] !== pair) [pair, level] = [joint.of[entry]!, 0]
      if (verifier[entry]! > level) pieces.push({ pair, slope: slopes[pair]!, length: verifier[entry]! - level })
      level = verifier[entry]!
      slopes[pair]! -= law.masses[entry]! / verifier[entry]!
    }
    pour(pieces, poured)
    from = to
  }
  return law.masses.map((_, entry) => poured[joint.of[entry]!]!)
}

/** A stretch of q(f) over which acceptance rises at one slope. */
interface Piece {
  readonly pair: number
  readonly slope: number
  readonly length: number
}

/** The steepest pieces, to a length of one; a pair's own pieces grow flatter, so that they come in their order. */
const pour = (pieces: Piece[], poured: Float64Array): void => {
  let rest = 1
  for (const { pair, length } of pieces.sort((a, b) => b.slope - a.slope)) {
    if (rest <= 0) return
    const amount = Math.min(rest, length)
    poured[pair]! += amount
    rest -= amount
  }
}

/**
 * The acceptance rate E[1 - TV(P(. | x, w), P(. | w))] of the drafter with the exact law of W_t+1 given W_t alone.
 *
 * The kernel's contexts are x followed by w: with N symbols, the surplus that bounds the rate is Surplus_2 for contexts of N - 1.
 */
export const draftAcceptance = (kernel: DataKernel): number => {
  if (kernel.contextLength === 1) return 1
  const law = valueOrThrow(
    draftLaw(valueOrThrow(chainWords(kernel, kernel.contextLength + 1)), kernel.contextLength - 1),
  )
  return assessDrafter(law, optimalDrafter(law, 'token')).acceptance
}

/** What an encoder gives to drafters, all in nats and exact for the law. */
export interface DraftLedger {
  /** Least cross-entropies: H(F | W_t), H(F | H), H(F | W_t, H) and H(F | X, W_t). */
  readonly leastCrossEntropy: Readonly<Record<DrafterView, number>>
  /** I(H; F | W_t): what seeing H saves a drafter that sees W_t. */
  readonly surplus: number
  /** I(W_t; F | H): what a head that drafts from H alone, beside k_head, pays for not seeing W_t. */
  readonly parallelLoss: number
  /** I(X; F | W_t, H): what the encoder has merged away; zero for an injective one. */
  readonly encoderLoss: number
}

/**
 * The ledger of drafting. With P(F | view) as the drafter of each view,
 *
 *     E KL(P || q(F | W_t)) = surplus + encoderLoss         E KL(P || q(F | H)) = parallelLoss + encoderLoss
 *
 * are identities, and every line is at least zero.
 */
export const draftLedger = (law: DraftLaw): DraftLedger => {
  const leastCrossEntropy = {
    token: futureEntropy(law, 'token'),
    state: futureEntropy(law, 'state'),
    'token-and-state': futureEntropy(law, 'token-and-state'),
    context: futureEntropy(law, 'context'),
  }
  const both = leastCrossEntropy['token-and-state']
  return {
    leastCrossEntropy,
    surplus: leastCrossEntropy.token - both,
    parallelLoss: leastCrossEntropy.state - both,
    encoderLoss: both - leastCrossEntropy.context,
  }
}
