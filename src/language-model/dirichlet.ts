/**
 * Dirichlet energy of functions of the context, and the centred Rayleigh quotient.
 *
 *     E_K(phi) = 1/2 E_(x,x') K(x, x') |phi(x) - phi(x')|^2 = <phi, (degree - M_K) phi>,   degree(x) = E K(x, X')
 *
 * An identity for every symmetric kernel; the energy is nonnegative where K is (the centred kernel of canonical correlation gives
 * negative values). None of these numbers is invariant under linear maps of the hidden space; they are measurements.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), (7.6) and Proposition 7.4. That the likelihood makes
 * the energy small is wrong as stated: the raw energy rises in training, as |h| grows. The scaled forms fall, by little.
 */
import type { Matrix } from '../linear-algebra/matrix.js'
import type { Provenance } from './predictive-law.js'
import { type OperatorSpectrum, quadraticTrace } from './similarity.js'
import type { SimilarityName } from './similarity-kernel.js'
import { centredFeatures } from './weighted-features.js'

export interface DirichletEnergy {
  /** <phi, (degree - M_K) phi>, summed over the columns of phi. */
  readonly raw: number
  /** raw / (Var phi E K): one for functions that have nothing to do with K, if K is nearly constant. */
  readonly normalised: number
  /**
   * raw / (E K Var_pi phi), pi = mu degree / E K: the Rayleigh quotient of 1 - the random walk that K drives. From 0 to 2 for K >= 0,
   * and at most 1 where K is positive semidefinite too.
   */
  readonly randomWalk: number
}

/**
 * E_K by pairs, 1/2 sum mu mu' K |phi - phi'|^2, for an n x n kernel, n weights and functions of n x d numbers, row-major.
 *
 * @example
 * dirichletEnergyByPairs(matrix(2, 2, [1, 0.5, 0.5, 1]), Float64Array.of(0.5, 0.5), Float64Array.of(0, 2)) // => 0.5
 */
export const dirichletEnergyByPairs = (
  { rows: n, entries }: Matrix,
  weights: Float64Array,
  functions: Float64Array,
): number => {
  const d = functions.length / n
  let energy = 0
  for (let x = 0; x < n; x++)
    for (let y = 0; y < x; y++) {
      let square = 0
      for (let j = 0; j < d; j++) square += (functions[x * d + j]! - functions[y * d + j]!) ** 2
      energy += weights[x]! * weights[y]! * entries[x * n + y]! * square
    }
  return energy
}

/**
 * E_K through degree and operator, with its scaled forms.
 *
 * @example
 * dirichletEnergy(matrix(2, 2, [1, 0.5, 0.5, 1]), Float64Array.of(0.5, 0.5), Float64Array.of(0, 2)).raw // => 0.5
 */
export const dirichletEnergy = (
  similarities: Matrix,
  weights: Float64Array,
  functions: Float64Array,
): DirichletEnergy => {
  const { rows: n, entries } = similarities
  const { centred, d } = withoutMean(functions, weights)
  const degree = new Float64Array(n)
  let quadratic = 0
  for (let x = 0; x < n; x++) {
    const image = new Float64Array(d)
    for (let y = 0; y < n; y++) {
      const weight = weights[y]! * entries[x * n + y]!
      degree[x]! += weight
      for (let j = 0; j < d; j++) image[j]! += weight * centred[y * d + j]!
    }
    for (let j = 0; j < d; j++) quadratic += weights[x]! * centred[x * d + j]! * image[j]!
  }
  return energies(degree, quadratic, centred, weights, d)
}

/**
 * The same for a kernel of features (n x m, row-major, K = <phi, phi'>), without the n x n matrix.
 *
 * @example
 * dirichletEnergyOfFeatures(Float64Array.of(1, 0, 0.6, 0.8), Float64Array.of(0.5, 0.5), Float64Array.of(0, 2)).raw // => 0.6
 */
export const dirichletEnergyOfFeatures = (
  features: Float64Array,
  weights: Float64Array,
  functions: Float64Array,
): DirichletEnergy => {
  const m = features.length / weights.length
  const { centred, d } = withoutMean(functions, weights)
  const mean = new Float64Array(m)
  // E phi f^T, m x d: <f, M f> is its squared norm.
  const moments = new Float64Array(m * d)
  weights.forEach((weight, x) => {
    for (let i = 0; i < m; i++) {
      const feature = weight * features[x * m + i]!
      mean[i]! += feature
      for (let j = 0; j < d; j++) moments[i * d + j]! += feature * centred[x * d + j]!
    }
  })
  const degree = weights.map((_, x) => {
    let sum = 0
    for (let i = 0; i < m; i++) sum += features[x * m + i]! * mean[i]!
    return sum
  })
  return energies(
    degree,
    moments.reduce((sum, entry) => sum + entry * entry, 0),
    centred,
    weights,
    d,
  )
}

/**
 * <h, K_c h> / (|h|^2 lambda_1), h centred, K_c the centred operator: at most one, and about tr K_c / (n lambda_1) by chance. A
 * measurement, not invariant under linear maps of the hidden space; zero for constant hidden states.
 */
export const centredRayleigh = (
  hidden: Float64Array,
  weights: Float64Array,
  { operator, centred }: OperatorSpectrum<SimilarityName, Provenance>,
): number => {
  const states = centredFeatures(hidden, weights)
  const square = states.entries.reduce((sum, entry) => sum + entry * entry, 0)
  return square === 0 ? 0 : quadraticTrace(operator, states) / (square * centred[0]!)
}

const energies = (
  degree: Float64Array,
  quadratic: number,
  functions: Float64Array,
  weights: Float64Array,
  d: number,
): DirichletEnergy => {
  let [mean, variance, weighted] = [0, 0, 0]
  const meanUnderWalk = new Float64Array(d)
  weights.forEach((weight, x) => {
    mean += weight * degree[x]!
    for (let j = 0; j < d; j++) {
      const square = weight * functions[x * d + j]! ** 2
      variance += square
      weighted += degree[x]! * square
      meanUnderWalk[j]! += weight * degree[x]! * functions[x * d + j]!
    }
  })
  const raw = weighted - quadratic
  const varianceUnderWalk = (weighted - meanUnderWalk.reduce((sum, entry) => sum + entry * entry, 0) / mean) / mean
  return { raw, normalised: raw / (variance * mean), randomWalk: raw / (varianceUnderWalk * mean) }
}

/** The energy does not see constants, and rounding sees them. */
const withoutMean = (
  functions: Float64Array,
  weights: Float64Array,
): { readonly centred: Float64Array; readonly d: number } => {
  const n = weights.length
  if (functions.length === 0 || functions.length % n !== 0)
    throw new Error(`dirichletEnergy: ${functions.length} numbers are no functions of ${n} contexts`)
  const d = functions.length / n
  const mean = new Float64Array(d)
  let total = 0
  weights.forEach((weight, x) => {
    total += weight
    for (let j = 0; j < d; j++) mean[j]! += weight * functions[x * d + j]!
  })
  return { centred: functions.map((entry, index) => entry - mean[index % d]! / total), d }
}
