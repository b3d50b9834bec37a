/**
 * What drafting the token after the next one could gain from the context, and how much of it a trained hidden state lets drafters use.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import { bound, type BoundFigure } from '../information/figure.js'
import { randomPermutations } from '../linear-algebra/random-permutation.js'
import type { DraftingAnalysis } from './analysis.js'
import { type DraftLaw, draftLaw, futureEntropy, surplusUnder } from './draft-law.js'
import { assessDrafter, mostAcceptedDrafter, optimalDrafter } from './drafter.js'
import { fitDraftingHead } from './drafting-head.js'
import { classesOf } from './encoding-classes.js'
import type { RefitOptions } from './head-refit.js'
import { type Law, wordsOfLaw } from './law.js'
import { type LawModels, ofModels } from './law-model.js'
import { acceptanceCeiling } from './surplus.js'

/** Beyond this many words of N + 2 symbols the probes would take minutes. */
const mostEntries = 150_000

/**
 * The drafting figures of a law and a model, K = 2; nothing where the words of N + 2 symbols are too many to list or to fit.
 *
 * Probes of large laws stop before their optimum: their cross-entropy is then above the least, and what they can use below the most.
 */
export const analyzeDrafting = (
  law: Law,
  models: LawModels,
  seed: number,
): Either<Problem, DraftingAnalysis | undefined> => {
  const { weights, contextLength } = law.kernel
  const words = wordsOfLaw(law, contextLength + 2)
  if (isLeft(words) || words.right.masses.length > mostEntries) return right(undefined)
  const drafting = draftLaw(words.right, contextLength, classesOf(models.trained.hidden, weights.length))
  if (isLeft(drafting)) return drafting
  const entries = drafting.right.masses.length
  const options: RefitOptions = {
    mostIterations: Math.max(25, Math.min(400, Math.round(1.5e6 / entries))),
    gradientTolerance: entries > 5000 ? 1e-4 : 1e-8,
  }
  return right(draftingFigures(drafting.right, models, options, seed))
}

const draftingFigures = (law: DraftLaw, models: LawModels, options: RefitOptions, seed: number): DraftingAnalysis => {
  const alone = futureEntropy(law, 'token')
  const least = futureEntropy(law, 'token-and-state')
  const ofContext = alone - futureEntropy(law, 'context')
  const fit = (hidden: Float64Array) => fitDraftingHead(law, hidden, 'per-token', options)
  const fits = ofModels(models, ({ hidden }) => fit(hidden))
  const permuted = fit(permutedRows(models.trained.hidden, law.contextCount, seed))
  const usable = ({ figures }: ReturnType<typeof fit>): BoundFigure =>
    bound(
      'CE(probe on W_t) - CE(probe on W_t and h) <= I(X; W_t+1 | W_t)',
      alone - figures.crossEntropy,
      'at most',
      ofContext,
      'nats',
    )
  const byToken = assessDrafter(law, optimalDrafter(law, 'token'))
  const mostAccepted = assessDrafter(law, mostAcceptedDrafter(law, 'token'))
  const byState = assessDrafter(law, optimalDrafter(law, 'token-and-state'))
  const parallel = fitDraftingHead(law, models.trained.hidden, 'state', options)
  const accepted = (what: string, value: number, limit: number): BoundFigure =>
    bound(what, value, 'at least', limit, '1')
  return {
    entries: law.masses.length,
    mostIterations: options.mostIterations ?? 0,
    encoder: bound(
      'I(H; W_t+1 | W_t) <= I(X; W_t+1 | W_t), with equality where no contexts are merged',
      surplusUnder(law),
      'at most',
      ofContext,
      'nats',
    ),
    usable: {
      trained: usable(fits.trained),
      untrained: usable(fits.untrained),
      shuffled: usable(fits.shuffled),
      permuted: usable(permuted),
    },
    acceptance: {
      token: accepted(
        'P(W_t+1 | W_t), least in cross-entropy, accepted at least 1 - sqrt(S / 2) or its like, S the surplus',
        byToken.acceptance,
        byToken.atLeast.sharpest,
      ),
      tokenCeiling: bound(
        'the same, accepted at most what the surplus leaves (Fannes-Audenaert)',
        byToken.acceptance,
        'at most',
        acceptanceCeiling(byToken.divergence, law.symbols),
        '1',
      ),
      mostAccepted: accepted(
        'the drafter that sees W_t alone and is accepted most, at least as often as the last',
        mostAccepted.acceptance,
        byToken.acceptance,
      ),
      state: accepted('P(W_t+1 | W_t, H): all that the encoder keeps', byState.acceptance, byState.atLeast.sharpest),
      perTokenHead: accepted(
        'linear softmax head of h for each W_t, trained: accepted at least what its divergence makes sure of',
        fits.trained.figures.acceptance,
        fits.trained.figures.atLeast.sharpest,
      ),
      parallelHead: accepted(
        'linear softmax head of h alone, trained, drawn in parallel with k_head: the same bound',
        parallel.figures.acceptance,
        parallel.figures.atLeast.sharpest,
      ),
    },
    crossEntropy: {
      perTokenHead: bound(
        'cross-entropy of the trained head >= H(W_t+1 | W_t, H)',
        fits.trained.figures.crossEntropy,
        'at least',
        least,
        'nats',
      ),
      parallelHead: bound(
        'cross-entropy of the trained head >= H(W_t+1 | H)',
        parallel.figures.crossEntropy,
        'at least',
        futureEntropy(law, 'state'),
        'nats',
      ),
    },
  }
}

/** Each context with the state of another: what a probe makes of states that say nothing of their context. */
const permutedRows = (rows: Float64Array, count: number, seed: number): Float64Array => {
  const width = rows.length / count
  const result = new Float64Array(rows.length)
  randomPermutations(seed)(count).forEach((from, to) =>
    result.set(rows.subarray(from * width, (from + 1) * width), to * width),
  )
  return result
}
