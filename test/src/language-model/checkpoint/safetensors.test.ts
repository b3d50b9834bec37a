import fc from 'fast-check'
import { left, right } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

import { parseRun, printRun } from '../../../../src/language-model/checkpoint/run-codec.js'
import {
  type ElementType,
  float64Tensor,
  parseSafetensors,
  parseSafetensorsIndex,
  printSafetensors,
  printSafetensorsHeader,
  safetensorsHeaderEnd,
  type StoredTensor,
  tensorNumbers,
} from '../../../../src/language-model/checkpoint/safetensors.js'
import { beginTraining } from '../../../../src/language-model/training-run.js'
import { valueOf } from '../../../support/value-of.js'

const stored = (name: string, type: ElementType, shape: readonly number[], bytes: readonly number[]): StoredTensor => ({
  name,
  type,
  shape,
  bytes: Uint8Array.from(bytes),
})
const fileOf = (header: unknown, data: readonly number[] = []): Uint8Array => {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  return Uint8Array.from([text.length % 256, text.length >> 8, 0, 0, 0, 0, 0, 0, ...text, ...data])
}

describe('safetensors', () => {
  it('writes the bytes that the format says', () => {
    const bytes = printSafetensors({ metadata: {}, tensors: [stored('a', 'I8', [2], [7, 255])] })
    const header = '{"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]}}'
    const padded = header.padEnd(56)
    expect(Array.from(bytes)).toEqual([56, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(padded), 7, 255])
  })

  it('reads what it wrote: any numbers, names and metadata', () => {
    const tensor = fc
      .tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.array(fc.double(), { maxLength: 9 }))
      .filter(([name]) => name !== '__metadata__')
    fc.assert(
      fc.property(
        fc.uniqueArray(tensor, { selector: ([name]) => name, maxLength: 5 }),
        fc.dictionary(fc.string(), fc.string()),
        (pairs, metadata) => {
          const tensors = pairs.map(([name, numbers]) =>
            float64Tensor(name, [numbers.length], Float64Array.from(numbers)),
          )
          const read = valueOf(parseSafetensors(printSafetensors({ metadata, tensors })))
          expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(metadata).sort())
          // Tensors without numbers lie where others begin: their order is their own.
          const byName = (list: readonly StoredTensor[]) => new Map(list.map((each) => [each.name, each]))
          expect(byName(read.tensors)).toEqual(byName(tensors))
          for (const [name, numbers] of pairs) {
            const back = valueOf(tensorNumbers(byName(read.tensors).get(name)!))
            expect(back.every((value, index) => Object.is(value, numbers[index]))).toBe(true)
          }
        },
      ),
    )
  })

  it('reads the floating-point types to the last bit', () => {
    const numbers = (type: ElementType, bytes: readonly number[], count: number) =>
      Array.from(valueOf(tensorNumbers(stored('x', type, [count], bytes))))
    expect(numbers('F32', [0, 0, 128, 63, 1, 0, 0, 0], 2)).toEqual([1, 2 ** -149])
    expect(numbers('BF16', [128, 63, 128, 255], 2)).toEqual([1, -Infinity])
    expect(numbers('F16', [0, 60, 1, 0, 255, 123, 0, 252, 1, 128], 5)).toEqual([
      1,
      2 ** -24,
      65504,
      -Infinity,
      -(2 ** -24),
    ])
    expect(numbers('F16', [1, 124], 1)).toEqual([NaN])
    expect(tensorNumbers(stored('x', 'I64', [0], []))).toMatchObject(left({ kind: 'unsupported', where: 'tensor x' }))
  })

  it('takes tensors in any order of the header, without numbers, and without dimensions', () => {
    const bytes = fileOf(
      {
        b: { dtype: 'U8', shape: [], data_offsets: [2, 3] },
        a: { dtype: 'F16', shape: [1, 1], data_offsets: [0, 2] },
        none: { dtype: 'F64', shape: [0, 4], data_offsets: [3, 3] },
      },
      [1, 2, 3],
    )
    expect(valueOf(parseSafetensors(bytes)).tensors.map(({ name }) => name)).toEqual(['a', 'b', 'none'])
  })

  it('says from the first bytes alone what a file holds and where', () => {
    const tensors = [
      float64Tensor('long', [300], new Float64Array(300)),
      stored('short', 'I8', [3], [1, 2, 3]),
      stored('none', 'F16', [0, 7], []),
    ]
    const bytes = printSafetensors({ metadata: { a: 'b' }, tensors })
    const end = valueOf(safetensorsHeaderEnd(bytes.subarray(0, 8), bytes.length))
    const index = valueOf(parseSafetensorsIndex(bytes.subarray(0, end), bytes.length))
    expect(index.metadata).toEqual({ a: 'b' })
    expect(index.tensors).toEqual([
      { name: 'long', type: 'F64', shape: [300], start: end, end: end + 2400 },
      { name: 'short', type: 'I8', shape: [3], start: end + 2400, end: end + 2403 },
      { name: 'none', type: 'F16', shape: [0, 7], start: end + 2403, end: end + 2403 },
    ])
    expect(parseSafetensorsIndex(bytes.subarray(0, end), bytes.length - 1)).toMatchObject(
      left({ what: 'its tensors have 2403 bytes, and 2402 are there' }),
    )
    expect(() => parseSafetensorsIndex(bytes.subarray(0, end - 1), bytes.length)).toThrow('do not reach')
    const roomy = printSafetensorsHeader({ a: 'b' }, tensors, 1024)
    expect(roomy.length).toBe(1024)
    expect(valueOf(parseSafetensorsIndex(roomy, 1024 + 2403)).tensors[1]).toMatchObject({ start: 3424, end: 3427 })
  })

  const one = { dtype: 'F32', shape: [1], data_offsets: [0, 4] }
  it.each<readonly [string, Uint8Array, string]>([
    ['no header', Uint8Array.of(1, 2), 'it has 2 bytes'],
    ['a header beyond the end', Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 1), 'its header should have 9 bytes, of 1'],
    [
      'a header of 2^63 bytes',
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128),
      `its header should have ${2n ** 63n} bytes, of 0`,
    ],
    ['no JSON', fileOf('{"a"'), 'its header is no JSON'],
    ['a list', fileOf([]), 'its header is no JSON object'],
    ['a tensor that is none', fileOf({ a: 3 }), 'the header says of a not its type, shape and place'],
    ['a negative size', fileOf({ a: { ...one, shape: [-1] } }), 'the header says of a not its type, shape and place'],
    ['an unknown type', fileOf({ a: { ...one, dtype: 'toString' } }), 'a has the unknown type toString'],
    ['too few bytes', fileOf({ a: { ...one, shape: [2] } }, [0, 0, 0, 0]), 'a has 4 bytes for 2 of F32'],
    ['a gap', fileOf({ a: { ...one, data_offsets: [1, 5] } }, [0, 0, 0, 0, 0]), 'the bytes of a begin at 1, not at 0'],
    ['an overlap', fileOf({ a: one, b: one }, [0, 0, 0, 0]), 'the bytes of b begin at 0, not at 4'],
    ['a missing end', fileOf({ a: one }, [0, 0]), 'its tensors have 4 bytes, and 2 are there'],
    ['more bytes', fileOf({ a: one }, [0, 0, 0, 0, 0]), 'its tensors have 4 bytes, and 5 are there'],
    ['metadata that are no texts', fileOf({ __metadata__: { step: 1 } }), 'its metadata are no texts by name'],
  ])('refuses %s', (_, bytes, what) => {
    expect(parseSafetensors(bytes)).toMatchObject(left({ kind: 'malformed', where: 'safetensors', what }))
  })

  it('throws on a name twice and on bytes that do not fill the shape', () => {
    const tensor = float64Tensor('x', [1], Float64Array.of(1))
    expect(() => printSafetensors({ metadata: {}, tensors: [tensor, tensor] })).toThrow('the name x is taken')
    expect(() => printSafetensors({ metadata: {}, tensors: [{ ...tensor, shape: [2] }] })).toThrow(
      '8 bytes are no 2 of F64 for x',
    )
  })
})

