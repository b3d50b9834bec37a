/**
 * Statistics as a safetensors file: the multiples of every sum, the figures of the chunks, and the job and the head that they belong to.
 */
import { type Either, isLeft, left, mapLeft, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../../dsl/problem.js'
import { checkedSums, type ExactSums, unitCount } from '../../linear-algebra/exact-sums.js'
import {
  float64Tensor,
  parseSafetensors,
  printSafetensors,
  type SafetensorsFile,
  tensorNumbers,
} from '../checkpoint/safetensors.js'
import type { HeadParameters } from './head-parameters.js'
import {
  type ChunkFigures,
  eachSum,
  type Statistics,
  type StatisticsShape,
  type SumName,
  sumNames,
  sumSizes,
} from './statistics.js'

/** What the file is, in its metadata. A later version that means something else has another number. */
const format = 'markovcat statistics 1'

export interface StoredStatistics {
  readonly statistics: Statistics
  /** Names the contexts, the head and how they were cut into chunks: statistics of different jobs are not merged. */
  readonly job: string
  /** The head that the contexts were seen through, where it was stored. */
  readonly head: HeadParameters | undefined
}

const chunkFields = ['chunk', 'contexts', 'weight', 'nll', 'entropy'] as const satisfies readonly (keyof ChunkFigures)[]

/** Statistics as the bytes of a safetensors file; they come back from them bit for bit, and equal ones have equal bytes. */
export const printStatistics = (statistics: Statistics, job: string, head?: HeadParameters): Uint8Array => {
  const { shape, chunks, sums } = statistics
  const { dimension, vocabulary } = shape
  if (sumNames.some((name) => sums[name].addends !== chunks.length))
    throw new Error('printStatistics: each chunk must have been added once to each sum')
  return printSafetensors({
    metadata: { format, job, dimension: String(dimension), vocabulary: String(vocabulary) },
    tensors: [
      ...sumNames.map((name) =>
        float64Tensor(`sums.${name}`, [unitCount, sumSizes(shape)[name]], sums[name].multiples),
      ),
      ...chunkFields.map((field) =>
        float64Tensor(
          `chunks.${field}`,
          [chunks.length],
          Float64Array.from(chunks, (chunk) => chunk[field]),
        ),
      ),
      ...(head === undefined
        ? []
        : [
            float64Tensor('head.weight', [vocabulary, dimension], head.weights),
            float64Tensor('head.bias', [vocabulary], head.bias),
          ]),
    ],
  })
}

const malformed = (what: string): Either<Problem, never> =>
  left(problem('malformed', 'statistics', what, 'give a file that `markovcat analyze --states` wrote'))

/**
 * Statistics from the bytes of a file.
 *
 * Errors: no safetensors file, or one of something else; a tensor that is missing or has another shape; multiples that are no whole
 * numbers or too large for so many chunks; chunks out of order; a head that is not finite.
 *
 * @example
 * const shape = { dimension: 1, vocabulary: 2 }
 * const read = toUnion(parseStatistics(printStatistics(noStatistics(shape), 'a job')))
 * 'job' in read && [read.job, read.statistics.shape, read.statistics.chunks] // => ['a job', { dimension: 1, vocabulary: 2 }, []]
 */
export const parseStatistics = (bytes: Uint8Array): Either<Problem, StoredStatistics> => {
  const file = parseSafetensors(bytes)
  if (isLeft(file)) return file
  const { metadata } = file.right
  if (metadata['format'] !== format) return malformed(`its format is '${metadata['format'] ?? ''}', not '${format}'`)
  const job = metadata['job'] ?? ''
  const [dimension, vocabulary] = [Number(metadata['dimension'] ?? NaN), Number(metadata['vocabulary'] ?? NaN)]
  if (![dimension, vocabulary].every((size) => Number.isSafeInteger(size) && size >= 1))
    return malformed(`it is for D = ${metadata['dimension'] ?? ''}, V = ${metadata['vocabulary'] ?? ''}`)
  const shape = { dimension, vocabulary }
  const chunks = chunksOf(file.right)
  if (isLeft(chunks)) return chunks
  const found = new Map<SumName, ExactSums>()
  for (const name of sumNames) {
    const length = sumSizes(shape)[name]
    const multiples = numbersOf(file.right, `sums.${name}`, [unitCount, length])
    if (isLeft(multiples)) return multiples
    const sums = checkedSums(length, chunks.right.length, multiples.right)
    if (isLeft(sums)) return mapLeft((fault: Problem) => ({ ...fault, where: `statistics, sums.${name}` }))(sums)
    found.set(name, sums.right)
  }
  const head = headOf(file.right, shape)
  if (isLeft(head)) return head
  const sums = eachSum((name) => found.get(name)!)
  return right({ statistics: { shape, chunks: chunks.right, sums }, job, head: head.right })
}

const numbersOf = (file: SafetensorsFile, name: string, shape: readonly number[]): Either<Problem, Float64Array> => {
  const tensor = file.tensors.find((each) => each.name === name)
  if (tensor === undefined) return malformed(`it has no tensor ${name}`)
  if (tensor.type !== 'F64') return malformed(`${name} has numbers of type ${tensor.type}, not F64`)
  return tensor.shape.join(' x ') === shape.join(' x ')
    ? tensorNumbers(tensor)
    : malformed(`${name} is ${tensor.shape.join(' x ')}, not ${shape.join(' x ')}`)
}

const chunksOf = (file: SafetensorsFile): Either<Problem, readonly ChunkFigures[]> => {
  const count = file.tensors.find(({ name }) => name === 'chunks.chunk')?.shape[0] ?? 0
  const columns = new Map<keyof ChunkFigures, Float64Array>()
  for (const field of chunkFields) {
    const numbers = numbersOf(file, `chunks.${field}`, [count])
    if (isLeft(numbers)) return numbers
    columns.set(field, numbers.right)
  }
  const at = (field: keyof ChunkFigures, place: number): number => columns.get(field)![place]!
  const chunks: ChunkFigures[] = []
  for (let place = 0; place < count; place++) {
    const chunk = {
      chunk: at('chunk', place),
      contexts: at('contexts', place),
      weight: at('weight', place),
      nll: at('nll', place),
      entropy: at('entropy', place),
    }
    if (!(Number.isSafeInteger(chunk.chunk) && chunk.chunk > (chunks[place - 1]?.chunk ?? -1)))
      return malformed(`chunk ${chunk.chunk} comes after chunk ${chunks[place - 1]?.chunk ?? 'none'}`)
    if (!(Number.isSafeInteger(chunk.contexts) && chunk.contexts >= 0))
      return malformed(`chunk ${chunk.chunk} has ${chunk.contexts} contexts`)
    if (![chunk.weight, chunk.nll, chunk.entropy].every(Number.isFinite))
      return malformed(`chunk ${chunk.chunk} has figures that are not finite`)
    chunks.push(chunk)
  }
  return right(chunks)
}

const headOf = (
  file: SafetensorsFile,
  { dimension, vocabulary }: StatisticsShape,
): Either<Problem, HeadParameters | undefined> => {
  if (!file.tensors.some(({ name }) => name === 'head.weight')) return right(undefined)
  const weights = numbersOf(file, 'head.weight', [vocabulary, dimension])
  if (isLeft(weights)) return weights
  const bias = numbersOf(file, 'head.bias', [vocabulary])
  if (isLeft(bias)) return bias
  return weights.right.every(Number.isFinite) && bias.right.every(Number.isFinite)
    ? right({ weights: weights.right, bias: bias.right })
    : malformed('its head is not finite')
}
