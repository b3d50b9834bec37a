/** ONNX models read back from their bytes, by the definition of the format alone: none of the writer's code is used. */
import type {
  Attribute,
  Dimension,
  ElementType,
  Graph,
  Initialiser,
  Model,
  Node,
  Port,
} from '../../src/compile/onnx/model.js'

type Entry =
  | { readonly field: number; readonly type: 0; readonly value: bigint }
  | { readonly field: number; readonly type: 2; readonly value: Uint8Array }

/** The fields of a message in the order in which they were written. */
export const readFields = (bytes: Uint8Array): readonly Entry[] => {
  const entries: Entry[] = []
  let place = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[place++]
      if (byte === undefined || shift > 63n) throw new Error(`no varint before byte ${place}`)
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asIntN(64, value)
    }
  }
  while (place < bytes.length) {
    const tag = Number(varint())
    const [field, type] = [tag >> 3, tag & 7]
    if (type === 0) entries.push({ field, type, value: varint() })
    else if (type === 2) {
      const length = Number(varint())
      if (place + length > bytes.length) throw new Error(`field ${field} ends beyond its message`)
      entries.push({ field, type, value: bytes.subarray(place, place + length) })
      place += length
    } else throw new Error(`field ${field} is of wire type ${type}`)
  }
  return entries
}

const integersOf = (bytes: Uint8Array, field: number): readonly number[] =>
  readFields(bytes).flatMap((entry) => (entry.field === field && entry.type === 0 ? [Number(entry.value)] : []))
const messagesOf = (bytes: Uint8Array, field: number): readonly Uint8Array[] =>
  readFields(bytes).flatMap((entry) => (entry.field === field && entry.type === 2 ? [entry.value] : []))
const only = <A>(values: readonly A[]): A => {
  if (values.length !== 1) throw new Error(`a field occurs ${values.length} times`)
  return values[0]!
}
const integerOf = (bytes: Uint8Array, field: number): number => only(integersOf(bytes, field))
const messageOf = (bytes: Uint8Array, field: number): Uint8Array => only(messagesOf(bytes, field))
const utf8 = new TextDecoder('utf-8', { fatal: true })
const textsOf = (bytes: Uint8Array, field: number): readonly string[] =>
  messagesOf(bytes, field).map((text) => utf8.decode(text))
const textOf = (bytes: Uint8Array, field: number): string => only(textsOf(bytes, field))

export interface ReadModel {
  readonly irVersion: number
  readonly opset: number
  readonly model: Model
}

export const readModel = (bytes: Uint8Array): ReadModel => {
  const set = messageOf(bytes, 8)
  if (textOf(set, 1) !== '') throw new Error('the operator set is not that of the standard')
  return {
    irVersion: integerOf(bytes, 1),
    opset: integerOf(set, 2),
    model: {
      producer: textOf(bytes, 2),
      graph: readGraph(messageOf(bytes, 7)),
      metadata: Object.fromEntries(messagesOf(bytes, 14).map((entry) => [textOf(entry, 1), textOf(entry, 2)])),
    },
  }
}

const readGraph = (bytes: Uint8Array): Graph => ({
  name: textOf(bytes, 2),
  description: textOf(bytes, 10),
  nodes: messagesOf(bytes, 1).map(readNode),
  initialisers: messagesOf(bytes, 5).map(readTensor),
  inputs: messagesOf(bytes, 11).map(readPort),
  outputs: messagesOf(bytes, 12).map(readPort),
})

const readNode = (bytes: Uint8Array): Node => ({
  operator: textOf(bytes, 4),
  name: textOf(bytes, 3),
  inputs: textsOf(bytes, 1),
  outputs: textsOf(bytes, 2),
  attributes: messagesOf(bytes, 5).map(readAttribute),
})

const readAttribute = (bytes: Uint8Array): Attribute => {
  const name = textOf(bytes, 1)
  const kind = integerOf(bytes, 20)
  switch (kind) {
    case 2:
      return { kind: 'integer', name, value: integerOf(bytes, 3) }
    case 3:
      return { kind: 'text', name, value: textOf(bytes, 4) }
    case 5:
      return { kind: 'graph', name, value: readGraph(messageOf(bytes, 6)) }
    case 7:
      return { kind: 'integers', name, values: integersOf(bytes, 8) }
    default:
      throw new Error(`attribute ${name} is of kind ${kind}`)
  }
}

const elementType = (number: number): ElementType => {
  if (number === 1) return 'float32'
  if (number === 7) return 'int64'
  if (number === 9) return 'bool'
  throw new Error(`elements of type ${number}`)
}

const readTensor = (bytes: Uint8Array): Initialiser => {
  const type = elementType(integerOf(bytes, 2))
  const raw = messageOf(bytes, 9)
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length)
  const width = { float32: 4, int64: 8, bool: 1 }[type]
  return {
    name: textOf(bytes, 8),
    type,
    dimensions: integersOf(bytes, 1),
    entries: Array.from({ length: raw.length / width }, (_, k) =>
      type === 'float32'
        ? view.getFloat32(width * k, true)
        : type === 'int64'
          ? Number(view.getBigInt64(width * k, true))
          : view.getUint8(k),
    ),
  }
}

const readPort = (bytes: Uint8Array): Port => {
  const tensorType = messageOf(messageOf(bytes, 2), 1)
  return {
    name: textOf(bytes, 1),
    type: elementType(integerOf(tensorType, 1)),
    dimensions: messagesOf(messageOf(tensorType, 2), 1).map((dimension): Dimension => {
      const [size] = integersOf(dimension, 1)
      return size ?? textOf(dimension, 2)
    }),
    description: textOf(bytes, 3),
  }
}