describe('parseRun', () => {
  const run = valueOf(
    beginTraining(
      { kind: 'table', symbols: 2, contexts: 3, hidden: 1 },
      { steps: 10, seed: 1, learningRate: 0.1 + 0.2 },
    ),
  )
  const file = valueOf(parseSafetensors(printRun(run)))
  const changed = (metadata: Readonly<Record<string, string>>, tensors = file.tensors) =>
    parseRun(printSafetensors({ metadata: { ...file.metadata, ...metadata }, tensors }))

  it('gives the run back', () => {
    expect(parseRun(printRun(run))).toEqual(right(run))
    expect(file.tensors.map(({ name, shape }) => `${name} ${shape.join('x')}`)).toEqual([
      'states 3x1',
      'headWeights 2x1',
      'headBias 1x2',
      'optimiser.mean.states 3x1',
      'optimiser.mean.headWeights 2x1',
      'optimiser.mean.headBias 1x2',
      'optimiser.square.states 3x1',
      'optimiser.square.headWeights 2x1',
      'optimiser.square.headBias 1x2',
    ])
  })

  it.each<readonly [string, Readonly<Record<string, string>>, string]>([
    ['of something else', { format: 'pt' }, "its format is 'pt', not 'markovcat training 1'"],
    ['without an architecture', { architecture: '{}' }, 'its architecture cannot be read'],
    ['with an architecture that is no JSON', { architecture: 'table' }, 'its architecture cannot be read'],
    ['with settings that are none', { settings: '{"steps":1}' }, 'its settings cannot be read'],
    ['beyond its steps', { step: '11' }, 'it is after step 11 of 10'],
    [
      'of another size',
      { architecture: '{"kind":"table","symbols":2,"contexts":4,"hidden":1}' },
      'states is 3 x 1, not 4 x 1',
    ],
  ])('refuses a file %s', (_, metadata, what) => {
    expect(changed(metadata)).toMatchObject(left({ kind: 'malformed', what }))
  })

  it('refuses settings out of range, sizes out of range, and a missing matrix', () => {
    const settings = JSON.stringify({ ...run.settings, learningRate: -1 })
    expect(changed({ settings })).toMatchObject(left({ kind: 'out-of-range', where: 'learning rate' }))
    const architecture = '{"kind":"table","symbols":2,"contexts":0,"hidden":1}'
    expect(changed({ architecture })).toMatchObject(left({ kind: 'out-of-range', where: 'table, contexts' }))
    expect(changed({}, file.tensors.slice(0, 8))).toMatchObject(
      left({ kind: 'malformed', what: 'there is no tensor optimiser.square.headBias' }),
    )
  })
})
