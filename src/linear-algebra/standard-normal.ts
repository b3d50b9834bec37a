/**
 * Seeded standard normal numbers: Box and Muller's transform of a xoroshiro128+ stream.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Writes independent standard normal numbers over an array; the stream goes on from call to call. */
export type NormalSource = (target: Float64Array) => void

/** The generator's first outputs show the seed. */
const discardedOutputs = 64

/**
 * A stream of standard normal numbers that its seed, a 32-bit integer, determines.
 *
 * @example
 * const [a, b] = [new Float64Array(3), new Float64Array(3)]
 * standardNormals(7)(a)
 * standardNormals(7)(b)
 * a.every((x, i) => x === b[i]) // => true
 */
export const standardNormals = (seed: number): NormalSource => {
  if (!Number.isInteger(seed)) throw new Error(`standardNormals: the seed must be an integer, not ${seed}`)
  const generator = xoroshiro128plus(seed)
  for (let k = 0; k < discardedOutputs; k++) generator.next()
  return (target) => {
    for (let i = 0; i < target.length; i += 2) {
      // 1 - u is never zero.
      const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)))
      const angle = 2 * Math.PI * uniformFloat64(generator)
      target[i] = radius * Math.cos(angle)
      if (i + 1 < target.length) target[i + 1] = radius * Math.sin(angle)
    }
  }
}
