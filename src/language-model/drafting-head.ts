/**
 * The drafting head as a diagram beside the verifying one, what it can be at best, and what a trained one is.
 *
 *     parallel                            chained
 *
 *              ┌─[k_head]── W_t                    ┌─[k_head]─●─────────── W_t
 *     Hidden ──●                          Hidden ──●          └─┐
 *              └─[k_draft]─ W_t+1                  └────────────[k_draft]─ W_t+1
 *
 * The parallel head makes the two tokens independent given H, and pays I(W_t; W_t+1 | H) for it; the chained one sees W_t and pays
 * nothing but what the encoder has merged. The paper has the parallel one. Source: Zhang, "A Markov Categorical Framework for Language
 * Modeling" (2025), section 4.1.
 */
import { box, type Diagram, type Program } from '../../dsl/diagram.js'
import { type Finite, real, sizeOf, type Wire } from '../../dsl/object.js'
import type { StochasticMatrix } from '../category/fin-stoch.js'
import { embedding, type NumericMeanings, softmaxHead } from '../compile/meaning.js'
import { divergence, kullbackLeibler, totalVariation } from '../information/divergence.js'
import type { NullBand } from '../information/figure.js'
import { identityMatrix, matrix } from '../linear-algebra/matrix.js'
import { documentBootstrap } from './document-bootstrap.js'
import type { DraftLaw } from './draft-law.js'
import { assessDrafter, type Drafter, type DrafterFigures } from './drafter.js'
import { type DraftingProbe, fitDraftingProbe, probeLogProbabilities, type Sight } from './drafting-probe.js'
import type { RefitOptions } from './head-refit.js'
import { bandOf, checkDraws } from './null-band.js'
import { type AcceptanceBounds, acceptanceBounds } from './surplus.js'

/** Drafting heads on the wires of a decomposition, and the pair of tokens that each makes with its k_head. */
export interface DraftingDiagrams<H extends Wire, T extends Finite> {
  /** k_draft from the hidden state alone. */
  readonly parallelHead: Diagram<[H], [T]>
  /** k_draft from the hidden state and the next token; it contains the linear softmax head on h and the one-hot token. */
  readonly chainedHead: Diagram<[H, T], [T]>
  /** Hidden -> W_t ⊗ W_t+1. */
  readonly parallel: Diagram<[H], [T, T]>
  readonly chained: Diagram<[H], [T, T]>
}

/**
 * k_draft beside k_head. The wires may be those of a model, with a real Hidden, or all finite, to be read in FinStoch.
 *
 * @example
 * const Hidden = finite('Hidden', 3)
 * const Token = finite('Token', 2)
 * const kHead = box('k_head', [Hidden], [Token])
 * const { parallel, parallelHead } = draftingDiagrams({ Hidden, Token, kHead })
 * equal(parallel, seq(copy(Hidden), par(kHead, parallelHead))) // => true
 */
export const draftingDiagrams = <H extends Wire, T extends Finite>({
  Hidden,
  Token,
  kHead,
}: {
  readonly Hidden: H
  readonly Token: T
  readonly kHead: Diagram<[H], [T]>
}): DraftingDiagrams<H, T> => {
  const OneHot = real('OneHot', sizeOf(Token))
  const oneHot = box('k_token', [Token], [OneHot], { deterministic: true })
  const linear = box('k_draft_head', [Hidden, OneHot], [Token])
  const parallelHead = box<[H], [T]>('k_draft', [Hidden], [Token])
  // Programs as data: each step reads wires by number, the inputs first.
  const body: Program<[H, T], [T]> = {
    kind: 'program',
    steps: [
      { diagram: oneHot, reads: [1] },
      { diagram: linear, reads: [0, 2] },
    ],
    returns: [3],
    inputs: [Hidden, Token],
    outputs: [Token],
  }
  const chainedHead = box<[H, T], [T]>('k_draft', [Hidden, Token], [Token], { body })
  const pair = (draft: Diagram, reads: readonly number[]): Program<[H], [T, T]> => ({
    kind: 'program',
    steps: [
      { diagram: kHead, reads: [0] },
      { diagram: draft, reads },
    ],
    returns: [1, 2],
    inputs: [Hidden],
    outputs: [Token, Token],
  })
  return { parallelHead, chainedHead, parallel: pair(parallelHead, [0]), chained: pair(chainedHead, [0, 1]) }
}

