/**
 * ONNX graphs built node after node. A node that has been written before is not written again, and what no output needs is left out.
 */
import type { Attribute, Dimension, ElementType, Graph, Initialiser, Node, Port } from './model.js'

/** A size of a tensor: a number, or that many times the size of the batch, which is known only when the graph runs. */
export interface Extent {
  readonly size: number
  readonly batched: boolean
}

export type Shape = readonly Extent[]

/** A tensor of a graph. */
export interface Value {
  readonly name: string
  readonly type: ElementType
  readonly shape: Shape
  /** The value that it is another shape of. */
  readonly origin?: Value
}

export interface GraphBuilder {
  readonly input: (name: string, type: ElementType, shape: Shape, description: string) => Value
  /** Numbers under a name of their own; they are asked for only if an output needs them. */
  readonly initialiser: (
    name: string,
    type: ElementType,
    sizes: readonly number[],
    entries: () => ArrayLike<number>,
  ) => Value
  /** A few numbers that the graph itself needs. */
  readonly constant: (type: ElementType, sizes: readonly number[], entries: readonly number[]) => Value
  readonly node: (
    operator: string,
    inputs: readonly Value[],
    result: { readonly type: ElementType; readonly shape: Shape },
    attributes?: readonly Attribute[],
  ) => Value
  /**
   * The sum of what `body` makes at each time from 0 to `count` - 1, beginning with the zeros that `zeros` makes for the first term. The
   * nodes of the body are a graph within a node, which reads values of the graph around it.
   */
  readonly loop: (count: number, body: (time: Value) => Value, zeros: (term: Value) => Value) => Value
  /** Gives the name that the output has got. */
  readonly output: (name: string, value: Value, description: string) => string
  readonly graph: (name: string, description: string) => Graph
}

/** The name of the size that is known only when the graph runs. */
export const batchDimension = 'batch'

/** The size of the batch itself. */
export const perMember: Extent = { size: 1, batched: true }

export const fixed = (size: number): Extent => ({ size, batched: false })
export const fixedShape = (sizes: readonly number[]): Shape => sizes.map(fixed)

/** The extent of several axes as one. */
export const merged = (extents: readonly Extent[]): Extent => ({
  size: extents.reduce((total, { size }) => total * size, 1),
  batched: extents.some(({ batched }) => batched),
})

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every(({ size, batched }, axis) => size === b[axis]!.size && batched === b[axis]!.batched)

/** Nodes that are done together, and the values that they make. */
interface Scope {
  readonly nodes: Node[]
  readonly known: Map<string, Value>
}

interface PendingInitialiser extends Omit<Initialiser, 'entries'> {
  readonly entries: () => ArrayLike<number>
}

