/**
 * Linear softmax heads that look at a hidden state and at the next token: trained drafting heads, and probes.
 *
 *     state       softmax(A h + b)                    sees nothing of W_t
 *     additive    softmax(A h + B e_w + b)            a linear map of h beside the one-hot token
 *     per-token   softmax(A_w h + b_w)                a head for each token: with one-hot h it can say any q(F | W_t, H)
 *
 * Each class contains the one before it. Where the future depends on how h and w go together (an exclusive or), additive heads see
 * nothing of it. Convex problems, solved by the optimiser of the head's refit.
 */
import { logSoftmaxInto } from '../linear-algebra/log-softmax.js'
import type { NextTokens } from './calibration.js'
import { type Head, headLogits } from './head-divergence.js'
import { refitHead, type RefitOptions } from './head-refit.js'

export type Sight = 'state' | 'additive' | 'per-token'

/** Hidden states, the tokens W_t beside them, and what came after both. */
export interface DraftExamples {
  /** n x D, row-major; D may be zero. */
  readonly hidden: Float64Array
  /** W_t, n. */
  readonly tokens: ArrayLike<number>
  /** F, n: labels, or laws on M futures. */
  readonly next: NextTokens
  /** n; all alike where not given. */
  readonly weights?: ArrayLike<number>
}

/** How many tokens and futures there are. */
export interface DraftSizes {
  /** V. */
  readonly symbols: number
  /** M; as many as the tokens where one is drafted. */
  readonly futures: number
}

export type DraftingProbe =
  | {
      readonly sight: 'state' | 'additive'
      readonly sizes: DraftSizes
      readonly head: Head
      readonly converged: boolean
    }
  | {
      readonly sight: 'per-token'
      readonly sizes: DraftSizes
      /** By token; a token that was not among the examples has none. */
      readonly heads: readonly (Head | undefined)[]
      /** For those: the head that does not look at the token. */
      readonly otherwise: Head
      readonly converged: boolean
    }

/** The probe of the least cross-entropy on examples, with the ridge of the options on everything but the biases. Deterministic. */
export const fitDraftingProbe = (
  examples: DraftExamples,
  sizes: DraftSizes,
  sight: Sight,
  options: RefitOptions = {},
): DraftingProbe => {
  const { next, weights } = examples
  const settings = { gradientTolerance: 1e-8, mostIterations: 1000, ...options }
  const fit = (hidden: Float64Array, own: NextTokens, masses: ArrayLike<number> | undefined) => {
    const width = hidden.length / countOf(own, sizes.futures)
    if (width === 0) return { head: frequencies(own, masses, sizes.futures), converged: true }
    const { head, outcome } = refitHead(
      { hidden, next: own, ...(masses === undefined ? {} : { weights: masses }) },
      sizes.futures,
      settings,
    )
    // Where no step lowers the function in float64 any more, it is at its minimum.
    return { head, converged: outcome !== 'iterations' }
  }
  if (sight !== 'per-token') {
    const seen = sight === 'state' ? examples.hidden : withOneHot(examples, sizes.symbols)
    return { sight, sizes, ...fit(seen, next, weights) }
  }
  const dimension = dimensionOf(examples, sizes.futures)
  const places = placesOf(examples.tokens, sizes.symbols)
  const fits = places.map((own) =>
    own.reduce((sum, place) => sum + (weights?.[place] ?? 1), 0) > 0
      ? fit(
          rowsAt(examples.hidden, dimension, own),
          next.kind === 'labels'
            ? { kind: 'labels', labels: own.map((place) => next.labels[place]!) }
            : { kind: 'laws', laws: rowsAt(next.laws, sizes.futures, own) },
          own.map((place) => weights?.[place] ?? 1),
        )
      : undefined,
  )
  return {
    sight,
    sizes,
    heads: fits.map((each) => each?.head),
    otherwise: fit(examples.hidden, next, weights).head,
    converged: fits.every((each) => each?.converged ?? true),
  }
}

/** What a probe says: log q(f | w, h) for each of n hidden states (n x D) and tokens, n x M, nats. */
export const probeLogProbabilities = (
  probe: DraftingProbe,
  hidden: Float64Array,
  tokens: ArrayLike<number>,
): Float64Array => {
  const { symbols, futures } = probe.sizes
  const count = tokens.length
  const dimension = hidden.length / count
  const result = new Float64Array(count * futures)
  const input = new Float64Array(dimension + (probe.sight === 'additive' ? symbols : 0))
  for (let place = 0; place < count; place++) {
    input.fill(0)
    input.set(hidden.subarray(place * dimension, (place + 1) * dimension))
    if (probe.sight === 'additive') input[dimension + tokens[place]!] = 1
    const head = probe.sight === 'per-token' ? (probe.heads[tokens[place]!] ?? probe.otherwise) : probe.head
    logSoftmaxInto(result.subarray(place * futures, (place + 1) * futures), headLogits(head, input))
  }
  return result
}

const countOf = (next: NextTokens, futures: number): number =>
  next.kind === 'labels' ? next.labels.length : next.laws.length / futures

const dimensionOf = ({ hidden, tokens, next }: DraftExamples, futures: number): number => {
  const dimension = hidden.length / tokens.length
  if (!Number.isInteger(dimension) || countOf(next, futures) !== tokens.length)
    throw new Error(
      `drafting probe: ${hidden.length} numbers of states and ${countOf(next, futures)} futures for ${tokens.length} tokens`,
    )
  return dimension
}

/** n x (D + V): the states with the one-hot tokens beside them. */
const withOneHot = (examples: DraftExamples, symbols: number): Float64Array => {
  const { hidden, tokens } = examples
  const dimension = hidden.length / tokens.length
  const width = dimension + symbols
  const rows = new Float64Array(tokens.length * width)
  for (let place = 0; place < tokens.length; place++) {
    rows.set(hidden.subarray(place * dimension, (place + 1) * dimension), place * width)
    rows[place * width + dimension + tokens[place]!] = 1
  }
  return rows
}

const placesOf = (tokens: ArrayLike<number>, symbols: number): readonly (readonly number[])[] => {
  const places: number[][] = Array.from({ length: symbols }, () => [])
  for (let place = 0; place < tokens.length; place++) places[tokens[place]!]!.push(place)
  return places
}

const rowsAt = (rows: Float64Array, width: number, places: readonly number[]): Float64Array => {
  const kept = new Float64Array(places.length * width)
  places.forEach((place, at) => kept.set(rows.subarray(place * width, (place + 1) * width), at * width))
  return kept
}

/** The head without inputs: how often each future is. */
const frequencies = (next: NextTokens, weights: ArrayLike<number> | undefined, futures: number): Head => {
  const masses = new Float64Array(futures)
  const count = countOf(next, futures)
  for (let place = 0; place < count; place++) {
    const weight = weights?.[place] ?? 1
    if (next.kind === 'labels') masses[next.labels[place]!]! += weight
    else for (let f = 0; f < futures; f++) masses[f]! += weight * next.laws[place * futures + f]!
  }
  const total = masses.reduce((sum, mass) => sum + mass, 0)
  return { headWeights: new Float64Array(0), headBias: masses.map((mass) => Math.log(mass / total)) }
}
