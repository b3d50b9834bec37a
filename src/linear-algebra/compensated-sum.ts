/**
 * Sums of many numbers whose rounding errors are added up too.
 */

export interface CompensatedSum {
  readonly add: (term: number) => void
  readonly total: () => number
}

/**
 * A running sum whose error does not grow with the number of terms: about one rounding of the result, and the number of terms times a
 * squared rounding of the sum of their absolute values. Identity: the order of the terms does not matter beyond that.
 *
 * Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen" (1974).
 *
 * @example
 * const sum = compensatedSum()
 * const terms = [1, 1e100, 1, -1e100]
 * terms.forEach(sum.add)
 * sum.total() // => 2
 */
export const compensatedSum = (): CompensatedSum => {
  let [sum, lost] = [0, 0]
  return {
    add: (term) => {
      const next = sum + term
      lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum
      sum = next
    },
    // What is lost of an infinite sum is no number.
    total: () => (Number.isFinite(sum) ? sum + lost : sum),
  }
}
