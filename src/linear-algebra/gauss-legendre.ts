/**
 * Gauss-Legendre quadrature on the unit interval.
 */

export interface Quadrature {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

/**
 * The n nodes and weights on [0, 1] whose sum is the exact integral of every polynomial of degree at most 2n - 1: the zeros of the
 * Legendre polynomial, by Newton's method from Tricomi's estimate.
 *
 * @example
 * const { nodes, weights } = gaussLegendre(5)
 * nodes.reduce((sum, t, k) => sum + weights[k] * t ** 9, 0) // => 0.1
 */
export const gaussLegendre = (n: number): Quadrature => {
  if (!Number.isInteger(n) || n < 1) throw new Error(`gaussLegendre: there must be at least one node, not ${n}`)
  const nodes = new Float64Array(n)
  const weights = new Float64Array(n)
  for (let k = 0; k < Math.ceil(n / 2); k++) {
    let x = Math.cos((Math.PI * (k + 0.75)) / (n + 0.5))
    let slope = 1
    for (let step = 0; step < 100; step++) {
      const [value, derivative] = legendre(n, x)
      slope = derivative
      const change = value / derivative
      x -= change
      if (Math.abs(change) <= Number.EPSILON) break
    }
    const weight = 1 / ((1 - x * x) * slope * slope)
    nodes[k] = (1 - x) / 2
    nodes[n - 1 - k] = (1 + x) / 2
    weights[k] = weight
    weights[n - 1 - k] = weight
  }
  return { nodes, weights }
}

/** The Legendre polynomial of degree n at x, and its derivative there. */
const legendre = (n: number, x: number): readonly [number, number] => {
  let [before, value] = [1, x]
  for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k]
  return [value, (n * (before - x * value)) / (1 - x * x)]
}
