/** The bytes of models: against bytes decoded by hand, and read back by a reader that knows the format alone. */
import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  box,
  copy,
  type Diagram,
  discard,
  finite,
  id,
  par,
  real,
  seq,
  sequence,
  state,
  swap,
} from '../../../dsl/index.js'
import { embedding, layers, type NumericMeanings, softmaxHead } from '../../../src/compile/meaning.js'
import { exportOnnx, onnxModel } from '../../../src/compile/onnx/export.js'
import { fixedShape, graphBuilder, type Value } from '../../../src/compile/onnx/graph-builder.js'
import { type Model, modelBytes } from '../../../src/compile/onnx/model.js'
import { combine } from '../../../src/compile/onnx/operators.js'
import { fields, float, integer, text, toBytes } from '../../../src/compile/onnx/protobuf.js'
import { matrix } from '../../../src/linear-algebra/matrix.js'
import { meantDiagram } from '../../support/finite-diagram.js'
import { readModel } from '../../support/onnx-reader.js'
import { valueOf } from '../../support/value-of.js'

const bytesOf = (hexadecimal: string): Uint8Array =>
  Uint8Array.from(hexadecimal.replace(/\s+/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

describe('protocol buffers', () => {
  // From the documentation of the encoding: 150 and "testing"; and the ten bytes of -2.
  test.each([
    ['a varint of two bytes', integer(1, 150), '08 96 01'],
    ['a text', text(2, 'testing'), '12 07 74 65 73 74 69 6e 67'],
    ['a negative number', integer(1, -2), '08 fe ff ff ff ff ff ff ff ff 01'],
    ['a field beyond 15', integer(20, 7), 'a0 01 07'],
    ['a number beyond 32 bits', integer(1, 2 ** 40), '08 80 80 80 80 80 20'],
    ['a float', float(2, 1), '15 00 00 80 3f'],
    ['nothing', fields(), ''],
  ])('%s', (_, written, expected) => expect(toBytes(written)).toEqual(bytesOf(expected)))

  test('a number that a double does not hold is a programmer’s error', () =>
    expect(() => integer(1, 2 ** 53)).toThrow(/no integer/))
})

const small: Model = {
  producer: 'p',
  graph: {
    name: 'g',
    description: 'd',
    nodes: [
      {
        operator: 'Gather',
        name: 'n',
        inputs: ['w', 'x'],
        outputs: ['y'],
        attributes: [{ kind: 'integer', name: 'axis', value: 1 }],
      },
    ],
    initialisers: [{ name: 'w', type: 'float32', dimensions: [1, 2], entries: [1, -2] }],
    inputs: [{ name: 'x', type: 'int64', dimensions: ['batch'], description: '' }],
    outputs: [{ name: 'y', type: 'float32', dimensions: [1, 'batch'], description: 'é' }],
  },
  metadata: { k: 'v' },
}

/** Each run of bytes with what it is in the definition of the format. */
const smallBytes: readonly (readonly [bytes: string, meaning: string])[] = [
  ['08 08', 'model: IR version 8'],
  ['12 01 70', 'producer p'],
  ['3a 74', 'graph, 116 bytes'],
  ['0a 21', 'node, 33 bytes'],
  ['0a 01 77  0a 01 78  12 01 79', 'inputs w and x, output y'],
  ['1a 01 6e  22 06 47 61 74 68 65 72', 'name n, operator Gather'],
  ['2a 0b  0a 04 61 78 69 73  18 01  a0 01 02', 'attribute, 11 bytes: axis, the integer 1, of type 2'],
  ['12 01 67', 'graph: name g'],
  ['2a 13  08 01  08 02  10 01  42 01 77', 'initialiser, 19 bytes: sizes 1 and 2, type 1 (float32), name w'],
  ['4a 08  00 00 80 3f  00 00 00 c0', 'its numbers, 8 bytes: 1 and -2'],
  ['52 01 64', 'graph: description d'],
  ['5a 16  0a 01 78', 'input, 22 bytes: name x'],
  ['12 0f  0a 0d  08 07', 'its type, a tensor of elements of type 7 (int64)'],
  ['12 09  0a 07  12 05 62 61 74 63 68', 'its shape: one dimension, named batch'],
  ['1a 00', 'no description'],
  ['62 1c  0a 01 79  12 13  0a 11  08 01', 'output, 28 bytes: y, a tensor of float32'],
  ['12 0d  0a 02  08 01  0a 07  12 05 62 61 74 63 68', 'its shape: 1, batch'],
  ['1a 02 c3 a9', 'description é, in UTF-8'],
  ['42 04  0a 00  10 11', 'model: operator set 17 of the domain without a name'],
  ['72 06  0a 01 6b  12 01 76', 'metadata: k is v'],
]

test('a small model, byte by byte', () =>
  expect(modelBytes(small)).toEqual(bytesOf(smallBytes.map(([run]) => run).join(''))))

const withOutputs = meantDiagram.filter(({ diagram }) => diagram.outputs.length > 0)

describe('what is read back is what was written', () => {
  test('the small model', () => {
    const read = readModel(modelBytes(small))
    expect(read).toEqual({ irVersion: 8, opset: 17, model: small })
  })

  test('random finite diagrams, with their parameters inside and as inputs', () => {
    let written = 0
    fc.assert(
      fc.property(withOutputs, fc.boolean(), ({ diagram, meanings }, inside) => {
        const options = { entropies: ['shannon'], parameters: inside ? 'constants' : 'inputs' } as const
        const model = valueOf(onnxModel(diagram, meanings, options))
        const { model: read } = readModel(modelBytes(model))
        expect(asNumbers(read)).toEqual(asNumbers(model))
        // Names are unique, and a node reads only what is there before it.
        const { inputs, initialisers, nodes, outputs } = read.graph
        const there = new Set([...inputs, ...initialisers].map(({ name }) => name))
        expect(there.size).toBe(inputs.length + initialisers.length)
        for (const node of nodes) {
          for (const input of node.inputs) expect(there).toContain(input)
          for (const output of node.outputs) {
            expect(there).not.toContain(output)
            expect(output).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/)
            there.add(output)
          }
        }
        for (const { name } of outputs) expect(nodes.flatMap((node) => node.outputs)).toContain(name)
        written += 1
      }),
      { numRuns: 100 },
    )
    expect(written).toBeGreaterThanOrEqual(100)
  })
})

/** Entries as lists, whatever array they were in; float32, as they are stored. */
const asNumbers = (model: Model): Model => ({
  ...model,
  graph: {
    ...model.graph,
    initialisers: model.graph.initialisers.map((initialiser) => ({
      ...initialiser,
      entries: Array.from(initialiser.entries, Math.fround),
    })),
  },
})

describe('nodes', () => {
  const [A, B, C] = [finite('A', 2), finite('B', 3), finite('C', 4)]
  const flat = (rows: number, columns: number): readonly (readonly number[])[] =>
    Array.from({ length: rows }, () => new Array<number>(columns).fill(1 / columns))
  const operatorsOf = (diagram: Diagram, meanings: NumericMeanings): readonly string[] =>
    valueOf(onnxModel(diagram, meanings)).graph.nodes.map(({ operator }) => operator)
  const [f, g, g2] = [box('f', [A], [B]), box('g', [B], [C]), box('g2', [C], [A])]
  const joint = box('joint', [A], [B, C])
  const meanings = { f: flat(2, 3), g: flat(3, 4), joint: flat(2, 12), h: flat(3, 2), g2: flat(4, 2), coin: flat(1, 3) }

  test('a composite is a gather and a matrix product', () =>
    expect(operatorsOf(seq(f, g), meanings)).toEqual(['Gather', 'Gemm']))

  test('axes are moved only where no order of them makes a matrix product', () => {
    const moves = (diagram: Diagram): number =>
      operatorsOf(diagram, meanings).filter((operator) => operator === 'Transpose').length
    const h = box('h', [B], [A])
    // A sum; a product that reads a factor the other way round; one whose result comes out in the order that is asked for.
    expect(moves(seq(joint, par(id(B), discard(C))))).toBe(0)
    const composite = operatorsOf(seq(state('coin', [B]), g), meanings)
    expect(composite.filter((operator) => operator !== 'Reshape')).toEqual(['Gemm'])
    expect(moves(seq(joint, par(id(B), g2)))).toBe(0)
    expect(moves(seq(joint, swap(B, C), par(id(C), h)))).toBe(1)
    // The index that is summed lies between two that are not.
    expect(moves(seq(joint, par(h, id(C))))).toBe(2)
  })

  test('what is made in the body of a loop is made again outside', () => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float32', fixedShape([2]), '')
    const twice = (): Value => combine(graph, 'Add', x, x)
    const before = combine(graph, 'Mul', x, x)
    const sum = graph.loop(
      3,
      () => combine(graph, 'Mul', combine(graph, 'Mul', x, x), twice()),
      () => graph.constant('float32', [2], [0, 0]),
    )
    graph.output('y', combine(graph, 'Add', sum, combine(graph, 'Mul', twice(), before)), '')
    const { nodes } = graph.graph('g', '')
    expect(nodes.map(({ operator }) => operator)).toEqual(['Mul', 'Loop', 'Add', 'Mul', 'Add'])
    const [body] = nodes[1]!.attributes
    if (body?.kind !== 'graph') throw new Error('a loop has a body')
    // The square is that of the graph around it, twice x its own.
    expect(body.value.nodes.map(({ operator }) => operator)).toEqual(['Add', 'Mul', 'Identity', 'Add'])
    expect(body.value.nodes[1]!.inputs[0]).toBe(nodes[0]!.outputs[0])
    expect(body.value.nodes[0]!.outputs).not.toEqual(nodes[2]!.outputs)
    const model: Model = { producer: '', metadata: {}, graph: graph.graph('g', '') }
    expect(asNumbers(readModel(modelBytes(model)).model)).toEqual(asNumbers(model))
  })
})