/**
 * What `k_draft` means under a trained linear head, for the compiler: of the parallel head where the probe sees the state alone, of the
 * chained one where it is additive. A head for each token is no linear softmax of its inputs, and throws.
 */
export const draftingMeanings = (probe: DraftingProbe): NumericMeanings => {
  if (probe.sight === 'per-token')
    throw new Error('draftingMeanings: a head for each token is no linear softmax of h and the token')
  const { headWeights, headBias } = probe.head
  // A token that the head rules out has a bias of -Infinity, which is no parameter; e^-745 is the least that float64 can hold.
  const least = Math.max(...headBias) - 745
  const bias = headBias.map((entry) => Math.max(entry, least))
  const head = softmaxHead(matrix(bias.length, headWeights.length / bias.length, headWeights), bias)
  return probe.sight === 'state'
    ? { k_draft: head }
    : { k_token: embedding(identityMatrix(probe.sizes.symbols)), k_draft_head: head }
}

/** Which of the two drafting heads: it sees H, or H and W_t. */
export type HeadView = 'state' | 'token-and-state'

/**
 * The exact optimum of k_draft for a law (K = 2) and its encoder, as a stochastic matrix from the numbered encodings (and tokens) to the
 * tokens: P(W_t+1 | H), or P(W_t+1 | H, W_t), which are least in cross-entropy.
 *
 * Where an encoding and a token never meet, every row is as good almost surely, and the uniform one is given. A law of other K throws.
 *
 * @example
 * const law = toUnion(draftLaw(toUnion(processWords(toUnion(parseProcess('golden-mean')), 3)), 1))
 * Array.from(exactDraftingHead(law, 'token-and-state').entries) // => [0.5, 0.5, 1, 0, 0.5, 0.5, 0.5, 0.5]
 */
export const exactDraftingHead = (law: DraftLaw, view: HeadView): StochasticMatrix => {
  const { symbols, stateCount, states, next, futures, masses } = law
  const followers = tokensDrafted(law)
  const inputs = view === 'state' ? stateCount : stateCount * symbols
  const entries = new Float64Array(inputs * symbols)
  const totals = new Float64Array(inputs)
  masses.forEach((mass, entry) => {
    const row = view === 'state' ? states[entry]! : states[entry]! * symbols + next[entry]!
    totals[row]! += mass
    entries[row * symbols + followers[futures[entry]!]!]! += mass
  })
  return {
    domain: view === 'state' ? [stateCount] : [stateCount, symbols],
    codomain: [symbols],
    entries: entries.map((mass, index) => {
      const total = totals[Math.floor(index / symbols)]!
      return total > 0 ? mass / total : 1 / symbols
    }),
  }
}

/** A drafting head as a drafter of a law (K = 2), entry by entry. */
export const drafterOf = (law: DraftLaw, { domain, entries }: StochasticMatrix): Drafter => {
  const { symbols, states, next, futures, masses } = law
  const followers = tokensDrafted(law)
  return masses.map((_, entry) => {
    const row = domain.length === 1 ? states[entry]! : states[entry]! * symbols + next[entry]!
    return entries[row * symbols + followers[futures[entry]!]!]!
  })
}

/** The token that each drafted block is. */
const tokensDrafted = ({ tokens, blocks }: DraftLaw): Int32Array => {
  if (tokens !== 2) throw new Error(`drafting head: it drafts one token, not ${tokens - 1}`)
  return blocks
}

/** A trained drafting head and how good it is, exact for the law that it was trained on. */
export interface TrainedDraftingHead {
  readonly probe: DraftingProbe
  readonly drafter: Drafter
  readonly figures: DrafterFigures
}

/**
 * The linear softmax drafting head of the least cross-entropy on hidden states (a row for each context of the law, D columns) under the
 * exact law, for any K: a block of tokens is one of M futures. By L-BFGS, deterministic.
 *
 * Its cross-entropy is at least that of the exact optimum for the same view; its acceptance at least what its divergence makes sure of.
 *
 * @example
 * const law = toUnion(draftLaw(toUnion(processWords(toUnion(parseProcess('z1r')), 4)), 2))
 * const phase = Float64Array.from({ length: law.contextCount }, (_, context) => context)
 * const { figures } = fitDraftingHead(law, phase, 'per-token')
 * figures.acceptance >= figures.atLeast.sharpest // => true
 */
