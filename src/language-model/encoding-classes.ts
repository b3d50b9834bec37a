/**
 * Which contexts an encoder merges.
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
