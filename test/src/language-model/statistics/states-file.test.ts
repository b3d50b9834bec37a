import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { isLeft, left } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { bytesAs } from '../../../../src/language-model/checkpoint/element-type.js'
import {
  type ElementType,
  parseSafetensors,
  printSafetensors,
  type StoredTensor,
  tensorNumbers,
} from '../../../../src/language-model/checkpoint/safetensors.js'
import type { Chunk } from '../../../../src/language-model/statistics/chunk-sums.js'
import { openStates } from '../../../../src/language-model/statistics/states-file.js'
import type { StatisticsShape } from '../../../../src/language-model/statistics/statistics.js'
import { writeStates } from '../../../../src/language-model/statistics/write-states.js'
import { valueOf } from '../../../support/value-of.js'
import { chunkOf, headFor, temporaryFolder } from './support.js'

const folder = temporaryFolder()
const shape: StatisticsShape = { dimension: 3, vocabulary: 5 }
const head = headFor(shape)

const read = async (chunks: AsyncIterable<Chunk>): Promise<readonly Chunk[]> => {
  const all: Chunk[] = []
  for await (const chunk of chunks) all.push(chunk)
  return all
}

describe('a file of hidden states', () => {
  test('gives back what was written, in chunks of its own', async () => {
    const path = join(folder, 'states.safetensors')
    const parts = [3000, 1096, 4096, 5].map((contexts, number) => chunkOf(shape, number, contexts, number !== 1))
    valueOf(await writeStates(path, shape, head, parts))
    const states = valueOf(await openStates(path))
    expect(states).toMatchObject({ path, shape, head, contexts: 8197, chunkLength: 4096, chunkCount: 3 })
    const chunks = await read(states.chunks())
    expect(chunks.map(({ number, targets }) => [number, targets.length])).toEqual([
      [0, 4096],
      [1, 4096],
      [2, 5],
    ])
    const joined = (of: (chunk: Chunk) => ArrayLike<number>, list: readonly Chunk[]): number[] =>
      list.flatMap((chunk) => Array.from(of(chunk)))
    expect(joined(({ hidden }) => hidden, chunks)).toEqual(joined(({ hidden }) => hidden, parts))
    expect(joined(({ targets }) => targets, chunks)).toEqual(joined(({ targets }) => targets, parts))
    const weights = joined((chunk) => chunk.weights ?? [], chunks)
    expect(weights).toEqual(joined(({ targets, weights: own }) => own ?? Array.from(targets, () => 1), parts))
    expect(await read(states.chunks(1, 3))).toEqual(chunks.slice(1))
    expect(await read(states.chunks(2, 2))).toEqual([])
    await expect(read(states.chunks(0, 4))).rejects.toThrow('no chunks from 0 to 4 among 3')
    expect(await states.contentHash()).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'))
    expect(await read(states.chunks(2))).toEqual(chunks.slice(2))
    await states.close()
    expect(readdirSync(folder)).toEqual(['states.safetensors'])
  })

  test.each(['F16', 'BF16', 'F32', 'F64'] as const)('of %s: no weights, states rounded to the type', async (type) => {
    const path = join(folder, `${type}.safetensors`)
    const chunk = chunkOf(shape, 0, 70)
    valueOf(await writeStates(path, shape, head, [chunk], { type }))
    const states = valueOf(await openStates(path))
    const [found] = await read(states.chunks())
    await states.close()
    const relative = { F16: 2 ** -11, BF16: 2 ** -8, F32: 0, F64: 0 }[type]
    expect(found!.weights).toBeUndefined()
    expect(found!.hidden).toBeInstanceOf(type === 'F64' ? Float64Array : Float32Array)
    chunk.hidden.forEach((entry, place) => {
      expect(Math.abs(found!.hidden[place]! - entry)).toBeLessThanOrEqual(relative * Math.abs(entry))
    })
  })

  const tensor = (name: string, type: ElementType, sizes: readonly number[], bytes: Uint8Array): StoredTensor => ({
    name,
    type,
    shape: sizes,
    bytes,
  })
  const floats = (name: string, sizes: readonly number[], entries: readonly number[]): StoredTensor =>
    tensor(name, 'F32', sizes, bytesAs('F32', Float32Array.from(entries)))
  const hidden = floats('hidden', [2, 1], [1, -1])
  const next = tensor('next_tokens', 'I64', [2], Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
  const weight = floats('head.weight', [2, 1], [1, 0])
  const written = (name: string, tensors: readonly StoredTensor[]): string => {
    const path = join(folder, `${name}.safetensors`)
    writeFileSync(path, printSafetensors({ metadata: { a: 'b' }, tensors }))
    return path
  }

  test('of other programs: any order, more tensors, tokens of any whole numbers, at any offset, without a bias', async () => {
    const tokens: readonly (readonly [ElementType, readonly number[]])[] = [
      ['U8', [1, 0]],
      ['I8', [1, 0]],
      ['U16', [1, 0, 0, 0]],
      ['I16', [1, 0, 0, 0]],
      ['U32', [1, 0, 0, 0, 0, 0, 0, 0]],
      ['I32', [1, 0, 0, 0, 0, 0, 0, 0]],
      ['U64', [1, ...Array<number>(15).fill(0)]],
      ['I64', [1, ...Array<number>(15).fill(0)]],
    ]
    for (const [type, bytes] of tokens) {
      const odd = tensor('odd', 'U8', [3], Uint8Array.of(1, 2, 3))
      const path = written('other', [odd, tensor('next_tokens', type, [2], Uint8Array.from(bytes)), weight, hidden])
      const states = valueOf(await openStates(path))
      expect(states.head).toEqual({ weights: Float64Array.of(1, 0), bias: new Float64Array(2) })
      expect(await read(states.chunks())).toEqual([
        { number: 0, hidden: Float32Array.of(1, -1), targets: Float64Array.of(1, 0) },
      ])
      await states.close()
    }
  })

  test.each<readonly [string, readonly StoredTensor[], string, string, string]>([
    ['no hidden', [next, weight], 'malformed', 'safetensors', 'it has no tensor hidden, but next_tokens, head.weight'],
    [
      'no tokens',
      [hidden, weight],
      'malformed',
      'safetensors',
      'it has no tensor next_tokens, but hidden, head.weight',
    ],
    ['no head', [hidden, next], 'malformed', 'safetensors', 'it has no tensor head.weight, but hidden, next_tokens'],
    ['rank', [floats('hidden', [2], [1, 2]), next, weight], 'malformed', 'hidden', 'it is 2'],
    ['empty', [floats('hidden', [0, 1], []), next, weight], 'empty-input', 'hidden', 'it is 0 x 1'],
    [
      'another dimension',
      [hidden, next, floats('head.weight', [2, 2], [1, 0, 0, 1])],
      'malformed',
      'head.weight',
      'it is 2 x 2, beside hidden states of 1 coordinates',
    ],
    ['one token', [hidden, next, floats('head.weight', [1, 1], [1])], 'out-of-range', 'head.weight', 'it is 1 x 1'],
    [
      'fewer tokens',
      [hidden, tensor('next_tokens', 'U8', [1], Uint8Array.of(0)), weight],
      'malformed',
      'next_tokens',
      'it is 1, beside 2 hidden states',
    ],
    [
      'a bias of another size',
      [hidden, next, weight, floats('head.bias', [1], [0])],
      'malformed',
      'head.bias',
      'it is 1, beside a vocabulary of 2',
    ],
    [
      'weights of another size',
      [hidden, next, weight, floats('weights', [1, 2], [1, 1])],
      'malformed',
      'weights',
      'it is 1 x 2, beside 2 hidden states',
    ],
    [
      'tokens that are no whole numbers',
      [hidden, floats('next_tokens', [2], [0, 1]), weight],
      'unsupported',
      'next_tokens',
      'it has numbers of type F32',
    ],
    [
      'states that are whole numbers',
      [tensor('hidden', 'U8', [2, 1], Uint8Array.of(0, 1)), next, weight],
      'unsupported',
      'hidden',
      'it has numbers of type U8',
    ],
    [
      'a head that is not finite',
      [hidden, next, floats('head.weight', [2, 1], [Infinity, 0])],
      'invalid-value',
      'head.weight',
      'it has a number that is not finite',
    ],
  ])('is refused for %s', async (name, tensors, kind, where, what) => {
    const path = written(name, tensors)
    expect(await openStates(path)).toMatchObject(left({ kind, where: `${path}, ${where}`, what }))
  })

  test('is refused where it is missing, no file, no safetensors, or cut off', async () => {
    const missing = await openStates(join(folder, 'none.safetensors'))
    expect(isLeft(missing) && missing.left).toMatchObject({ kind: 'file', what: expect.stringContaining('ENOENT') })
    mkdirSync(join(folder, 'folder'))
    expect(await openStates(join(folder, 'folder'))).toMatchObject(left({ kind: 'file' }))
    const path = written('cut', [hidden, next, weight])
    truncateSync(path, readFileSync(path).length - 1)
    expect(await openStates(path)).toMatchObject(
      left({ kind: 'malformed', where: `${path}, safetensors`, what: 'its tensors have 32 bytes, and 31 are there' }),
    )
    writeFileSync(path, 'hello')
    expect(await openStates(path)).toMatchObject(left({ kind: 'malformed', what: 'it has 5 bytes' }))
    writeFileSync(path, 'hello, world: a text')
    expect(await openStates(path)).toMatchObject(left({ kind: 'malformed' }))
  })

  test('that shrinks while it is read says so', async () => {
    const path = join(folder, 'shrinks.safetensors')
    valueOf(await writeStates(path, shape, head, [chunkOf(shape, 0, 9000)]))
    const states = valueOf(await openStates(path))
    truncateSync(path, 50_000)
    await expect(read(states.chunks())).rejects.toThrow('it was changed while it was read')
    await states.close()
  })

  test('that cannot be written leaves nothing behind', async () => {
    const other = join(folder, 'empty')
    mkdirSync(other)
    const broken = writeStates(join(other, 'x'), shape, head, [{ ...chunkOf(shape, 0, 4), targets: [1] }])
    expect(await broken).toMatchObject(left({ kind: 'file', what: 'writeStates: 12 numbers are no 1 hidden states' }))
    expect(await writeStates(join(other, 'none', 'x'), shape, head, [])).toMatchObject(left({ kind: 'file' }))
    expect(readdirSync(other)).toEqual([])
  })

  test('is a safetensors file like any other', async () => {
    const path = join(folder, 'plain.safetensors')
    valueOf(await writeStates(path, shape, head, [chunkOf(shape, 0, 5, true)]))
    const { tensors } = valueOf(parseSafetensors(readFileSync(path)))
    expect(tensors.map(({ name, type, shape: sizes }) => [name, type, sizes])).toEqual([
      ['head.weight', 'F64', [5, 3]],
      ['head.bias', 'F64', [5]],
      ['hidden', 'F32', [5, 3]],
      ['weights', 'F64', [5]],
      ['next_tokens', 'I32', [5]],
    ])
    expect(valueOf(tensorNumbers(tensors[0]!))).toEqual(head.weights)
  })
})
