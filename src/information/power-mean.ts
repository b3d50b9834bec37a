/**
 * Power means of a ratio of probabilities, sum p r^c, the common part of the Renyi and Tsallis families.
 */

/** Weights that sum to one together with the missing mass, whose power is zero; the first `count` places are used. */
export interface RatioTerms {
  readonly count: number
  readonly weights: Float64Array
  readonly logRatios: Float64Array
  readonly missing: number
}

/** sum p r^c - 1, without cancellation where the powers are close to one. */
export const powerMeanExcess = ({ count, weights, logRatios, missing }: RatioTerms, exponent: number): number => {
  let excess = -missing
  for (let k = 0; k < count; k++) excess += weights[k]! * Math.expm1(exponent * logRatios[k]!)
  return excess
}

/** log sum p r^c, without overflow, and without cancellation where the sum is close to one; -Infinity for an empty sum. */
export const logPowerMean = (terms: RatioTerms, exponent: number): number => {
  const excess = powerMeanExcess(terms, exponent)
  if (excess > -0.5 && excess < 1e300) return Math.log1p(excess)
  const { count, weights, logRatios } = terms
  let largest = -Infinity
  for (let k = 0; k < count; k++) largest = Math.max(largest, exponent * logRatios[k]!)
  if (largest === -Infinity) return largest
  let sum = 0
  for (let k = 0; k < count; k++) sum += weights[k]! * Math.exp(exponent * logRatios[k]! - largest)
  return largest + Math.log(sum)
}