export const fitDraftingHead = (
  law: DraftLaw,
  hidden: Float64Array,
  sight: Sight,
  options: RefitOptions = {},
): TrainedDraftingHead => {
  const { symbols, contextCount, contexts, next, futures, futureCount, masses } = law
  const dimension = hidden.length / contextCount
  if (!Number.isInteger(dimension))
    throw new Error(`fitDraftingHead: ${hidden.length} numbers for the hidden states of ${contextCount} contexts`)
  // One example for each (x, w), with the law of what follows.
  const numbers = new Map<number, number>()
  const examples = masses.map((_, entry) => {
    const key = contexts[entry]! * symbols + next[entry]!
    const known = numbers.get(key) ?? numbers.size
    numbers.set(key, known)
    return known
  })
  const count = numbers.size
  const weights = new Float64Array(count)
  const laws = new Float64Array(count * futureCount)
  const tokens = new Int32Array(count)
  const states = new Float64Array(count * dimension)
  masses.forEach((mass, entry) => {
    const example = examples[entry]!
    weights[example]! += mass
    laws[example * futureCount + futures[entry]!]! += mass
    tokens[example] = next[entry]!
    const context = contexts[entry]!
    states.set(hidden.subarray(context * dimension, (context + 1) * dimension), example * dimension)
  })
  for (let index = 0; index < laws.length; index++) laws[index]! /= weights[Math.floor(index / futureCount)]!
  const probe = fitDraftingProbe(
    { hidden: states, tokens, next: { kind: 'laws', laws }, weights },
    { symbols, futures: futureCount },
    sight,
    options,
  )
  const logs = probeLogProbabilities(probe, states, tokens)
  const drafter = masses.map((_, entry) => Math.exp(logs[examples[entry]! * futureCount + futures[entry]!]!))
  return { probe, drafter, figures: assessDrafter(law, drafter) }
}

/** The acceptance of drafts where a model verifies, at places of texts. */
export interface MeasuredAcceptance {
  /** Mean of 1 - TV(p, q), with its interval: 95 in 100 draws of documents. */
  readonly acceptance: number
  readonly interval: NullBand
  /** Mean KL(p || q), nats, and what it makes sure of: a bound that these places keep exactly. */
  readonly divergence: number
  readonly atLeast: AcceptanceBounds
}

/**
 * The acceptance of a drafter's laws q by a verifier's p, both n x V, row-major: what speculative decoding accepts at these places.
 *
 * @example
 * measureAcceptance(Float64Array.of(0.5, 0.5), Float64Array.of(1, 0), 2, { seed: 1 }).acceptance // => 0.5
 */
export const measureAcceptance = (
  verifier: Float64Array,
  drafter: Float64Array,
  symbols: number,
  {
    documents,
    draws = 500,
    seed,
  }: { readonly documents?: ArrayLike<number>; readonly draws?: number; readonly seed: number },
): MeasuredAcceptance => {
  checkDraws('measureAcceptance', draws)
  const count = verifier.length / symbols
  if (
    !(Number.isInteger(count) && count > 0) ||
    drafter.length !== verifier.length ||
    (documents?.length ?? count) !== count
  )
    throw new Error(`measureAcceptance: ${verifier.length} and ${drafter.length} probabilities on ${symbols} symbols`)
  for (const [name, rows] of Object.entries({ verifier, drafter }))
    for (let place = 0; place < count; place++) {
      const mass = rows.subarray(place * symbols, (place + 1) * symbols).reduce((sum, p) => sum + p, 0)
      if (!(Math.abs(mass - 1) < 1e-3)) throw new Error(`measureAcceptance: the ${name}’s row ${place} sums to ${mass}`)
    }
  const accepted = new Float64Array(count)
  const divergences = new Float64Array(count)
  for (let place = 0; place < count; place++) {
    const [p, q] = [verifier, drafter].map((rows) => rows.subarray(place * symbols, (place + 1) * symbols))
    accepted[place] = 1 - divergence(totalVariation, p!, q!)
    divergences[place] = divergence(kullbackLeibler, p!, q!)
  }
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / count
  const [band] = documentBootstrap(
    [
      {
        weight: 1,
        weights: new Float64Array(count).fill(1),
        documents: documents ?? Int32Array.from(accepted, (_, place) => place),
        values: [accepted],
      },
    ],
    draws,
    seed,
  )
  return {
    acceptance: mean(accepted),
    interval: bandOf(band!),
    divergence: mean(divergences),
    atLeast: acceptanceBounds(mean(divergences)),
  }
}
