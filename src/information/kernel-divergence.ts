/**
 * Divergences between kernels: the supremum over inputs, and the conditional divergence under a law on the inputs.
 *
 * Source: P. Perrone, "Markov categories and entropy" (2023). For the kernels of FinStoch both follow from the divergences of the
 * rows, without building a copy: identities, tested against the composites.
 */
import type { StochasticMatrix } from '../category/fin-stoch.js'
import { sameFiniteObject, sizeOfObject } from '../category/finite-object.js'
import { type Distribution, type Divergence, divergence } from './divergence.js'
import { logPowerMean } from './power-mean.js'
import { nonnegative } from './rounding.js'

/** The largest of the values at every input. */
export interface SupremumOverInputs {
  /** Zero where there is no input. */
  readonly supremum: number
  /** The first input with that value; undefined where there is no input. */
  readonly attainedAt: number | undefined
}

/**
 * D(f || g) of two kernels f, g : A -> B: the largest divergence between their outputs at an input, in nats where D has a unit.
 *
 * Kernels of different domains or codomains throw.
 *
 * @example
 * const f = { domain: [2], codomain: [2], entries: Float64Array.of(1, 0, 0.5, 0.5) }
 * kernelDivergence(totalVariation, f, FinStoch.id([2])) // => { supremum: 0.5, attainedAt: 1 }
 */
export const kernelDivergence = (d: Divergence, f: StochasticMatrix, g: StochasticMatrix): SupremumOverInputs =>
  supremumOf(rowDivergences(d, f, g))

/**
 * The conditional divergence of two kernels f, g : A -> B under p : I -> A, in nats where D has a unit:
 * ```
 *          ┌────── A               ┌────── A
 *   D( [p]─●            ‖      [p]─●            )
 *          └─[f]── B               └─[g]── B
 * ```
 * For an f-divergence it is the average of the divergences at the inputs, for the Renyi divergences a power mean of them, for the
 * two distances the root of the mean square. Inputs without mass do not count. If p has inputs, the supremum over them.
 *
 * @example
 * const p = { domain: [], codomain: [2], entries: Float64Array.of(0.75, 0.25) }
 * const f = { domain: [2], codomain: [2], entries: Float64Array.of(1, 0, 0.5, 0.5) }
 * conditionalDivergence(totalVariation, p, f, FinStoch.id([2])) // => 0.125
 */
export const conditionalDivergence = (
  d: Divergence,
  p: StochasticMatrix,
  f: StochasticMatrix,
  g: StochasticMatrix,
): number => largestMixed(d, p, f, rowDivergences(d, f, g))

/** D(f || g) at every input. */
const rowDivergences = (d: Divergence, f: StochasticMatrix, g: StochasticMatrix): Float64Array => {
  if (!sameFiniteObject(f.domain, g.domain) || !sameFiniteObject(f.codomain, g.codomain))
    throw new Error(`kernelDivergence: ${boundary(f)} meets ${boundary(g)}`)
  return Float64Array.from({ length: sizeOfObject(f.domain) }, (_, x) => divergence(d, rowOf(f, x), rowOf(g, x)))
}

const boundary = ({ domain, codomain }: StochasticMatrix): string =>
  `[${domain.join(', ')}] -> [${codomain.join(', ')}]`

/** The distribution of the output at an input. */
export const rowOf = ({ codomain, entries }: StochasticMatrix, x: number): Float64Array => {
  const width = sizeOfObject(codomain)
  return entries.subarray(x * width, (x + 1) * width)
}

/** The largest of some values, and where. */
export const supremumOf = (values: Float64Array): SupremumOverInputs => {
  if (values.length === 0) return { supremum: 0, attainedAt: undefined }
  let attainedAt = 0
  for (let x = 1; x < values.length; x++) if (values[x]! > values[attainedAt]!) attainedAt = x
  return { supremum: values[attainedAt]!, attainedAt }
}

/** The divergences at the inputs of f, mixed by each law that p gives; the largest. */
export const largestMixed = (
  d: Divergence,
  p: StochasticMatrix,
  f: StochasticMatrix,
  divergences: Float64Array,
): number => {
  if (!sameFiniteObject(p.codomain, f.domain))
    throw new Error(`conditional divergence: codomain [${p.codomain.join(', ')}] meets domain [${f.domain.join(', ')}]`)
  const mixed = Float64Array.from({ length: sizeOfObject(p.domain) }, (_, z) =>
    mixedDivergence(d, rowOf(p, z), divergences),
  )
  return supremumOf(mixed).supremum
}

/**
 * The chain rule for one first marginal: D of two joint laws sum mu(x) p_x and sum mu(x) q_x, from every D(p_x || q_x).
 *
 * @example
 * mixedDivergence(renyi(2), [0.5, 0.5], [0, Math.log(3)]) // => 0.6931471805599453
 */
export const mixedDivergence = (d: Divergence, weights: Distribution, values: Distribution): number => {
  switch (d.kind) {
    case 'renyi':
      return renyiMixture(d.order, weights, values)
    case 'hellinger-distance':
    case 'jensen-shannon-distance':
      return Math.sqrt(mean(weights, values, (value) => value * value))
    default:
      return mean(weights, values, (value) => value)
  }
}

const mean = (weights: Distribution, values: Distribution, of: (value: number) => number): number => {
  let sum = 0
  // Zero times infinity would be no number.
  for (let x = 0; x < weights.length; x++) if (weights[x]! > 0) sum += weights[x]! * of(values[x]!)
  return sum
}

/** log(sum mu exp((a - 1) D_a)) / (a - 1). */
const renyiMixture = (order: number, weights: Distribution, values: Distribution): number => {
  if (order === 1) return mean(weights, values, (value) => value)
  const seen = Array.from({ length: weights.length }, (_, x) => x).filter((x) => weights[x]! > 0)
  const infinite = seen.filter((x) => values[x] === Infinity)
  if (order > 1 && infinite.length > 0) return Infinity
  if (order === Infinity) return supremumOf(Float64Array.from(seen, (x) => values[x]!)).supremum
  const finite = seen.filter((x) => values[x] !== Infinity)
  const terms = {
    count: finite.length,
    weights: Float64Array.from(finite, (x) => weights[x]!),
    logRatios: Float64Array.from(finite, (x) => values[x]!),
    missing: infinite.reduce((sum, x) => sum + weights[x]!, 0),
  }
  return nonnegative(logPowerMean(terms, order - 1) / (order - 1))
}
