/**
 * Usable surplus: what linear softmax probes can read of the information surplus in given hidden states.
 *
 *     usable = CE(probe on W_t) - CE(probe on W_t, h)
 *
 * A measurement, to be shown beside that of an untrained model: training creates it and destroys it, and a wide layer of random weights
 * may have all of it. Unlike the surplus it differs between layers, and between an encoder and its invertible images. Under an exact law
 * it is from zero to the surplus; on held-out data it may be negative. It is an information under constraints in the sense of Y. Xu et
 * al., "A Theory of Usable Information Under Computational Constraints" (2020).
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { NullBand } from '../information/figure.js'
import { randomPermutations } from '../linear-algebra/random-permutation.js'
import { documentBootstrap } from './document-bootstrap.js'
import { type DraftLaw, futureEntropy } from './draft-law.js'
import {
  type DraftExamples,
  type DraftSizes,
  fitDraftingProbe,
  probeLogProbabilities,
  type Sight,
} from './drafting-probe.js'
import { fitDraftingHead } from './drafting-head.js'
import type { RefitOptions } from './head-refit.js'
import { bandOf, checkDraws } from './null-band.js'

/** How the probe looks at h and w: `per-token` where not given, which the alphabet has to be small for. */
export type ProbeSight = Exclude<Sight, 'state'>

/**
 * The usable surplus of hidden states (one row for each context, D columns) under an exact law, in nats: fitted and measured on the law
 * itself. From zero to Surplus_K under the encoder: bounds.
 *
 * @example
 * const law = toUnion(draftLaw(toUnion(processWords(toUnion(parseProcess('z1r')), 4)), 2))
 * const constant = new Float64Array(law.contextCount)
 * Math.abs(usableSurplusOfLaw(law, constant)) < 1e-9 // => true
 */
export const usableSurplusOfLaw = (
  law: DraftLaw,
  hidden: Float64Array,
  sight: ProbeSight = 'per-token',
  options: RefitOptions = {},
): number => futureEntropy(law, 'token') - fitDraftingHead(law, hidden, sight, options).figures.crossEntropy

/** Places of texts: W_t and the token after it as labels, with the hidden state before W_t. */
export interface UsableData {
  /** n x D, row-major. */
  readonly hidden: Float64Array
  /** n x D', the states of an untrained model at the same places. */
  readonly untrained?: Float64Array
  /** W_t and W_t+1, n. */
  readonly tokens: ArrayLike<number>
  readonly futures: ArrayLike<number>
  /** n: which document each place is of; each of its own where not given. */
  readonly documents?: ArrayLike<number>
}

export interface UsableSettings extends RefitOptions {
  readonly sight?: ProbeSight
  /** Which documents are held out, and which are drawn for the intervals: a 32-bit integer. */
  readonly seed: number
  /** The share of the documents that is held out; 0.25 where not given. */
  readonly heldOut?: number
  /** How much of every prediction is uniform, so that no token costs infinitely many nats; 0.001 where not given. */
  readonly floor?: number
  /** Of the bootstrap over held-out documents; 500 where not given. */
  readonly draws?: number
}

/** On held-out places, in nats. */
export interface UsableFigures {
  /** CE of the probe that sees W_t alone, and of the one that sees h too. */
  readonly tokenCrossEntropy: number
  readonly crossEntropy: number
  /** Their difference. */
  readonly usable: number
  /** Its interval: 95 in 100 draws of held-out documents. */
  readonly interval: NullBand
}

export interface UsableSurplus extends UsableFigures {
  /** The same for the untrained model, where its states are given; the probe on W_t is the same. */
  readonly untrained: UsableFigures | undefined
  /** trained - untrained, with the interval of the difference, document by document. */
  readonly gain: { readonly value: number; readonly interval: NullBand } | undefined
  readonly trainingPlaces: number
  readonly heldOutPlaces: number
}

/**
 * The usable surplus at places of texts (K = 2): probes are fitted on some documents and measured on others.
 *
 * With few places to a parameter a ridge is needed, or the probe that sees more is worse on what it has not seen. Errors: arrays of
 * other lengths; a share that leaves no documents on one side.
 */
