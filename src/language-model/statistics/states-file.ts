/**
 * A dump of hidden states, as a safetensors file that is read a chunk at a time: of a file of any length, the head and two chunks are in
 * memory.
 *
 *     hidden       N x D   F16, BF16, F32 or F64   the states that the head reads: after the last norm
 *     next_tokens  N       any whole numbers       the token that came next, from 0 to V - 1
 *     head.weight  V x D   F16, BF16, F32 or F64   the logits at h are head.weight h + head.bias
 *     head.bias    V       the same                zeros where it is not there
 *     weights      N       the same                what each context counts: one where it is not there
 *
 * In Python, with `hidden`, `next_tokens` and `head` as numpy arrays:
 *
 *     from safetensors.numpy import save_file
 *     states = {'hidden': hidden, 'next_tokens': next_tokens, 'head.weight': head}
 *     save_file(states, 'states.safetensors')
 */
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'

import { type Either, isLeft, left, mapLeft, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../../dsl/problem.js'
import { type FloatType, floatsFrom, type IntegerType, integersFrom } from '../checkpoint/element-type.js'
import {
  type IndexedTensor,
  parseSafetensorsIndex,
  safetensorsHeaderEnd,
  type SafetensorsIndex,
} from '../checkpoint/safetensors.js'
import { fileProblem } from '../checkpoint/whole-file.js'
import { chunkLength } from './chunk-kernels.js'
import type { Chunk } from './chunk-sums.js'
import type { HeadParameters } from './head-parameters.js'
import { statesLayout, type StatesLayout, statesTensors } from './states-layout.js'
import type { StatisticsShape } from './statistics.js'

export interface StatesFile {
  readonly path: string
  readonly shape: StatisticsShape
  readonly head: HeadParameters
  readonly contexts: number
  /** Contexts in a chunk; the last has the rest. */
  readonly chunkLength: number
  readonly chunkCount: number
  /** SHA-256 of the whole file, hexadecimal. */
  readonly contentHash: () => Promise<string>
  /**
   * The chunks numbered from `first` up to and without `end` (all where they are not given), read when they are asked for. A file that
   * cannot be read any more throws.
   */
  readonly chunks: (first?: number, end?: number) => AsyncIterable<Chunk>
  readonly close: () => Promise<void>
}

/**
 * Opens a file of hidden states and reads its head.
 *
 * Problems: `file` where it cannot be read; `malformed` where it is no whole safetensors file, lacks a tensor, or has sizes that do not
 * fit; `unsupported` for numbers of another type; `empty-input` without contexts; `invalid-value` for a head that is not finite.
 */
export const openStates = async (path: string): Promise<Either<Problem, StatesFile>> => {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    const opened = await openedStates(path, file)
    if (isLeft(opened)) await file.close()
    return opened
  } catch (error) {
    await file?.close().catch(() => undefined)
    return left(fileProblem(path, error, 'give a safetensors file of hidden states that can be read'))
  }
}

const openedStates = async (path: string, file: FileHandle): Promise<Either<Problem, StatesFile>> => {
  const index = await indexOf(file)
  const layout = isLeft(index) ? index : statesLayout(index.right)
  if (isLeft(layout)) return mapLeft((fault: Problem) => ({ ...fault, where: `${path}, ${fault.where}` }))(layout)
  const { shape, contexts, hidden, nextTokens, weights } = layout.right
  const head = await headOf(file, layout.right)
  for (const [name, entries] of [
    [statesTensors.head, head.weights],
    [statesTensors.bias, head.bias],
  ] as const) {
    if (entries.every(Number.isFinite)) continue
    return left(
      problem('invalid-value', `${path}, ${name}`, 'it has a number that is not finite', 'give finite numbers'),
    )
  }
  const length = chunkLength(shape)
  const chunkCount = Math.ceil(contexts / length)
  const chunk = async (number: number): Promise<Chunk> => {
    const [first, end] = [number * length, Math.min(contexts, (number + 1) * length)]
    const [states, targets, own] = await Promise.all([
      floats(file, hidden, first, end),
      integers(file, nextTokens, first, end),
      weights === undefined ? undefined : floats(file, weights, first, end),
    ])
    return { number, hidden: states, targets, ...(own === undefined ? {} : { weights: own }) }
  }
  return right({
    path,
    shape,
    head,
    contexts,
    chunkLength: length,
    chunkCount,
    contentHash: async () => {
      const hash = createHash('sha256')
      for await (const bytes of file.createReadStream({ start: 0, autoClose: false })) hash.update(bytes)
      return hash.digest('hex')
    },
    chunks: async function* (first = 0, end = chunkCount) {
      if (!(Number.isInteger(first) && Number.isInteger(end) && 0 <= first && end <= chunkCount))
        throw new Error(`states: there are no chunks from ${first} to ${end} among ${chunkCount}`)
      // While one chunk is computed with, the next is read.
      let coming = first < end ? chunk(first) : undefined
      for (let number = first; coming !== undefined; number++) {
        const here: Chunk = await coming
        coming = number + 1 < end ? chunk(number + 1) : undefined
        // A fault of a chunk that nobody asks for is nobody's.
        coming?.catch(() => undefined)
        yield here
      }
    },
    close: () => file.close(),
  })
}

const indexOf = async (file: FileHandle): Promise<Either<Problem, SafetensorsIndex>> => {
  const { size } = await file.stat()
  const headerEnd = safetensorsHeaderEnd(await bytesAt(file, 0, Math.min(8, size)), size)
  return isLeft(headerEnd) ? headerEnd : parseSafetensorsIndex(await bytesAt(file, 0, headerEnd.right), size)
}

const headOf = async (file: FileHandle, { shape, head, bias }: StatesLayout): Promise<HeadParameters> => ({
  weights: Float64Array.from(await floats(file, head, 0, shape.vocabulary)),
  bias:
    bias === undefined
      ? new Float64Array(shape.vocabulary)
      : Float64Array.from(await floats(file, bias, 0, shape.vocabulary)),
})

/** The rows of a tensor from `first` up to `end`. */
const rowsAt = (file: FileHandle, tensor: IndexedTensor, first: number, end: number): Promise<Uint8Array> => {
  const row = (tensor.end - tensor.start) / tensor.shape[0]!
  return bytesAt(file, tensor.start + first * row, tensor.start + end * row)
}

const floats = async (
  file: FileHandle,
  tensor: IndexedTensor & { readonly type: FloatType },
  first: number,
  end: number,
): Promise<Float32Array | Float64Array> => floatsFrom(tensor.type, await rowsAt(file, tensor, first, end))

const integers = async (
  file: FileHandle,
  tensor: IndexedTensor & { readonly type: IntegerType },
  first: number,
  end: number,
): Promise<Float64Array> => integersFrom(tensor.type, await rowsAt(file, tensor, first, end))

const bytesAt = async (file: FileHandle, start: number, end: number): Promise<Uint8Array> => {
  const bytes = new Uint8Array(end - start)
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done)
    if (bytesRead === 0) throw new Error(`it ends at ${start + done}, before ${end}: it was changed while it was read`)
    done += bytesRead
  }
  return bytes
}
