/** Hidden states that a seed determines: normal ones, and next tokens that depend on them. */
import { standardNormals } from '../../src/linear-algebra/standard-normal.js'
import type { Chunk } from '../../src/language-model/statistics/chunk-sums.js'
import type { HeadParameters } from '../../src/language-model/statistics/head-parameters.js'
import type { StatisticsShape } from '../../src/language-model/statistics/statistics.js'

/** A head in which the first tokens are frequent, and some directions matter more than others. */
export const generatedHead = ({ dimension, vocabulary }: StatisticsShape): HeadParameters => {
  const weights = new Float64Array(vocabulary * dimension)
  standardNormals(1)(weights)
  for (let place = 0; place < weights.length; place++) weights[place]! *= 0.2 / (1 + (place % dimension) / 20)
  return { weights, bias: Float64Array.from({ length: vocabulary }, (_, w) => -Math.log(1 + w / 4)) }
}

/** Of eight tokens, the one with the largest logit and some noise: drawing from all V would cost as much as what is measured. */
const candidates = 8
const blockLength = 2048

export function* generatedChunks(
  { dimension: d, vocabulary: v }: StatisticsShape,
  { weights, bias }: HeadParameters,
  contexts: number,
): Generator<Chunk> {
  const normals = standardNormals(2)
  const noise = standardNormals(3)
  for (let first = 0; first < contexts; first += blockLength) {
    const length = Math.min(blockLength, contexts - first)
    const hidden = new Float64Array(length * d)
    normals(hidden)
    const draws = new Float64Array(2 * candidates * length)
    noise(draws)
    const targets = Int32Array.from({ length }, (_, n) => {
      let [best, largest] = [0, -Infinity]
      for (let each = 0; each < candidates; each++) {
        const [where, more] = [draws[2 * (n * candidates + each)]!, draws[2 * (n * candidates + each) + 1]!]
        const token = Math.min(v - 1, Math.floor(v * Math.abs(where / 4) ** 2))
        let logit = bias[token]! + 1.3 * more
        for (let k = 0; k < d; k++) logit += weights[token * d + k]! * hidden[n * d + k]!
        if (logit > largest) [best, largest] = [token, logit]
      }
      return best
    })
    yield { number: first / blockLength, hidden, targets }
  }
}
