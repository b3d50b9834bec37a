/**
 * Arithmetics in which a diagram of stochastic matrices is summed at some evidence: with probabilities, with their logarithms, or with
 * whether they are zero.
 */

/** A commutative semiring on doubles, with a map from probabilities. */
export interface Arithmetic {
  readonly of: (probability: number) => number
  readonly zero: number
  readonly one: number
  readonly plus: (a: number, b: number) => number
  readonly times: (a: number, b: number) => number
  /** Called on each intermediate result; may rescale it in place. */
  readonly settle?: (entries: Float64Array) => void
}

/** Whether there is a way to the evidence along which no probability is zero: exact, whatever the probabilities are. */
export const possibility: Arithmetic = {
  of: (probability) => (probability > 0 ? 1 : 0),
  zero: 0,
  one: 1,
  plus: Math.max,
  times: Math.min,
}

/** Logarithms of probabilities, in nats: nothing underflows, and a result is -Infinity exactly where it is zero. */
export const logarithms: Arithmetic = {
  of: Math.log,
  zero: -Infinity,
  one: 0,
  plus: (a, b) => {
    const [larger, smaller] = a < b ? [b, a] : [a, b]
    return smaller === -Infinity ? larger : larger + Math.log1p(Math.exp(smaller - larger))
  },
  times: (a, b) => a + b,
}

/** Probabilities times a common power of two, which keeps the largest of them near one. */
export interface ScaledProbabilities extends Arithmetic {
  /** The exponent of the power of two. */
  readonly exponent: () => number
  /** A bound, at the present scale, on the sum of all that underflow has taken from the entries so far. */
  readonly lost: () => number
}

const smallestNormal = 2 ** -1022
const rescaleBelow = 2 ** -32

/** A fresh arithmetic of probabilities that keeps its scale, and a bound on what it has lost. */
export const scaledProbabilities = (): ScaledProbabilities => {
  let [exponent, lost] = [0, 0]
  return {
    of: (probability) => probability,
    zero: 0,
    one: 1,
    plus: (a, b) => a + b,
    times: (a, b) => {
      const product = a * b
      // Rounding below the normal numbers is absolute. Stochastic matrices do not enlarge it, only rescaling does.
      if (product < smallestNormal && a !== 0 && b !== 0) lost += Number.MIN_VALUE
      return product
    },
    settle: (entries) => {
      let largest = 0
      for (const entry of entries) largest = Math.max(largest, entry)
      if (largest === 0 || largest >= rescaleBelow) return
      // Two powers of two make one step up to 2^1074 from doubles.
      const steps = Math.min(1000, -Math.floor(Math.log2(largest)))
      const factor = 2 ** steps
      for (let k = 0; k < entries.length; k++) entries[k]! *= factor
      exponent += steps
      lost *= factor
    },
    exponent: () => exponent,
    lost: () => lost,
  }
}