export const usableSurplus = (
  data: UsableData,
  symbols: number,
  { sight = 'per-token', seed, heldOut = 0.25, floor = 0.001, draws = 500, ...options }: UsableSettings,
): Either<Problem, UsableSurplus> => {
  const where = 'usable surplus'
  const count = data.tokens.length
  checkDraws('usableSurplus', draws)
  if (
    data.futures.length !== count ||
    data.hidden.length % count !== 0 ||
    (data.untrained?.length ?? 0) % count !== 0 ||
    (data.documents?.length ?? count) !== count
  )
    return left(problem('invalid-value', where, 'the arrays are of other lengths', `give one row for each of ${count}`))
  const wrong = [...Array.from(data.tokens), ...Array.from(data.futures)].find(
    (token) => !(Number.isInteger(token) && token >= 0 && token < symbols),
  )
  if (wrong !== undefined)
    return left(problem('invalid-value', where, `${wrong} is no token`, `give whole numbers from 0 to ${symbols - 1}`))
  const split = splitDocuments(data.documents ?? Int32Array.from({ length: count }, (_, place) => place), heldOut, seed)
  if (split === undefined)
    return left(
      problem('out-of-range', where, 'no document is left on one side', 'give more documents, or another share'),
    )
  const { training, held, documents } = split
  const sizes = { symbols, futures: symbols }
  const losses = (hidden: Float64Array): Float64Array => {
    const dimension = hidden.length / count
    const probe = fitDraftingProbe(examplesAt(data, hidden, dimension, training), sizes, sight, options)
    const rest = examplesAt(data, hidden, dimension, held)
    return heldOutLosses(probeLogProbabilities(probe, rest.hidden, rest.tokens), rest, sizes, floor)
  }
  const token = losses(new Float64Array(0))
  const trained = losses(data.hidden)
  const untrained = data.untrained === undefined ? undefined : losses(data.untrained)
  const quantities = [
    token.map((loss, place) => loss - trained[place]!),
    ...(untrained === undefined
      ? []
      : [token.map((loss, place) => loss - untrained[place]!), untrained.map((loss, place) => loss - trained[place]!)]),
  ]
  const weights = new Float64Array(held.length).fill(1)
  const bands = documentBootstrap([{ weight: 1, weights, documents, values: quantities }], draws, seed).map(bandOf)
  const figures = (own: Float64Array, index: number): UsableFigures => ({
    tokenCrossEntropy: mean(token),
    crossEntropy: mean(own),
    usable: mean(quantities[index]!),
    interval: bands[index]!,
  })
  return right({
    ...figures(trained, 0),
    untrained: untrained === undefined ? undefined : figures(untrained, 1),
    gain: untrained === undefined ? undefined : { value: mean(quantities[2]!), interval: bands[2]! },
    trainingPlaces: training.length,
    heldOutPlaces: held.length,
  })
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The places of the documents on both sides, and the documents of the held-out ones. */
const splitDocuments = (documents: ArrayLike<number>, share: number, seed: number) => {
  const distinct = [...new Set(Array.from(documents))]
  const kept = Math.round(distinct.length * share)
  if (!(kept >= 1 && kept < distinct.length)) return undefined
  const order = randomPermutations(seed)(distinct.length)
  const out = new Set(Array.from(order.subarray(0, kept), (index) => distinct[index]!))
  const places = Array.from({ length: documents.length }, (_, place) => place)
  const held = places.filter((place) => out.has(documents[place]!))
  return {
    training: places.filter((place) => !out.has(documents[place]!)),
    held,
    documents: held.map((place) => documents[place]!),
  }
}

const examplesAt = (
  { tokens, futures }: UsableData,
  hidden: Float64Array,
  dimension: number,
  places: readonly number[],
): DraftExamples & { readonly labels: readonly number[] } => {
  const kept = new Float64Array(places.length * dimension)
  places.forEach((place, at) => kept.set(hidden.subarray(place * dimension, (place + 1) * dimension), at * dimension))
  const labels = places.map((place) => futures[place]!)
  return { hidden: kept, tokens: places.map((place) => tokens[place]!), next: { kind: 'labels', labels }, labels }
}

const heldOutLosses = (
  logProbabilities: Float64Array,
  { labels }: { readonly labels: readonly number[] },
  { futures }: DraftSizes,
  floor: number,
): Float64Array =>
  Float64Array.from(
    labels,
    (label, place) => -Math.log((1 - floor) * Math.exp(logProbabilities[place * futures + label]!) + floor / futures),
  )
