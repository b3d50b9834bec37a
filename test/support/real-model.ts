/** The estimators of the language-model theory on stories that a published model writes itself: their law is the model's, exactly. */
import { entropyDivergence, headlineEntropies } from '../../src/information/categorical-entropy.js'
import { initialParameters } from '../../src/language-model/architecture.js'
import { entropyCalibration, scoredRows } from '../../src/language-model/calibration.js'
import { chainLedger } from '../../src/language-model/chain-ledger.js'
import { measureAcceptance } from '../../src/language-model/drafting-head.js'
import { fitDraftingProbe, probeLogProbabilities, type Sight } from '../../src/language-model/drafting-probe.js'
import { classesOf } from '../../src/language-model/encoding-classes.js'
import { headEntropies } from '../../src/language-model/head-entropy.js'
import { directionMeaning } from '../../src/language-model/head-geometry-direction.js'
import { leadingPullback } from '../../src/language-model/head-geometry-operator.js'
import { topTokens, truncatedSpectrum, truncateHead } from '../../src/language-model/head-geometry-truncation.js'
import { surplusOfDistributions } from '../../src/language-model/surplus-contributions.js'
import { dataContexts, estimateSurplus } from '../../src/language-model/surplus-estimate.js'
import { threeEntropies } from '../../src/language-model/three-entropies.js'
import { usableSurplus } from '../../src/language-model/usable-surplus.js'
import { randomPermutations } from '../../src/linear-algebra/random-permutation.js'
import { readStories, type StoriesSample } from './stories.js'
import { valueOf } from './value-of.js'

const headOf = ({ parameters, model }: StoriesSample) => ({
  headWeights: parameters.head.weights.entries,
  headBias: new Float64Array(model.shape.symbols),
})

const gather = (rows: Float64Array, width: number, places: readonly number[]): Float64Array => {
  const kept = new Float64Array(places.length * width)
  places.forEach((place, at) => kept.set(rows.subarray(place * width, (place + 1) * width), at * width))
  return kept
}

/**
 * NLL - Hbar of the model on tokens that it drew itself: a sum of martingale differences, so of mean zero, and with the conditional
 * variances known its standard error is too.
 */
export const selfCalibration = ({ logProbabilities, next }: StoriesSample) => {
  const { nll, entropy, gap, curvature } = valueOf(
    entropyCalibration(scoredRows(logProbabilities, { kind: 'labels', labels: next })),
  )
  // The logits are log q, so that their variance under q is that of -log q.
  return { nll, entropy, gap, standardError: Math.sqrt(curvature / next.length) }
}

/** Mean and supremum of the headline entropies of the head over the places. */
export const entropiesOfHead = (sample: StoriesSample) => {
  const divergences = headlineEntropies.map(entropyDivergence)
  const found = headEntropies(divergences, headOf(sample), sample.hidden)
  return headlineEntropies.map((name, k) => ({ name, ...found[k]! }))
}

/** The three entropies for the encoder that is the model's, and for one that keeps the last token alone; the data are the model's law. */
export const threeEntropiesOf = ({ hidden, tokens, logProbabilities, model }: StoriesSample) => {
  const count = tokens.length
  const kernel = {
    symbols: Array.from({ length: model.shape.symbols }, (_, w) => `${w}`),
    weights: new Float64Array(count).fill(1 / count),
    next: logProbabilities.map(Math.exp),
  }
  return {
    model: threeEntropies(kernel, classesOf(hidden, count), logProbabilities),
    lastToken: threeEntropies(kernel, classesOf(Float64Array.from(tokens), count), logProbabilities),
  }
}

/** The most frequent tokens that were read, of at least some places. */
export const frequentTokens = ({ tokens }: StoriesSample, least: number): readonly number[] => {
  const counts = new Map<number, number>()
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1)
  return [...counts]
    .filter(([, count]) => count >= least)
    .sort(([v, a], [w, b]) => b - a || v - w)
    .map(([token]) => token)
}

