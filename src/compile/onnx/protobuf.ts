/**
 * Protocol buffers, as much as a model needs: varints, 32-bit floats and length-delimited fields.
 *
 * A message is a list of byte runs with their total length, so that the numbers of a large tensor are copied once, into the file.
 *
 * Source: "Encoding", Protocol Buffers documentation.
 */

/** Bytes in order; a field, or fields one after another. */
export interface Fields {
  readonly length: number
  readonly runs: readonly Uint8Array[]
}

const varintType = 0
const lengthDelimitedType = 2
const fixed32Type = 5

const ofBytes = (bytes: Uint8Array): Fields => ({ length: bytes.length, runs: [bytes] })

/** Fields one after another. */
export const fields = (...parts: readonly Fields[]): Fields => ({
  length: parts.reduce((length, part) => length + part.length, 0),
  runs: parts.flatMap(({ runs }) => runs),
})

/** Seven bits a byte, the lowest first; negative numbers as 64 bits of two's complement. */
const varintBytes = (value: number): readonly number[] => {
  if (!Number.isSafeInteger(value)) throw new Error(`protobuf: ${value} is no integer that a double holds`)
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  bytes.push(Number(rest))
  return bytes
}

const tag = (field: number, type: number): readonly number[] => varintBytes(field * 8 + type)

export const integer = (field: number, value: number): Fields =>
  ofBytes(Uint8Array.from([...tag(field, varintType), ...varintBytes(value)]))

export const float = (field: number, value: number): Fields => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setFloat32(0, value, true)
  return ofBytes(Uint8Array.from([...tag(field, fixed32Type), ...bytes]))
}

/** A field that holds other fields. */
export const message = (field: number, content: Fields): Fields =>
  fields(ofBytes(Uint8Array.from([...tag(field, lengthDelimitedType), ...varintBytes(content.length)])), content)

export const bytes = (field: number, content: Uint8Array): Fields => message(field, ofBytes(content))

const utf8 = new TextEncoder()
export const text = (field: number, content: string): Fields => bytes(field, utf8.encode(content))

/** A field once for each value. */
export const repeated = <A>(values: readonly A[], write: (value: A) => Fields): Fields => fields(...values.map(write))

/** Fields as one run of bytes. */
export const toBytes = ({ length, runs }: Fields): Uint8Array => {
  const whole = new Uint8Array(length)
  let place = 0
  for (const run of runs) {
    whole.set(run, place)
    place += run.length
  }
  return whole
}