export const graphBuilder = (): GraphBuilder => {
  const inputs: Port[] = []
  const outputs: { readonly port: Port; readonly value: string }[] = []
  const initialisers = new Map<string, PendingInitialiser>()
  const whole: Scope = { nodes: [], known: new Map() }
  /** The graph, and the bodies of loops that are being written, the innermost last. */
  const scopes: Scope[] = [whole]
  const taken = new Set<string>()

  /** The name if it is free, otherwise with the first number that makes it so. */
  const unique = (wish: string): string => {
    const name = identifier(wish)
    let free = name
    for (let number = 2; taken.has(free); number++) free = `${name}_${number}`
    taken.add(free)
    return free
  }
  const once = (key: string, scope: Scope, make: () => Value): Value => {
    for (const { known } of scopes) {
      const value = known.get(key)
      if (value !== undefined) return value
    }
    const value = make()
    scope.known.set(key, value)
    return value
  }
  const innermost = (): Scope => scopes[scopes.length - 1]!
  const initialiser: GraphBuilder['initialiser'] = (name, type, sizes, entries) => {
    const value: Value = { name: unique(name), type, shape: fixedShape(sizes) }
    initialisers.set(value.name, { name: value.name, type, dimensions: sizes, entries })
    return value
  }
  const node: GraphBuilder['node'] = (operator, operands, { type, shape }, attributes = []) =>
    once(JSON.stringify([operator, operands.map(({ name }) => name), attributes]), innermost(), () => {
      const name = unique(operator)
      const inputNames = operands.map((operand) => operand.name)
      innermost().nodes.push(nodeOf(operator, name, inputNames, attributes))
      return { name, type, shape }
    })
  const constant: GraphBuilder['constant'] = (type, sizes, entries) =>
    once(JSON.stringify(['constant', type, sizes, entries]), whole, () =>
      initialiser('constant', type, sizes, () => entries),
    )

  return {
    input: (wish, type, shape, description) => {
      const name = unique(wish)
      inputs.push({ name, type, dimensions: dimensionsOf(shape), description })
      return { name, type, shape }
    },
    initialiser,
    constant,
    node,
    loop: (count, body, zeros) => {
      const [time, going, sum] = [unique('time'), unique('going'), unique('sum')]
      const scope: Scope = { nodes: [], known: new Map() }
      scopes.push(scope)
      const term = body({ name: time, type: 'int64', shape: [] })
      scopes.pop()
      const [goes, next] = [unique('goes'), unique('next')]
      const nodes = [...scope.nodes, nodeOf('Identity', goes, [going], []), nodeOf('Add', next, [sum, term.name], [])]
      const port = (name: string, type: ElementType, shape: Shape): Port => ({
        name,
        type,
        dimensions: dimensionsOf(shape),
        description: '',
      })
      const inside: Graph = {
        name: 'body',
        description: '',
        nodes: neededNodes(nodes, [goes, next]).nodes,
        initialisers: [],
        inputs: [port(time, 'int64', []), port(going, 'bool', []), port(sum, term.type, term.shape)],
        outputs: [port(goes, 'bool', []), port(next, term.type, term.shape)],
      }
      const start = zeros(term)
      const name = unique('Loop')
      // The condition may be left out, and then not every runtime begins.
      const inputNames = [constant('int64', [], [count]).name, constant('bool', [], [1]).name, start.name]
      innermost().nodes.push(nodeOf('Loop', name, inputNames, [{ kind: 'graph', name: 'body', value: inside }]))
      return { name, type: term.type, shape: term.shape }
    },
    output: (wish, { name: value, type, shape }, description) => {
      const name = unique(wish)
      outputs.push({ port: { name, type, dimensions: dimensionsOf(shape), description }, value })
      return name
    },
    graph: (name, description) => {
      // What is computed for an output bears its name at once; an input, a constant or a second name of one value is copied.
      const made = new Set(whole.nodes.map(({ name }) => name))
      const renamed = new Map<string, string>()
      const copies: Node[] = []
      for (const { port, value } of outputs)
        if (made.has(value) && !renamed.has(value)) renamed.set(value, port.name)
        else copies.push(nodeOf('Identity', port.name, [value], []))
      const nameOf = (value: string): string => renamed.get(value) ?? value

      const wanted = outputs.map(({ value }) => value)
      const { nodes, needed } = neededNodes(whole.nodes, wanted)
      return {
        name,
        description,
        nodes: [...nodes, ...copies].map((node) => renamedNode(node, nameOf)),
        initialisers: [...initialisers.values()]
          .filter((pending) => needed.has(pending.name))
          .map((pending) => ({ ...pending, entries: pending.entries() })),
        inputs,
        outputs: outputs.map(({ port }) => port),
      }
    },
  }
}

/** The nodes that some values need, in order, and the names of all values that these need. */
const neededNodes = (
  nodes: readonly Node[],
  wanted: readonly string[],
): { readonly nodes: readonly Node[]; readonly needed: ReadonlySet<string> } => {
  const needed = new Set(wanted)
  const kept: Node[] = []
  for (const node of nodes.toReversed()) {
    if (!needed.has(node.name)) continue
    for (const input of inputsOf(node)) needed.add(input)
    kept.push(node)
  }
  return { nodes: kept.reverse(), needed }
}

/** What a node reads, also within its body. */
const inputsOf = ({ inputs, attributes }: Node): readonly string[] => [
  ...inputs,
  ...attributes.flatMap((attribute) => (attribute.kind === 'graph' ? attribute.value.nodes.flatMap(inputsOf) : [])),
]

const renamedNode = (node: Node, nameOf: (value: string) => string): Node => ({
  ...node,
  inputs: node.inputs.map(nameOf),
  outputs: node.outputs.map(nameOf),
  attributes: node.attributes.map((attribute) =>
    attribute.kind === 'graph'
      ? {
          ...attribute,
          value: { ...attribute.value, nodes: attribute.value.nodes.map((inner) => renamedNode(inner, nameOf)) },
        }
      : attribute,
  ),
})

const nodeOf = (operator: string, name: string, inputs: readonly string[], attributes: readonly Attribute[]): Node => ({
  operator,
  name,
  inputs,
  outputs: [name],
  attributes,
})

/** A name as the format wants it: letters, digits and underscores, and no digit first. */
const identifier = (name: string): string => {
  const letters = name.replace(/[^A-Za-z0-9_]/g, '_')
  return /^[A-Za-z_]/.test(letters) ? letters : `_${letters}`
}

const dimensionsOf = (shape: Shape): readonly Dimension[] =>
  shape.map(({ size, batched }) => {
    if (!batched) return size
    if (size !== 1) throw new Error(`ONNX: a port of ${size} times the size of the batch`)
    return batchDimension
  })
