/**
 * The safetensors format: the length of a header in 8 bytes, the header in JSON, and the raw numbers of all tensors, little-endian.
 *
 * Source: the format's specification at github.com/huggingface/safetensors. Nothing here reads or writes a file.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

import { problem, type Problem } from '../../../dsl/problem.js'

/** Bytes an element. */
const elementSizes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const

export type ElementType = keyof typeof elementSizes

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

const isElementType = (name: string): name is ElementType => Object.hasOwn(elementSizes, name)

const bytesOf = (type: ElementType, shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, elementSizes[type])

/** A file's bytes. The numbers begin at a multiple of eight. Two tensors of one name, or bytes that do not fill a shape, throw. */
export const printSafetensors = ({ metadata, tensors }: SafetensorsFile): Uint8Array => {
  let end = 0
  const header: Record<string, unknown> = Object.keys(metadata).length === 0 ? {} : { [metadataKey]: metadata }
  for (const { name, type, shape, bytes } of tensors) {
    if (Object.hasOwn(header, name) || name === metadataKey) throw new Error(`safetensors: the name ${name} is taken`)
    if (bytes.length !== bytesOf(type, shape))
      throw new Error(`safetensors: ${bytes.length} bytes are no ${shape.join(' x ')} of ${type} for ${name}`)
    const entry = { dtype: type, shape, data_offsets: [end, (end += bytes.length)] }
    Object.defineProperty(header, name, { value: entry, enumerable: true })
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const headerLength = Math.ceil(text.length / 8) * 8
  const result = new Uint8Array(8 + headerLength + end)
  new DataView(result.buffer).setBigUint64(0, BigInt(headerLength), true)
  // The format pads with spaces.
  result.fill(0x20, 8, 8 + headerLength)
  result.set(text, 8)
  let at = 8 + headerLength
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
export const parseSafetensors = (bytes: Uint8Array): Either<Problem, SafetensorsFile> => {
  const header = headerOf(bytes)
  if (isLeft(header)) return header
  const { entries, data } = header.right
  const metadata = metadataCodec.decode(entries.find(([name]) => name === metadataKey)?.[1] ?? {})
  if (isLeft(metadata)) return malformed('its metadata are no texts by name')
  const tensors: { readonly start: number; readonly end: number; readonly tensor: StoredTensor }[] = []
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
    tensors.push({ start, end, tensor: { name, type, shape, bytes: data.subarray(start, end) } })
  }
  tensors.sort((a, b) => a.start - b.start || a.end - b.end)
  let end = 0
  for (const { start, end: last, tensor } of tensors) {
    if (start !== end) return malformed(`the bytes of ${tensor.name} begin at ${start}, not at ${end}`)
    end = last
  }
  return end === data.length
    ? right({ metadata: metadata.right, tensors: tensors.map(({ tensor }) => tensor) })
    : malformed(`its tensors have ${end} bytes, and ${data.length} are there`)
}

interface Header {
  readonly entries: readonly (readonly [string, unknown])[]
  readonly data: Uint8Array
}

const headerOf = (bytes: Uint8Array): Either<Problem, Header> => {
  if (bytes.length < 8) return malformed(`it has ${bytes.length} bytes`)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (length > BigInt(Math.min(longestHeader, bytes.length - 8)))
    return malformed(`its header should have ${length} bytes, of ${bytes.length - 8}`)
  const end = 8 + Number(length)
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, end)))
    if (typeof header !== 'object' || header === null || Array.isArray(header))
      return malformed('its header is no JSON object')
    return right({ entries: Object.entries(header), data: bytes.subarray(end) })
  } catch {
    return malformed('its header is no JSON')
  }
}

/** A tensor of float64 numbers. */
export const float64Tensor = (name: string, shape: readonly number[], numbers: Float64Array): StoredTensor => {
  const bytes = new Uint8Array(8 * numbers.length)
  const view = new DataView(bytes.buffer)
  numbers.forEach((value, index) => {
    view.setFloat64(8 * index, value, true)
  })
  return { name, type: 'F64', shape, bytes }
}

/** The numbers of a tensor of floating-point numbers, which float64 holds exactly. Errors: `unsupported` for other types. */
export const tensorNumbers = ({ name, type, bytes }: StoredTensor): Either<Problem, Float64Array> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const numbers = (read: (at: number) => number): Either<Problem, Float64Array> =>
    right(
      Float64Array.from({ length: bytes.length / elementSizes[type] }, (_, index) => read(elementSizes[type] * index)),
    )
  switch (type) {
    case 'F64':
      return numbers((at) => view.getFloat64(at, true))
    case 'F32':
      return numbers((at) => view.getFloat32(at, true))
    case 'F16':
      return numbers((at) => halfPrecision(view.getUint16(at, true)))
    case 'BF16': {
      // The upper half of a float32.
      const word = new DataView(new ArrayBuffer(4))
      return numbers((at) => {
        word.setUint16(2, view.getUint16(at, true), true)
        return word.getFloat32(0, true)
      })
    }
    default:
      return left(
        problem('unsupported', `tensor ${name}`, `it has numbers of type ${type}`, 'store F64, F32, F16 or BF16'),
      )
  }
}

/** The number that 16 bits mean in IEEE 754. */
const halfPrecision = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25)
}
