/** Large diagrams, and small documents that would be large if they were believed. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  box,
  canonicalKey,
  copy,
  decodeDiagram,
  type Diagram,
  discard,
  encodeDiagram,
  finite,
  id,
  par,
  parseDiagram,
  printDiagram,
  program,
  seq,
  showProblem,
  type Wires,
} from '../../dsl/index.js'
import { differenceOfTrees } from '../support/same-tree.js'
import { valueOf } from '../support/value-of.js'

const A = finite('A', 2)
const size = 100_000
const generator = (k: number): Diagram => box(`f${k}`, [A], [A])
const generators = Array.from({ length: size }, (_, k) => generator(k))
/** The boxes one after the other, composed one by one. */
const chain = (compose: (before: Diagram, next: Diagram) => Diagram): Diagram =>
  generators.reduce((before, next) => compose(before, next))
const wide: Wires = new Array<typeof A>(316).fill(A)

describe('100,000 boxes', () => {
  test.each<[string, number, () => Diagram]>([
    ['bracketed to the left', 2 * size - 1, () => chain((before, next) => seq(before, next))],
    ['bracketed to the right', 2 * size - 1, () => chain((before, next) => seq(next, before))],
    ['in one sequence', size + 1, () => seq(generators[0]!, ...generators.slice(1))],
    ['side by side', size + 1, () => par(...generators)],
    [
      'comb: each reads a copy that is then discarded',
      // The copy and the discard are shared; each tooth is a box, a par and a seq.
      3 * size + 2,
      () => {
        const [twice, away] = [copy(A), discard(A)]
        return generators.reduce<Diagram>((comb, next) => seq(comb, par(next, away), twice), twice)
      },
    ],
    [
      'grid of 316 times 316',
      316 * 316 + 316 + 316 + 1,
      () => {
        let grid: Diagram = id(...wide)
        for (let row = 0; row < 316; row++) grid = seq(grid, par(...generators.slice(row * 316, row * 316 + 316)))
        return grid
      },
    ],
    [
      'program',
      size + 1,
      () => ({
        kind: 'program',
        inputs: [A],
        steps: generators.map((diagram, k) => ({ diagram, reads: [k] })),
        returns: [size, 0],
        outputs: [A, A],
      }),
    ],
  ])('%s: %d nodes', (_, nodes, make) => {
    const diagram = make()
    const text = printDiagram(diagram)
    expect(text.split('\n').length).toBe(nodes + 5)
    const back = valueOf(parseDiagram(text))
    expect(differenceOfTrees(back, diagram)).toBeUndefined()
    expect(canonicalKey(back)).toBe(canonicalKey(diagram))
  })

  test('inside each other', () => {
    const nest = generators.reduce<Diagram>((body, _, k) => box(`b${k}`, [A], [A], { body }), generator(0))
    const back = valueOf(parseDiagram(printDiagram(nest)))
    expect(differenceOfTrees(back, nest)).toBeUndefined()
  })
})

test('2^60 boxes are 61 nodes', () => {
  let tower = generator(0)
  for (let level = 0; level < 60; level++) tower = seq(tower, tower)
  const document = encodeDiagram(tower)
  expect(document.nodes.length).toBe(61)
  expect(differenceOfTrees(valueOf(decodeDiagram(document)), tower)).toBeUndefined()
})

test('a program of many calls of one box', () => {
  const f = box('f', [A], [A])
  const long = program([A], (a) => {
    let last = a
    for (let step = 0; step < size; step++) [last] = f(last)
    return [last, a]
  })
  expect(encodeDiagram(long).nodes.length).toBe(2)
  expect(differenceOfTrees(valueOf(parseDiagram(printDiagram(long))), long)).toBeUndefined()
})

describe('hostile sizes', () => {
  const documentOf = (nodes: readonly unknown[], wires: readonly unknown[] = [A]): unknown => ({
    format: 'markovcat-diagram',
    version: 1,
    wires,
    nodes,
    root: nodes.length - 1,
  })
  const messageOf = (document: unknown): string => {
    const result = decodeDiagram(document)
    return isLeft(result) ? showProblem(result.left) : 'no problem'
  }
  const identity = { kind: 'identity', wires: [0] }
  const doubled = (levels: number): readonly unknown[] => [
    identity,
    ...Array.from({ length: levels }, (_, level) => ({ kind: 'par', parts: [level, level] })),
  ]

  test('parallel composites of shared parts: 2^20 wires are read, 2^60 are not', () => {
    const twenty = valueOf(decodeDiagram(documentOf(doubled(20))))
    expect(twenty.inputs.length).toBe(2 ** 20)
    // Level k adds 2^(k+1): the limit of 2^26 is passed at the par of two diagrams of 2^24 wires, level 25.
    expect(messageOf(documentOf(doubled(60)))).toBe(
      'node 25: with its parts, the parts of composites have 134217724 wires; at most 67108864 are read',
    )
  })

  test('sequences and programs of wide parts', () => {
    const many = new Array<number>(1000).fill(18)
    const steps = many.map((diagram) => ({ diagram, reads: [] }))
    const message = /^node \d+: with its parts, the parts of composites have \d+ wires; at most 67108864 are read$/
    expect(messageOf(documentOf([...doubled(18), { kind: 'seq', parts: many }]))).toMatch(message)
    expect(messageOf(documentOf([...doubled(18), { kind: 'program', inputs: [], steps, returns: [] }]))).toMatch(
      message,
    )
  })

  test('counts are not allocated', () => {
    const wires = [
      { kind: 'finite', name: 'Many', elements: 1e9 },
      { kind: 'real', name: 'Large', dimension: 1e15 },
      { kind: 'sequence', name: 'Long', symbols: 0, length: 2 ** 53 - 1 },
    ]
    const back = valueOf(decodeDiagram(documentOf([{ kind: 'copy', wires: [0, 1, 2] }], wires)))
    expect(back.outputs.length).toBe(6)
  })

  test('lists of a billion holes', () => {
    const holes = new Array<never>(1e9)
    expect(messageOf(documentOf([{ kind: 'permute', wires: [0], order: holes }]))).toBe(
      'node 0, order[0]: found nothing; give a number',
    )
    expect(messageOf(documentOf([{ kind: 'program', inputs: [0], steps: holes, returns: [] }]))).toBe(
      'node 0, steps[0]: found nothing; give a record of diagram, reads',
    )
    expect(messageOf(documentOf([identity], holes))).toBe('wire 0: found nothing; give a record')
  })

  test('many sequences over a large set', () => {
    const elements = Array.from({ length: 20_000 }, (_, k) => `element ${k}`)
    const wires = [
      { kind: 'finite', name: 'Large', elements },
      ...Array.from({ length: 20_000 }, (_, length) => ({ kind: 'sequence', name: 'S', symbols: 0, length })),
    ]
    const back = valueOf(decodeDiagram(documentOf([{ kind: 'discard', wires: wires.map((_, wire) => wire) }], wires)))
    expect(encodeDiagram(back).wires).toEqual(wires)
  })
})
