/**
 * What is known of the data alone, before any model: exact for the stated law.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import { entropyDivergence, headlineEntropies } from '../information/categorical-entropy.js'
import { divergence } from '../information/divergence.js'
import { bound, type BoundFigure, identity, type IdentityFigure } from '../information/figure.js'
import { kernelEntropy } from '../information/kernel-entropy.js'
import { kernelInformation, outputDistribution } from '../information/mutual-information.js'
import type { DataAnalysis, ProcessAnalysis, SurplusFigure } from './analysis.js'
import { entropyOfMasses } from './block-entropies.js'
import type { DataKernel } from './data-kernel.js'
import { excessEntropyBracket } from './excess-entropy.js'
import type { HiddenMarkovProcess } from './hidden-markov.js'
import type { Law } from './law.js'
import { conditionalEntropy } from './nll-identities.js'
import { type DataOperators, operatorAnalyses } from './operator-analysis.js'
import { entropyUnit, type PerEntropy, perEntropy } from './per-entropy.js'
import { entropyRateBracket } from './process-law.js'
import {
  acceptanceBounds,
  type Bracket,
  informationSurplus,
  surplusBounds,
  surplusOfInfiniteDraft,
  surplusOfInfinitePast,
} from './surplus.js'

/** How many tokens are drafted at once, in the surplus figures. */
const draftedTokens = [2, 3, 4] as const

/** The figures of a law; `hidden` says which part of a spectrum a hidden state of that dimension can span. */
export const analyzeData = (law: Law, operators: DataOperators, hidden: number): Either<Problem, DataAnalysis> => {
  const { kernel, entropies } = law
  const n = kernel.contextLength
  const known = law.source.kind === 'process' ? processFigures(law, law.source.process) : right(undefined)
  if (isLeft(known)) return known
  const surplus: SurplusFigure[] = []
  for (const tokens of draftedTokens.filter((count) => n + count <= entropies.longest)) {
    const figure = surplusFigure(law, tokens, known.right?.rate)
    if (isLeft(figure)) return figure
    surplus.push(figure.right)
  }
  const ofToken = entropyOfMasses(outputDistribution(kernel.weights, kernel.next))
  const given = conditionalEntropy(kernel)
  return right({
    entropyOfToken: identity('H(W) from k_data = H(1), the entropy of blocks of one', ofToken, entropies.of(1), 'nats'),
    conditionalEntropy: identity(
      'H(W | X) from k_data = H(n + 1) - H(n)',
      given,
      entropies.of(n + 1) - entropies.of(n),
      'nats',
    ),
    information: identity(
      'E KL(P_x || u) = H(W) - H(W | X)',
      kernelInformation(kernel.weights, kernel.next),
      ofToken - given,
      'nats',
    ),
    categoricalEntropy: dataEntropies(kernel),
    surplus,
    process: known.right?.figures,
    operators: operatorAnalyses(operators, hidden),
  })
}

/** A number that is known between two ends: the lower one, under the upper. */
const between = (statement: string, { lower, upper }: Bracket): BoundFigure =>
  bound(statement, lower, 'at most', upper, 'nats')

/** Words of as many symbols as there are some ten thousand of. */
const blockLength = ({ symbols }: HiddenMarkovProcess): number =>
  Math.max(2, Math.min(12, Math.floor(Math.log(20_000) / Math.log(Math.max(2, symbols.length)))))

const processFigures = (
  { entropies }: Law,
  process: HiddenMarkovProcess,
): Either<Problem, { readonly rate: Bracket; readonly figures: ProcessAnalysis }> => {
  const n = blockLength(process)
  const rate = entropyRateBracket(process, n)
  if (isLeft(rate)) return rate
  const excess = excessEntropyBracket(process, n)
  if (isLeft(excess)) return excess
  return right({
    rate: rate.right,
    figures: {
      entropyRate: between(`H(W_n | W_<n, S_0) <= h <= H(W_n | W_<n), n = ${n}`, rate.right),
      excessEntropy: between(`E = I(past; future), from words of ${n} symbols`, excess.right),
      infiniteDraft: between(
        'surplus of the whole past and future, E - (H(W) - h)',
        surplusOfInfiniteDraft(entropies.of(1), rate.right, excess.right),
      ),
    },
  })
}

const surplusFigure = (
  { kernel, entropies }: Law,
  tokens: number,
  rate: Bracket | undefined,
): Either<Problem, SurplusFigure> => {
  const surplus = informationSurplus(entropies, kernel.contextLength, tokens)
  if (isLeft(surplus)) return surplus
  const bounds = surplusBounds(entropies, kernel.contextLength, tokens, kernel.symbols.length)
  if (isLeft(bounds)) return bounds
  return right({
    tokens,
    infinitePast:
      rate === undefined
        ? undefined
        : between(
            `surplus of the whole past, K = ${tokens}: that of ${kernel.contextLength} symbols <= it <= the rate’s`,
            {
              lower: surplus.right,
              upper: surplusOfInfinitePast(entropies, rate.lower, tokens),
            },
          ),
    surplus: bound(
      `I(X; W_t+1 .. W_t+${tokens - 1} | W_t) <= min(H(F | W_t), (K - 1) log V, H(X | W_t)); the value is exact for the law`,
      surplus.right,
      'at most',
      bounds.right.sharpest,
      'nats',
    ),
    acceptance: tokens === 2 ? acceptanceBounds(surplus.right).sharpest : undefined,
  })
}

/** The mean categorical entropies of k_data, closed form against the definition D(copy || product) on V x V. */
const dataEntropies = ({ weights, next, symbols }: DataKernel): PerEntropy<IdentityFigure> => {
  const width = symbols.length
  const copied = new Float64Array(width * width)
  const product = new Float64Array(width * width)
  const defined = new Float64Array(headlineEntropies.length)
  weights.forEach((weight, context) => {
    const row = next.subarray(context * width, (context + 1) * width)
    row.forEach((p, v) => {
      copied[v * width + v] = p
      row.forEach((q, w) => (product[v * width + w] = p * q))
    })
    headlineEntropies.forEach((name, index) => {
      defined[index]! += weight * divergence(entropyDivergence(name), copied, product)
    })
  })
  return perEntropy((name) =>
    identity(
      'mean closed form = mean D(copy k || (k x k) copy)',
      kernelEntropy(entropyDivergence(name), weights, next).mean,
      defined[headlineEntropies.indexOf(name)]!,
      entropyUnit(name),
    ),
  )
}
