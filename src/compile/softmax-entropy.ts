/**
 * Categorical entropies of a softmax from its logits, in float64.
 *
 * They differ from the entropies of the probabilities where one outcome dominates: 1 - p is not told from 0 by p alone, but is the sum
 * of the other probabilities.
 */
import type { CategoricalEntropyName } from '../information/categorical-entropy.js'

/** H(softmax(logits)), in nats where the measure has a unit. */
export const softmaxEntropy = (measure: CategoricalEntropyName, logits: Float64Array): number => {
  const top = logits.reduce((best, logit, at) => (logit > logits[best]! ? at : best), 0)
  let others = 0
  logits.forEach((logit, at) => {
    if (at !== top) others += Math.exp(logit - logits[top]!)
  })
  const normaliser = Math.log1p(others)
  const sum = (term: (p: number, logarithm: number, complement: number) => number): number => {
    let total = 0
    logits.forEach((logit, at) => {
      const logarithm = logit - logits[top]! - normaliser
      const p = Math.exp(logarithm)
      total += term(p, logarithm, at === top ? others * p : 1 - p)
    })
    return total
  }
  const hellinger = (): number => sum((p, _, complement) => (p * complement) / (1 + Math.sqrt(p)))
  switch (measure) {
    case 'shannon':
      return sum((p, logarithm) => -p * logarithm)
    case 'total-variation':
      return sum((p, _, complement) => p * complement)
    case 'squared-hellinger':
      return hellinger()
    case 'renyi-1/2': {
      const distance = hellinger()
      return distance < 0.5 ? -2 * Math.log1p(-distance) : -2 * Math.log(sum((p) => p * Math.sqrt(p)))
    }
    case 'jensen-shannon':
      return sum((p, logarithm, complement) => {
        const contrast = complement / (1 + p)
        // log(2 p / (1 + p)), which is near 0 where p is near 1.
        const below = p < 0.5 ? Math.LN2 + logarithm - Math.log1p(p) : Math.log1p(-contrast)
        return 0.5 * p * (Math.log1p(contrast) + p * below + complement * Math.LN2)
      })
  }
}
