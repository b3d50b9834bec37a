/**
 * The chi-squared test of independence, and the tail that its false-alarm rate is read from.
 *
 * Source: W. Hoeffding, "Probability inequalities for sums of bounded random variables" (1963), for the bound; W. Press, S. Teukolsky,
 * W. Vetterling and B. Flannery, "Numerical Recipes", section 6.2, for the incomplete gamma function; C. Lanczos, "A precision
 * approximation of the gamma function" (1964), with the coefficients of P. Godfrey.
 */
import type { Matrix } from '../../linear-algebra/matrix.js'

export interface ChiSquaredTest {
  readonly kind: 'measurement'
  /** The sum of (seen - expected)^2 / expected over the cells. */
  readonly statistic: number
  readonly degreesOfFreedom: number
  /** The probability of a statistic at least this large if the rows and columns are independent, as the counts grow. */
  readonly tail: number
  /** The probability, at most, of a table with a cell as strange as the strangest one if they are, whatever the counts. */
  readonly tailBound: number
  /** The approximation of the tail is a good one where this is five or more. */
  readonly smallestExpected: number
}

/**
 * Pearson's test of whether row and column of a table of counts are independent; rows and columns without counts do not take part.
 *
 * To call dependence where the tail is below alpha is to raise false alarms at the rate alpha, while all expected counts are large and
 * alpha is not very small; where `tailBound` is below alpha the rate is at most alpha always. Given its margins, a cell of an
 * independent table has a hypergeometric law, whose tails Hoeffding's bound limits, and the bounds of all cells add up.
 *
 * @example
 * chiSquaredIndependence(matrix(2, 2, [30, 10, 10, 30])).statistic // => 20
 */
export const chiSquaredIndependence = ({ rows, columns, entries }: Matrix): ChiSquaredTest => {
  const rowSums = new Float64Array(rows)
  const columnSums = new Float64Array(columns)
  let total = 0
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const count = entries[i * columns + j]!
      rowSums[i]! += count
      columnSums[j]! += count
      total += count
    }
  let statistic = 0
  let smallestExpected = Infinity
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const expected = (rowSums[i]! * columnSums[j]!) / total
      if (!(expected > 0)) continue
      statistic += (entries[i * columns + j]! - expected) ** 2 / expected
      smallestExpected = Math.min(smallestExpected, expected)
    }
  const seen = (sums: Float64Array): number => sums.filter((sum) => sum > 0).length
  const degreesOfFreedom = Math.max(0, seen(rowSums) - 1) * Math.max(0, seen(columnSums) - 1)
  return {
    kind: 'measurement',
    statistic,
    degreesOfFreedom,
    tail: chiSquaredTail(statistic, degreesOfFreedom),
    tailBound: strangestCell(entries, rowSums, columnSums, total),
    smallestExpected,
  }
}

const strangestCell = (
  entries: Float64Array,
  rowSums: Float64Array,
  columnSums: Float64Array,
  total: number,
): number => {
  let exponent = 0
  let cells = 0
  rowSums.forEach((row, i) =>
    columnSums.forEach((column, j) => {
      if (row === 0 || column === 0) return
      cells += 1
      const count = entries[i * columnSums.length + j]!
      const strangeness = Math.max(
        row * relativeEntropy(count / row, column / total),
        column * relativeEntropy(count / column, row / total),
      )
      exponent = Math.max(exponent, strangeness)
    }),
  )
  // A cell may be too full or too empty.
  return Math.min(1, 2 * cells * Math.exp(-exponent))
}

/** The relative entropy of two coins, in nats. */
const relativeEntropy = (p: number, q: number): number =>
  (p === 0 ? 0 : p * Math.log(p / q)) + (p === 1 ? 0 : (1 - p) * Math.log((1 - p) / (1 - q)))

/**
 * P(X >= x) for a chi-squared variable X; without degrees of freedom X is zero.
 *
 * @example
 * chiSquaredTail(2 * Math.log(20), 2) // => 0.05
 */
export const chiSquaredTail = (x: number, degreesOfFreedom: number): number =>
  degreesOfFreedom === 0 ? (x <= 0 ? 1 : 0) : upperGamma(degreesOfFreedom / 2, x / 2)

/**
 * The regularised upper incomplete gamma function Q(a, x), for a > 0 and x >= 0, to about 1e-13 of its size.
 *
 * @example
 * upperGamma(1, 3) // => 0.049787068367863944
 */
export const upperGamma = (a: number, x: number): number => {
  if (!(a > 0 && x >= 0)) throw new Error(`upperGamma: it takes a > 0 and x >= 0, not ${a} and ${x}`)
  if (x === 0) return 1
  if (x === Infinity) return 0
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a))
  return x < a + 1 ? 1 - scale * lowerSeries(a, x) : scale * upperFraction(a, x)
}

/** The sum of x^k / (a (a + 1) ... (a + k)), whose terms fall from the first on. */
const lowerSeries = (a: number, x: number): number => {
  let term = 1 / a
  let sum = term
  for (let k = 1; Math.abs(term) > sum * Number.EPSILON; k++) {
    term *= x / (a + k)
    sum += term
  }
  return sum
}

/** Legendre's continued fraction, from the top down by Lentz's method. */
const upperFraction = (a: number, x: number): number => {
  const tiny = 1e-300
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let value = d
  for (let k = 1; ; k++) {
    const numerator = -k * (k - a)
    b += 2
    d = 1 / nonzero(numerator * d + b, tiny)
    c = nonzero(b + numerator / c, tiny)
    const factor = c * d
    value *= factor
    if (Math.abs(factor - 1) <= 2 * Number.EPSILON) return value
  }
}

const nonzero = (x: number, tiny: number): number => (Math.abs(x) < tiny ? tiny : x)

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const

/** log Gamma(a), for a > 0. */
export const logGamma = (a: number): number => {
  if (a < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * a)) - logGamma(1 - a)
  let sum: number = lanczos[0]
  for (let k = 1; k < lanczos.length; k++) sum += lanczos[k]! / (a - 1 + k)
  const t = a + 6.5
  return 0.5 * Math.log(2 * Math.PI) + (a - 0.5) * Math.log(t) - t + Math.log(sum)
}
