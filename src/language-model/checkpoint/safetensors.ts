/**
 * The safetensors format: the length of a header in 8 bytes, the header in JSON, and the raw numbers of all tensors, little-endian.
 *
 * Source: the format's specification at github.com/huggingface/safetensors. Nothing here reads or writes a file.
 */
import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

import { problem, type Problem } from '../../../dsl/problem.js'
import { bytesAs, elementSizes, type ElementType, floatsFrom, isElementType, isFloatType } from './element-type.js'

export type { ElementType } from './element-type.js'

/** A tensor as it is stored, row-major. */
export interface StoredTensor {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>
  /** In the order of their numbers in the file. */
  readonly tensors: readonly StoredTensor[]
}

/** A tensor that was not read: its numbers are the bytes of the file from `start` up to `end`. */
export interface IndexedTensor extends Omit<StoredTensor, 'bytes'> {
  readonly start: number
  readonly end: number
}

/** What a file holds and where. */
export interface SafetensorsIndex {
  readonly metadata: Readonly<Record<string, string>>
  /** In the order of their numbers in the file. */
  readonly tensors: readonly IndexedTensor[]
}

/** The format's own limit. */
const longestHeader = 100_000_000
const metadataKey = '__metadata__'

const size = t.refinement(t.number, (value) => Number.isSafeInteger(value) && value >= 0, 'a whole number')
const entryCodec = t.type({
  dtype: t.string,
  shape: t.array(size),
  data_offsets: t.tuple([size, size]),
})
const metadataCodec = t.record(t.string, t.string)

const bytesOf = (type: ElementType, shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, elementSizes[type])

/**
 * The first bytes of a file, up to the numbers, which begin at a multiple of eight and follow in the order of the tensors; at least so
 * many as are asked for. Two tensors of one name throw.
 */
export const printSafetensorsHeader = (
  metadata: Readonly<Record<string, string>>,
  tensors: readonly Omit<StoredTensor, 'bytes'>[],
  least = 0,
): Uint8Array => {
  let end = 0
  const header: Record<string, unknown> = Object.keys(metadata).length === 0 ? {} : { [metadataKey]: metadata }
  for (const { name, type, shape } of tensors) {
    if (Object.hasOwn(header, name) || name === metadataKey) throw new Error(`safetensors: the name ${name} is taken`)
    const entry = { dtype: type, shape, data_offsets: [end, (end += bytesOf(type, shape))] }
    Object.defineProperty(header, name, { value: entry, enumerable: true })
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const length = Math.max(Math.ceil(text.length / 8), Math.ceil(least / 8) - 1) * 8
  const result = new Uint8Array(8 + length)
  new DataView(result.buffer).setBigUint64(0, BigInt(length), true)
  // The format pads with spaces.
  result.fill(0x20, 8)
  result.set(text, 8)
  return result
}

/** A file's bytes. Two tensors of one name, or bytes that do not fill a shape, throw. */
export const printSafetensors = ({ metadata, tensors }: SafetensorsFile): Uint8Array => {
  const header = printSafetensorsHeader(metadata, tensors)
  for (const { name, type, shape, bytes } of tensors)
    if (bytes.length !== bytesOf(type, shape))
      throw new Error(`safetensors: ${bytes.length} bytes are no ${shape.join(' x ')} of ${type} for ${name}`)
  const result = new Uint8Array(tensors.reduce((length, { bytes }) => length + bytes.length, header.length))
  result.set(header)
  let at = header.length
  for (const { bytes } of tensors) {
    result.set(bytes, at)
    at += bytes.length
  }
  return result
}

const malformed = (what: string): Either<Problem, never> =>
  left(problem('malformed', 'safetensors', what, 'give a whole file of the safetensors format'))

/**
 * A file from its bytes, which the tensors go on sharing.
 *
 * Errors: `malformed` where the header is none, a tensor has an unknown type or other bytes than its shape asks for, or the tensors
 * leave a gap, overlap, or do not end with the file.
 *
 * @example
 * const file = { metadata: { step: '3' }, tensors: [float64Tensor('x', [2], Float64Array.of(1, 0.5))] }
 * const read = toUnion(parseSafetensors(printSafetensors(file)))
 * 'tensors' in read && read.tensors.map(({ name, shape }) => [name, shape]) // => [['x', [2]]]
 */
export const parseSafetensors = (bytes: Uint8Array): Either<Problem, SafetensorsFile> =>
  map(({ metadata, tensors }: SafetensorsIndex) => ({
    metadata,
    tensors: tensors.map(({ start, end, ...tensor }): StoredTensor => ({
      ...tensor,
      bytes: bytes.subarray(start, end),
    })),
  }))(parseSafetensorsIndex(bytes, bytes.length))

/**
 * How many bytes of a file of `size` bytes come before the numbers, from its first eight.
 *
 * Errors: `malformed` where there are not eight, or the header would not end with the file.
 */
export const safetensorsHeaderEnd = (first: Uint8Array, size: number): Either<Problem, number> => {
  if (size < 8 || first.length < 8) return malformed(`it has ${size} bytes`)
  const length = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true)
  return length > BigInt(Math.min(longestHeader, size - 8))
    ? malformed(`its header should have ${length} bytes, of ${size - 8}`)
    : right(8 + Number(length))
}

