/** Writing files of hidden states, chunk after chunk: see states-file.ts for what is in them. */
import type { FileHandle } from 'node:fs/promises'

import type { Either } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../../dsl/problem.js'
import { bytesAs, type FloatType } from '../checkpoint/element-type.js'
import { printSafetensorsHeader } from '../checkpoint/safetensors.js'
import { writeWhole } from '../checkpoint/whole-file.js'
import type { Chunk } from './chunk-sums.js'
import type { HeadParameters } from './head-parameters.js'
import { statesTensors } from './states-layout.js'
import type { StatisticsShape } from './statistics.js'

export interface WriteStatesOptions {
  /** How a coordinate is stored: F32 where nothing is said. The head is stored as float64. */
  readonly type?: FloatType
}

/** The header comes first and says how many contexts there are, which is known last: room is kept for it. */
const headerRoom = 1024

/**
 * Writes a file of hidden states beside its place and moves it there; the numbers of the chunks do not matter, their order does.
 *
 * Of the contexts, the tokens and weights are kept in memory, the hidden states a chunk at a time. Problems: `file`. Chunks of another
 * size throw.
 */
export const writeStates = (
  path: string,
  { dimension, vocabulary }: StatisticsShape,
  head: HeadParameters,
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
  { type = 'F32' }: WriteStatesOptions = {},
): Promise<Either<Problem, void>> =>
  writeWhole(path, async (draft) => {
    let end = headerRoom
    const append = async (bytes: Uint8Array): Promise<void> => {
      await writeAt(draft, bytes, end)
      end += bytes.length
    }
    if (head.weights.length !== vocabulary * dimension || head.bias.length !== vocabulary)
      throw new Error(`writeStates: the head is no ${vocabulary} x ${dimension} with a bias`)
    await append(bytesAs('F64', head.weights))
    await append(bytesAs('F64', head.bias))
    const tokens: Int32Array[] = []
    const weights: Float64Array[] = []
    let [contexts, weighted] = [0, false]
    for await (const { hidden, targets, weights: own } of chunks) {
      if (hidden.length !== targets.length * dimension)
        throw new Error(`writeStates: ${hidden.length} numbers are no ${targets.length} hidden states`)
      await append(bytesAs(type, hidden))
      tokens.push(Int32Array.from(targets))
      weights.push(own === undefined ? new Float64Array(targets.length).fill(1) : Float64Array.from(own))
      weighted ||= own !== undefined
      contexts += targets.length
    }
    // At a multiple of eight, whatever the hidden states end at: the longer numbers first.
    if (weighted) for (const part of weights) await append(bytesAs('F64', part))
    for (const part of tokens) await append(new Uint8Array(part.buffer))
    const header = printSafetensorsHeader(
      {},
      [
        { name: statesTensors.head, type: 'F64', shape: [vocabulary, dimension] },
        { name: statesTensors.bias, type: 'F64', shape: [vocabulary] },
        { name: statesTensors.hidden, type, shape: [contexts, dimension] },
        ...(weighted ? [{ name: statesTensors.weights, type: 'F64', shape: [contexts] } as const] : []),
        { name: statesTensors.nextTokens, type: 'I32', shape: [contexts] },
      ],
      headerRoom,
    )
    if (header.length !== headerRoom) throw new Error('writeStates: there is no room for the header')
    await writeAt(draft, header, 0)
  })

const writeAt = async (file: FileHandle, bytes: Uint8Array, position: number): Promise<void> => {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