/** Surplus_2 of the model's law, two-sided: contexts are the places before frequent tokens. */
export const twoSidedSurplus = (sample: StoriesSample, least: number, draws: number) => {
  const { tokens, logProbabilities, stories, model } = sample
  const symbols = model.shape.symbols
  // The first place has no context before it.
  const places = Array.from(tokens.keys()).filter((place) => place % sample.length > 0)
  const predictions = logProbabilities.map(Math.exp)
  const unigram = new Float64Array(symbols)
  predictions.forEach((p, index) => (unigram[index % symbols]! += p / tokens.length))
  const contexts = dataContexts(
    Int32Array.from(places, (place) => tokens[place]!),
    gather(predictions, symbols, places),
    { least, documents: places.map((place) => stories[place]!) },
  )
  const known = contexts.map((each) => ({
    token: each.token,
    weight: each.weight,
    contributions: valueOf(surplusOfDistributions(each.rows, symbols, each, { law: unigram })),
  }))
  return {
    ...valueOf(estimateSurplus(known, { seed: 1, draws })),
    names: known.map(({ token }) => token),
    contexts: known.map(({ contributions }) => contributions.weights.length),
  }
}

/**
 * LOWER, UPPER and the jackknife by the number N of contexts, one of each story, averaged over blocks of N of the same contexts. LOWER of
 * a union is at least the mean of its parts.
 */
export const surplusBySize = (sample: StoriesSample, token: number, sizes: readonly number[], seed: number) => {
  const { tokens, logProbabilities, stories, model, length } = sample
  const permute = randomPermutations(seed)
  const byStory = new Map<number, number>()
  for (const place of permute(tokens.length))
    if (tokens[place] === token && place % length > 0) byStory.set(stories[place]!, place)
  const most = Math.max(...sizes)
  const places = [...byStory.values()].slice(0, most)
  if (places.length < most) throw new Error(`surplusBySize: token ${token} is in ${places.length} stories, not ${most}`)
  return sizes.map((size) => {
    const blocks = Array.from({ length: most / size }, (_, block) => {
      const rows = gather(logProbabilities, model.shape.symbols, places.slice(block * size, (block + 1) * size))
      return valueOf(surplusOfDistributions(rows.map(Math.exp), model.shape.symbols))
    })
    const mean = (of: (block: (typeof blocks)[number]) => number): number =>
      blocks.reduce((sum, block) => sum + of(block) / blocks.length, 0)
    const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value / values.length, 0)
    return {
      size,
      lower: mean(({ lower }) => average(lower)),
      upper: mean(({ upper }) => average(upper)),
      point: mean(({ point }) => point),
      ceiling: Math.log(size),
    }
  })
}

/** Places after the first whose token is frequent; their futures with all rare ones as one, so that probes stay small. */
const coarse = (sample: StoriesSample, kinds: number) => {
  const { tokens, next, stories, length } = sample
  const kept = frequentTokens(sample, 1).slice(0, kinds - 1)
  const numbers = new Map(kept.map((token, index) => [token, index]))
  const places = Array.from(tokens.keys()).filter((place) => place % length > 0 && numbers.has(tokens[place]!))
  return {
    places,
    before: places.map((place) => place - 1),
    tokens: places.map((place) => numbers.get(tokens[place]!)!),
    futures: places.map((place) => numbers.get(next[place]!) ?? kinds - 1),
    documents: places.map((place) => stories[place]!),
    /** The model's law of the coarse future at each place, n x kinds. */
    laws: (logProbabilities: Float64Array): Float64Array => {
      const symbols = sample.model.shape.symbols
      const laws = new Float64Array(places.length * kinds)
      places.forEach((place, at) => {
        for (let w = 0; w < symbols; w++)
          laws[at * kinds + (numbers.get(w) ?? kinds - 1)]! += Math.exp(logProbabilities[place * symbols + w]!)
      })
      return laws
    },
  }
}

/** The same stories read by a model of the same shape that has learnt nothing. */
export const untrainedSample = ({ model, tokens, next, length }: StoriesSample, seed: number): StoriesSample =>
  readStories({ shape: model.shape, flat: initialParameters(model.shape, seed) }, tokens, next, length)