describe('ports', () => {
  const Symbol = finite('Symbol', ['a', 'b', 'c'])
  const Context = sequence('Context', Symbol, 2)
  const [Embedding, Token] = [real('Embedding', 4), finite('Token', 3)]
  const ones = (rows: number, columns: number) => matrix(rows, columns, new Float64Array(rows * columns).fill(1))
  const emb = box('emb', [Context], [Embedding], { deterministic: true })
  const tanh = box('tanh', [Embedding], [Embedding], { deterministic: true })
  const head = box('head', [Embedding], [Token])
  const meanings = {
    emb: embedding(ones(3, 2)),
    tanh: layers({ weights: ones(4, 4), bias: new Float64Array(4), activation: 'tanh' }),
    head: softmaxHead(ones(3, 4), new Float64Array(3)),
  }
  const ports = (given: readonly { readonly name: string; readonly type: string; readonly dimensions: unknown }[]) =>
    given.map(({ name, type, dimensions }) => [name, type, dimensions])

  test('are named after the wires, with an axis for the batch', () => {
    const diagram = seq(emb, tanh, copy(Embedding), par(id(Embedding), head))
    const { model } = readModel(valueOf(exportOnnx(diagram, meanings, { entropies: ['shannon', 'renyi-1/2'] })))
    expect(ports(model.graph.inputs)).toEqual([['Context', 'int64', ['batch', 2]]])
    expect(ports(model.graph.outputs)).toEqual([
      ['Token', 'float32', ['batch', 3]],
      ['Embedding', 'float32', ['batch', 4]],
      ['entropy_shannon', 'float32', ['batch']],
      ['entropy_renyi_1_2', 'float32', ['batch']],
    ])
    expect(model.graph.initialisers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['emb_table', 'tanh_weights_0', 'tanh_bias_0', 'head_weights', 'head_bias']),
    )
    expect(JSON.parse(model.metadata['markovcat']!)).toEqual({
      inputs: [{ wire: Context, tensor: 'Context' }],
      outputs: [
        { wire: Embedding, tensor: 'Embedding' },
        { wire: Token, tensor: 'Token', axis: 1 },
      ],
      entropies: { shannon: 'entropy_shannon', 'renyi-1/2': 'entropy_renyi_1_2' },
    })
  })

  test('parameters as inputs', () => {
    const { model } = readModel(valueOf(exportOnnx(head, meanings, { parameters: 'inputs' })))
    expect(ports(model.graph.inputs)).toEqual([
      ['Embedding', 'float32', ['batch', 4]],
      ['head_weights', 'float32', [3, 4]],
      ['head_bias', 'float32', [1, 3]],
    ])
    expect(model.graph.nodes.map(({ operator }) => operator)).toEqual(['Reshape', 'Gemm', 'Softmax'])
  })

  test('names that are no identifiers, or are taken', () => {
    const odd = finite('2 × Würfel', 2)
    const { model } = readModel(valueOf(exportOnnx(copy(odd), {})))
    expect(model.graph.inputs.map(({ name }) => name)).toEqual(['_2___W_rfel'])
    expect(model.graph.outputs.map(({ name }) => name)).toEqual(['_2___W_rfel_2', '_2___W_rfel_3'])
  })

  test('what an output does not need is not in the model', () => {
    const [A, B] = [finite('A', 2), finite('B', 3)]
    const both = box('both', [A], [A, B])
    const third = [1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6]
    const wanted = valueOf(onnxModel(both, { both: [third, third], more: [[1]] }))
    expect(wanted.graph.initialisers.map(({ name }) => name).filter((name) => !/^constant/.test(name))).toEqual([
      'both_kernel',
    ])
  })

  test('a meaning that does not fit is refused, and a diagram that gives nothing', () => {
    const A = finite('A', 2)
    expect(exportOnnx(discard(A), {})).toMatchObject({ left: { kind: 'unsupported', where: 'export' } })
    const nothing = box('nothing', [sequence('S', A, 0)], [real('R', 0)], { deterministic: true })
    expect(exportOnnx(nothing, { nothing: embedding(matrix(2, 3)) })).toMatchObject({ left: { kind: 'unsupported' } })
    expect(isRight(exportOnnx(box('f', [A], [A]), { f: [[1, 0]] }))).toBe(false)
    expect(isRight(exportOnnx(box('f', [A], [A]), {}))).toBe(false)
  })
})
