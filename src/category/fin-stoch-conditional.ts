/**
 * Conditionals and Bayesian inverses of stochastic matrices in float64.
 *
 * Rows of a joint matrix are divided by their own sums. Where a sum is zero the conditional is not determined; the fixed rule is the
 * uniform distribution. Sums of subnormal numbers are exact and quotients are rounded once, so that rows sum to one at every scale.
 *
 * Source: K. Cho and B. Jacobs, "Disintegration and Bayesian inversion via string diagrams" (2019); T. Fritz, "A synthetic approach to
 * Markov kernels, conditional independence and theorems on sufficient statistics" (2020).
 */
import type { StochasticMatrix } from './fin-stoch.js'
import { assertComposable, assertEndsIn } from './finite-ends.js'
import { type FiniteObject, sizeOfObject } from './finite-object.js'

/**
 * f|_X : X ⊗ A -> Y of f : A -> X ⊗ Y; the row of (x, a) is uniform where x has no probability given a.
 *
 * A codomain that is not X ⊗ Y is a programmer's error and throws.
 */
export const conditional = (f: StochasticMatrix, x: FiniteObject, y: FiniteObject): StochasticMatrix => {
  assertEndsIn('FinStoch.conditional', f, x, y)
  const [inputs, rows, width] = [sizeOfObject(f.domain), sizeOfObject(x), sizeOfObject(y)]
  const entries = new Float64Array(rows * inputs * width)
  for (let a = 0; a < inputs; a++)
    for (let row = 0; row < rows; row++) {
      const [from, to] = [(a * rows + row) * width, (row * inputs + a) * width]
      let sum = 0
      for (let k = 0; k < width; k++) sum += entries[to + k] = f.entries[from + k]!
      normaliseRow(entries, to, width, sum)
    }
  return { domain: [...x, ...f.domain], codomain: y, entries }
}

/** Below this, products of two probabilities may have lost digits. */
const smallestSafeSum = 2 ** -900
/** A power of two, so that scaling is exact: from it, the product of the two smallest doubles is a normal number. */
const scale = 2 ** 800

/**
 * f† : Y ⊗ A -> X of a prior p : A -> X and f : X -> Y: Bayes' rule, p(x | a) f(y | x) divided by its sum over x; the row of (y, a) is
 * uniform where y has no probability given a.
 *
 * It is the conditional on Y of the joint matrix, without building that. A row is only taken to be null if no term of it has two
 * positive factors: products that are too small for a double count. A prior and f that do not meet throw.
 */
export const inverse = (prior: StochasticMatrix, f: StochasticMatrix): StochasticMatrix => {
  assertComposable('FinStoch.inverse', prior, f)
  const [inputs, width, rows] = [sizeOfObject(prior.domain), sizeOfObject(f.domain), sizeOfObject(f.codomain)]
  const entries = new Float64Array(rows * inputs * width)
  for (let y = 0; y < rows; y++)
    for (let a = 0; a < inputs; a++) {
      const start = (y * inputs + a) * width
      let sum = 0
      for (let x = 0; x < width; x++)
        sum += entries[start + x] = prior.entries[a * width + x]! * f.entries[x * rows + y]!
      if (sum < smallestSafeSum) {
        sum = 0
        for (let x = 0; x < width; x++)
          sum += entries[start + x] = prior.entries[a * width + x]! * scale * (f.entries[x * rows + y]! * scale)
      }
      normaliseRow(entries, start, width, sum)
    }
  return { domain: [...f.codomain, ...prior.domain], codomain: prior.codomain, entries }
}

/** Divides a row by its sum; not by multiplication with the reciprocal, which overflows for subnormal sums. */
const normaliseRow = (entries: Float64Array, start: number, width: number, sum: number): void => {
  if (sum === 0) entries.fill(1 / width, start, start + width)
  else for (let k = start; k < start + width; k++) entries[k]! /= sum
}
