/** Statistics as means, and as the moments of hidden states and next tokens. */
import { sumsOf } from '../../linear-algebra/exact-sums.js'
import { matrix } from '../../linear-algebra/matrix.js'
import type { AlignmentMoments } from '../alignment-moments.js'
import { type ChunkSums, eachSum, type Statistics } from './statistics.js'

/** The mean of each sum over the contexts, by their weights. There must be a context of positive weight. */
export const meansOf = ({ sums }: Statistics): ChunkSums => {
  const weight = sumsOf(sums.weight)[0]!
  if (!(weight > 0)) throw new Error('statistics: there is no context')
  return eachSum((name) => sumsOf(sums[name]).map((sum) => sum / weight))
}

/** How many contexts of one weight leave as much to chance: (sum w)^2 / sum w^2. */
export const effectiveContexts = ({ sums }: Statistics): number =>
  sumsOf(sums.weight)[0]! ** 2 / sumsOf(sums.sampling)[0]!

/** The moments of h and the next token, or of h and the next tokens of a chunk in another order. */
export const momentsOfMeans = (means: ChunkSums, tokens: 'next' | 'shuffled' = 'next'): AlignmentMoments => {
  const { hidden, secondMoment } = means
  const d = hidden.length
  const [shares, moment] =
    tokens === 'next' ? [means.targets, means.targetMoment] : [means.shuffled, means.shuffledMoment]
  return {
    mean: hidden,
    covariance: matrix(
      d,
      d,
      secondMoment.map((entry, place) => {
        const [i, j] = [Math.floor(place / d), place % d]
        return (entry + secondMoment[j * d + i]!) / 2 - hidden[i]! * hidden[j]!
      }),
    ),
    byToken: matrix(
      shares.length,
      d,
      moment.map((entry, place) => entry - shares[Math.floor(place / d)]! * hidden[place % d]!),
    ),
    tokens: shares,
  }
}