/** The usable surplus of the states of a layer (0 the first; the last is the head's) beside the untrained model's. */
export const usableByLayer = (
  sample: StoriesSample,
  untrained: StoriesSample,
  { kinds, layers, ridge }: { readonly kinds: number; readonly layers: readonly number[]; readonly ridge: number },
) => {
  const { before, tokens, futures, documents } = coarse(sample, kinds)
  const width = sample.model.shape.width
  const statesOf = (from: StoriesSample, layer: number): Float64Array =>
    gather(from.layers[layer] ?? from.hidden, width, before)
  return layers.map((layer) => ({
    layer,
    ...valueOf(
      usableSurplus(
        {
          hidden: statesOf(sample, layer),
          untrained: statesOf(untrained, layer),
          tokens,
          futures,
          documents,
        },
        kinds,
        { seed: 1, draws: 200, ridge, sight: 'additive', gradientTolerance: 1e-4, mostIterations: 60 },
      ),
    ),
  }))
}

/**
 * Drafting heads for the token after next, fitted on three stories of four with the model's own laws as targets and measured on the
 * others: what is accepted, and what their divergence makes sure of.
 */
export const draftingHeads = (sample: StoriesSample, kinds: number, ridge: number) => {
  const { places, before, tokens, documents, laws } = coarse(sample, kinds)
  const verifier = laws(sample.logProbabilities)
  const width = sample.model.shape.width
  const states = gather(sample.hidden, width, before)
  const isHeldOut = (at: number): boolean => documents[at]! % 4 === 3
  const all = places.map((_, at) => at)
  const [training, held] = [all.filter((at) => !isHeldOut(at)), all.filter(isHeldOut)]
  const sizes = { symbols: kinds, futures: kinds }
  const head = (name: string, dimension: number, sight: Sight) => {
    const part = (own: readonly number[]) => ({
      hidden: gather(states, width, own).subarray(0, own.length * dimension),
      tokens: own.map((at) => tokens[at]!),
    })
    const settings = { ridge, gradientTolerance: 1e-4, mostIterations: 60 }
    const next = { kind: 'laws', laws: gather(verifier, kinds, training) } as const
    const probe = fitDraftingProbe({ ...part(training), next }, sizes, sight, settings)
    const rest = part(held)
    const drafted = probeLogProbabilities(probe, rest.hidden, rest.tokens).map(Math.exp)
    return {
      name,
      ...measureAcceptance(gather(verifier, kinds, held), drafted, kinds, {
        documents: held.map((at) => documents[at]!),
        draws: 200,
        seed: 1,
      }),
    }
  }
  return [head('sees W_t', 0, 'additive'), head('sees h', width, 'state'), head('sees h and W_t', width, 'additive')]
}

/** The leading directions at a place, the tokens that they move, and the spectrum from the most probable tokens alone. */
export const geometryAt = (sample: StoriesSample, place: number, count: number, kept: number) => {
  const { width, symbols } = sample.model.shape
  const head = headOf(sample)
  const hidden = sample.hidden.subarray(place * width, (place + 1) * width)
  const p = sample.logProbabilities.subarray(place * symbols, (place + 1) * symbols).map(Math.exp)
  const { values, vectors, trace, residuals } = leadingPullback(head.headWeights, p, count)
  const tokens = topTokens(p, kept)
  const cut = truncateHead(head.headWeights, symbols, tokens, gather(p, 1, Array.from(tokens)))
  const { lower, upper } = truncatedSpectrum(cut)
  const directions = Array.from(values, (value, k) => {
    const direction = Float64Array.from({ length: width }, (_, i) => vectors.entries[i * count + k]!)
    return { value, ...directionMeaning(head, hidden, direction, { count: 4, by: 'flow' }) }
  })
  return { directions, trace, residuals, remainder: cut.remainder, lower, upper }
}

/** The ledger layer by layer, under the model's own law: which layers merge contexts, and what that costs. */
export const layerLedger = ({ layers, hidden, tokens, logProbabilities, model }: StoriesSample) => {
  const count = tokens.length
  const kernel = {
    symbols: Array.from({ length: model.shape.symbols }, (_, w) => `${w}`),
    weights: new Float64Array(count).fill(1 / count),
    next: logProbabilities.map(Math.exp),
  }
  const stages = [...layers, hidden].map((states, index) => ({
    name: index < layers.length ? `layer ${index + 1}` : 'hidden state',
    classes: classesOf(states, count).of,
  }))
  return valueOf(chainLedger(kernel, stages, logProbabilities))
}