/**
 * What a file of `size` bytes holds and where, from its first bytes, which must reach to the end of its header.
 *
 * Errors: as for `parseSafetensors`.
 *
 * @example
 * const bytes = printSafetensors({ metadata: {}, tensors: [float64Tensor('x', [2], Float64Array.of(1, 0.5))] })
 * toUnion(parseSafetensorsIndex(bytes.subarray(0, 64), bytes.length)).tensors
 * // => [{ name: 'x', type: 'F64', shape: [2], start: 64, end: 80 }]
 */
export const parseSafetensorsIndex = (first: Uint8Array, size: number): Either<Problem, SafetensorsIndex> => {
  const header = headerOf(first, size)
  if (isLeft(header)) return header
  const { entries, begin } = header.right
  const metadata = metadataCodec.decode(entries.find(([name]) => name === metadataKey)?.[1] ?? {})
  if (isLeft(metadata)) return malformed('its metadata are no texts by name')
  const tensors: IndexedTensor[] = []
  for (const [name, value] of entries) {
    if (name === metadataKey) continue
    const entry = entryCodec.decode(value)
    if (isLeft(entry)) return malformed(`the header says of ${name} not its type, shape and place`)
    const {
      dtype: type,
      shape,
      data_offsets: [start, end],
    } = entry.right
    if (!isElementType(type)) return malformed(`${name} has the unknown type ${type}`)
    if (end - start !== bytesOf(type, shape))
      return malformed(`${name} has ${end - start} bytes for ${shape.join(' x ')} of ${type}`)
    tensors.push({ name, type, shape, start: begin + start, end: begin + end })
  }
  tensors.sort((a, b) => a.start - b.start || a.end - b.end)
  let end = begin
  for (const { name, start, end: last } of tensors) {
    if (start !== end) return malformed(`the bytes of ${name} begin at ${start - begin}, not at ${end - begin}`)
    end = last
  }
  return end === size
    ? right({ metadata: metadata.right, tensors })
    : malformed(`its tensors have ${end - begin} bytes, and ${size - begin} are there`)
}

interface Header {
  readonly entries: readonly (readonly [string, unknown])[]
  /** Where the numbers begin. */
  readonly begin: number
}

const headerOf = (first: Uint8Array, size: number): Either<Problem, Header> => {
  const begin = safetensorsHeaderEnd(first, size)
  if (isLeft(begin)) return begin
  if (first.length < begin.right) throw new Error('safetensors: the first bytes do not reach to the end of the header')
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(first.subarray(8, begin.right))
    const header: unknown = JSON.parse(text)
    if (typeof header !== 'object' || header === null || Array.isArray(header))
      return malformed('its header is no JSON object')
    return right({ entries: Object.entries(header), begin: begin.right })
  } catch {
    return malformed('its header is no JSON')
  }
}

/** A tensor of float64 numbers. */
export const float64Tensor = (name: string, shape: readonly number[], numbers: Float64Array): StoredTensor => ({
  name,
  type: 'F64',
  shape,
  bytes: bytesAs('F64', numbers),
})

/** The numbers of a tensor of floating-point numbers, which float64 holds exactly. Errors: `unsupported` for other types. */
export const tensorNumbers = ({ name, type, bytes }: StoredTensor): Either<Problem, Float64Array> => {
  if (!isFloatType(type))
    return left(
      problem('unsupported', `tensor ${name}`, `it has numbers of type ${type}`, 'store F64, F32, F16 or BF16'),
    )
  const numbers = floatsFrom(type, bytes)
  return right(numbers instanceof Float64Array ? numbers : Float64Array.from(numbers))
}
