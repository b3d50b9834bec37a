/**
 * Which contexts an encoder merges, and what is expected given that a context is in a class.
 */

/** Contexts with the same encoding. */
export interface Classes {
  /** n: the class of each context, numbered by first occurrence. */
  readonly of: Int32Array
  readonly count: number
}

/**
 * The classes of `count` rows, row-major: rows are equal where their numbers are equal bit for bit, 0 and -0 being one number.
 *
 * @example
 * Array.from(classesOf(Float64Array.of(1, 2, 3, 4, 1, 2), 3).of) // => [0, 1, 0]
 */
export const classesOf = (rows: Float64Array, count: number): Classes => {
  const width = rows.length / count
  const row = new Float64Array(width)
  const bits = new Uint16Array(row.buffer)
  const found = new Map<string, number>()
  const of = new Int32Array(count)
  for (let context = 0; context < count; context++) {
    for (let index = 0; index < width; index++) row[index] = rows[context * width + index]! + 0
    let key = ''
    for (const part of bits) key += String.fromCharCode(part)
    const known = found.get(key)
    of[context] = known ?? found.size
    if (known === undefined) found.set(key, found.size)
  }
  return { of, count: found.size }
}

/** What a class of contexts has in the mean. */
export interface GivenClass {
  /** P(class). */
  readonly masses: Float64Array
  /** classes x m: E[phi | class]. */
  readonly features: Float64Array
}

/**
 * E[phi | class] for features (n x m, row-major) of n weighted contexts. A context that is alone in its class keeps its features bit
 * for bit; with phi = P the rows are the laws of the next token given the class.
 *
 * @example
 * const classes = { of: Int32Array.of(0, 0, 1), count: 2 }
 * const { features } = givenClass(Float64Array.of(1, 0, 0, 1, 0.5, 0.5), Float64Array.of(0.375, 0.125, 0.5), classes)
 * Array.from(features) // => [0.75, 0.25, 0.5, 0.5]
 */
export const givenClass = (features: Float64Array, weights: ArrayLike<number>, { of, count }: Classes): GivenClass => {
  const m = features.length / weights.length
  const masses = new Float64Array(count)
  const members = new Int32Array(count)
  const sums = new Float64Array(count * m)
  of.forEach((c, x) => {
    masses[c]! += weights[x]!
    members[c]!++
    for (let j = 0; j < m; j++) sums[c * m + j]! += weights[x]! * features[x * m + j]!
  })
  // Given a class without mass every law is as good; its members' plain mean is one.
  of.forEach((c, x) => {
    if (masses[c] === 0) for (let j = 0; j < m; j++) sums[c * m + j]! += features[x * m + j]! / members[c]!
  })
  const means = sums.map((sum, index) => sum / (masses[Math.floor(index / m)]! || 1))
  of.forEach((c, x) => {
    if (members[c] === 1) means.set(features.subarray(x * m, (x + 1) * m), c * m)
  })
  return { masses, features: means }
}
