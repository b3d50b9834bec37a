/**
 * ONNX models as data, and the bytes of one: the subset of the format that plans are lowered to.
 *
 *     Model -> Graph -> Node, Initialiser, Port
 *
 * Numbers in `field(...)` calls are those of the format's definition; fields are written in their order, as the reference
 * implementation writes them.
 *
 * Source: onnx/onnx.proto of the ONNX project, IR version 8.
 */
import { bytes, type Fields, fields, integer, message, repeated, text, toBytes } from './protobuf.js'

/** The version of the operator set, and of the format that it came with: the lowest that has what is used, so most runtimes read it. */
export const opset = 17
export const irVersion = 8

/** Coordinates and probabilities are float32, element numbers int64; loops have conditions, 1 for true. */
export type ElementType = 'float32' | 'int64' | 'bool'

/** A size, or the name of one that is known only when the model runs. */
export type Dimension = number | string

/** A tensor of constants: whole numbers where the type is int64 or bool. */
export interface Initialiser {
  readonly name: string
  readonly type: ElementType
  readonly dimensions: readonly number[]
  readonly entries: ArrayLike<number>
}

export type Attribute =
  | { readonly kind: 'integer'; readonly name: string; readonly value: number }
  | { readonly kind: 'integers'; readonly name: string; readonly values: readonly number[] }
  | { readonly kind: 'text'; readonly name: string; readonly value: string }
  | { readonly kind: 'graph'; readonly name: string; readonly value: Graph }

export interface Node {
  readonly operator: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: readonly Attribute[]
}

/** An input or an output of a graph. */
export interface Port {
  readonly name: string
  readonly type: ElementType
  readonly dimensions: readonly Dimension[]
  /** What it is, for people. */
  readonly description: string
}

export interface Graph {
  readonly name: string
  readonly description: string
  /** In an order in which each node's inputs come before it. */
  readonly nodes: readonly Node[]
  readonly initialisers: readonly Initialiser[]
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
}

export interface Model {
  readonly producer: string
  readonly graph: Graph
  /** Texts by name, for programs that read the model. */
  readonly metadata: Readonly<Record<string, string>>
}

/** The bytes of a model: what an .onnx file holds. */
export const modelBytes = ({ producer, graph, metadata }: Model): Uint8Array =>
  toBytes(
    fields(
      integer(1, irVersion),
      text(2, producer),
      message(7, graphFields(graph)),
      // The operator set of the standard, whose domain is the empty name.
      message(8, fields(text(1, ''), integer(2, opset))),
      repeated(Object.entries(metadata), ([key, value]) => message(14, fields(text(1, key), text(2, value)))),
    ),
  )

const graphFields = ({ name, description, nodes, initialisers, inputs, outputs }: Graph): Fields =>
  fields(
    repeated(nodes, (node) => message(1, nodeFields(node))),
    text(2, name),
    repeated(initialisers, (initialiser) => message(5, tensorFields(initialiser))),
    text(10, description),
    repeated(inputs, (port) => message(11, portFields(port))),
    repeated(outputs, (port) => message(12, portFields(port))),
  )

const nodeFields = ({ operator, name, inputs, outputs, attributes }: Node): Fields =>
  fields(
    repeated(inputs, (input) => text(1, input)),
    repeated(outputs, (output) => text(2, output)),
    text(3, name),
    text(4, operator),
    repeated(attributes, (attribute) => message(5, attributeFields(attribute))),
  )

const attributeFields = (attribute: Attribute): Fields => {
  const { kind, name } = attribute
  switch (kind) {
    case 'integer':
      return fields(text(1, name), integer(3, attribute.value), integer(20, 2))
    case 'text':
      return fields(text(1, name), text(4, attribute.value), integer(20, 3))
    case 'graph':
      return fields(text(1, name), message(6, graphFields(attribute.value)), integer(20, 5))
    case 'integers':
      return fields(
        text(1, name),
        repeated(attribute.values, (value) => integer(8, value)),
        integer(20, 7),
      )
  }
}

/** Their numbers in the format. */
export const elementTypes: Readonly<Record<ElementType, number>> = { float32: 1, int64: 7, bool: 9 }

const tensorFields = ({ name, type, dimensions, entries }: Initialiser): Fields =>
  fields(
    repeated(dimensions, (size) => integer(1, size)),
    integer(2, elementTypes[type]),
    text(8, name),
    bytes(9, entryBytes(type, entries)),
  )

/** Entries in the little-endian form of the format. */
const entryBytes = (type: ElementType, entries: ArrayLike<number>): Uint8Array => {
  const count = entries.length
  if (type === 'bool') return Uint8Array.from(entries)
  const width = type === 'float32' ? 4 : 8
  const view = new DataView(new ArrayBuffer(count * width))
  if (type === 'float32') for (let k = 0; k < count; k++) view.setFloat32(4 * k, entries[k]!, true)
  else for (let k = 0; k < count; k++) view.setBigInt64(8 * k, BigInt(entries[k]!), true)
  return new Uint8Array(view.buffer)
}

const portFields = ({ name, type, dimensions, description }: Port): Fields => {
  const dimension = (size: Dimension): Fields => message(1, typeof size === 'number' ? integer(1, size) : text(2, size))
  const shape = repeated(dimensions, dimension)
  const tensorType = fields(integer(1, elementTypes[type]), message(2, shape))
  return fields(text(1, name), message(2, message(1, tensorType)), text(3, description))
}
