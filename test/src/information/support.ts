import fc from 'fast-check'

/** Distributions on 1 to `most` symbols; zeros and tiny probabilities are common. */
export const distributions = (most = 8): fc.Arbitrary<Float64Array> =>
  fc.integer({ min: 1, max: most }).chain((size) => distributionsOn(size))

export const distributionsOn = (size: number): fc.Arbitrary<Float64Array> =>
  fc
    .array(masses, { minLength: size, maxLength: size })
    .filter((values) => values.some((value) => value > 1e-3))
    .map((values) => normalised(values))

/** Two distributions on the same set. */
export const pairs = (most = 8): fc.Arbitrary<readonly [Float64Array, Float64Array]> =>
  fc.integer({ min: 1, max: most }).chain((size) => fc.tuple(distributionsOn(size), distributionsOn(size)))

const masses = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0.001, max: 1, noNaN: true }) },
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 3, max: 12 }).map((exponent) => 10 ** -exponent) },
)

export const normalised = (values: readonly number[]): Float64Array => {
  const sum = values.reduce((total, value) => total + value, 0)
  return Float64Array.from(values, (value) => value / sum)
}

/** The distributions of the definition of categorical entropy: the copy of p on V x V, and p (x) p. */
export const copyAndProduct = (p: Float64Array): readonly [Float64Array, Float64Array] => {
  const size = p.length
  const copy = new Float64Array(size * size)
  const product = new Float64Array(size * size)
  for (let v = 0; v < size; v++) {
    copy[v * size + v] = p[v]!
    for (let w = 0; w < size; w++) product[v * size + w] = p[v]! * p[w]!
  }
  return [copy, product]
}
