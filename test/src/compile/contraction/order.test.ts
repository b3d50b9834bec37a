import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { FactorGraph } from '../../../../src/compile/contraction/factor-graph.js'
import { contractionOrder, type OrderOptions } from '../../../../src/compile/contraction/order.js'
import {
  fewestOperations,
  numberedGraph,
  runOrder,
  smallShape,
  sumByDefinition,
} from '../../../support/factor-graph.js'

const largestDifference = (a: Float64Array, b: Float64Array): number => {
  expect(a.length).toBe(b.length)
  return a.reduce((most, entry, place) => Math.max(most, Math.abs(entry - b[place]!) / (1 + Math.abs(b[place]!))), 0)
}

describe('the result of an order is the sum by definition, and takes the predicted operations', () => {
  const searches: readonly (readonly [string, OrderOptions])[] = [
    ['exact', {}],
    ['greedy', { exactUpTo: 0, tries: 1 }],
    ['greedy and min-fill', { exactUpTo: 0, tries: 8 }],
    ['parts of three factors exact', { exactUpTo: 3, tries: 3 }],
  ]
  test.each(searches)('%s', (_, options) => {
    fc.assert(
      fc.property(numberedGraph({ ...smallShape, leastValues: 0 }), fc.nat(), (numbered, seed) => {
        const order = contractionOrder(numbered.graph, { ...options, seed })
        const { result, operations } = runOrder(numbered, order)
        expect(largestDifference(result, sumByDefinition(numbered))).toBeLessThan(1e-10)
        // A function may be looked up in a factor that has its outputs along the columns, which are moved first.
        if (numbered.graph.functions.length === 0) expect(operations).toBe(order.operations)
        else expect(operations).toBeGreaterThanOrEqual(order.operations)
      }),
      { numRuns: 1500 },
    )
  })

  test('sliced until hardly anything is alive at once', () => {
    let sliced = 0
    fc.assert(
      fc.property(
        numberedGraph({ ...smallShape, mostFactors: 6 }),
        fc.integer({ min: 1, max: 20 }),
        (numbered, limit) => {
          const order = contractionOrder(numbered.graph, { memoryLimit: limit })
          if (order.loop !== undefined) sliced += 1
          const { result } = runOrder(numbered, order)
          expect(largestDifference(result, sumByDefinition(numbered))).toBeLessThan(1e-10)
        },
      ),
      { numRuns: 1500 },
    )
    expect(sliced).toBeGreaterThan(100)
  })
})

describe('what an order predicts', () => {
  test('few factors: no order takes fewer operations', () => {
    fc.assert(
      fc.property(numberedGraph({ ...smallShape, mostFactors: 5, mostValues: 5 }), ({ graph }) => {
        if (graph.factors.length < 2) return
        expect(contractionOrder(graph).operations).toBe(fewestOperations(graph))
      }),
      { numRuns: 1000 },
    )
  })

  test('heuristics take at least as many', () => {
    fc.assert(
      fc.property(numberedGraph({ ...smallShape, mostFactors: 8, mostIndices: 10 }), ({ graph }) => {
        const exact = contractionOrder(graph).operations
        expect(contractionOrder(graph, { exactUpTo: 0 }).operations).toBeGreaterThanOrEqual(exact)
      }),
      { numRuns: 300 },
    )
  })

  test('largest and peak are those of the steps as they are written', () => {
    fc.assert(
      fc.property(numberedGraph(smallShape), fc.constantFrom(undefined, 8, 30), ({ graph }, memoryLimit) => {
        const order = contractionOrder(graph, memoryLimit === undefined ? {} : { memoryLimit })
        const { steps, loop } = order
        const total = loop === undefined ? 0 : steps[steps.length - 1]!.entries
        const alive = new Map<number, number>()
        let peak = 0
        let largest = 0
        steps.forEach(({ operands, entries }, step) => {
          alive.set(graph.factors.length + step, entries)
          const inLoop = loop !== undefined && step >= loop.firstStep
          const now = [...alive.values()].reduce((sum, each) => sum + each, inLoop ? total : 0)
          peak = Math.max(peak, now)
          largest = Math.max(largest, entries)
          for (const operand of operands) {
            const madeBefore = operand < graph.factors.length + (loop?.firstStep ?? 0)
            if (!(inLoop && madeBefore)) alive.delete(operand)
          }
        })
        expect(order.peak).toBe(peak)
        expect(order.largest).toBe(largest)
        expect(steps.reduce((sum, { operations }, step) => sum + times(step, loop) * operations, 0)).toBe(
          order.operations - (loop === undefined ? 0 : loop.count * total),
        )
      }),
      { numRuns: 1500 },
    )
  })
  const times = (step: number, loop: { readonly firstStep: number; readonly count: number } | undefined): number =>
    loop !== undefined && step >= loop.firstStep ? loop.count : 1

  test('equal seeds give equal orders', () => {
    const graph = grid(7, 7)
    expect(contractionOrder(graph, { seed: 5 })).toEqual(contractionOrder(graph, { seed: 5 }))
  })

  test('an order is plain data', () => {
    const order = contractionOrder(grid(6, 6), { memoryLimit: 40 })
    expect(order.loop).toBeDefined()
    expect(JSON.parse(JSON.stringify(order))).toEqual(order)
  })
})

/**
 * The factors of a hidden Markov model: a start, T transitions, and for each time the probabilities of what was observed, all over
 * `states` states; wanted is the last state. Index t is the state at time t.
 */
const comb = (steps: number, states: number): FactorGraph => ({
  factors: [
    [0],
    ...Array.from({ length: steps }, (_, t) => [t, t + 1]),
    ...Array.from({ length: steps }, (_, t) => [t + 1]),
  ],
  functions: [],
  sizes: Array.from({ length: steps + 1 }, (_, t) => [t, states]),
  wanted: [steps],
})

/** A square lattice of binary indices with a factor for each edge; nothing is wanted. */
const grid = (rows: number, columns: number): FactorGraph => {
  const at = (row: number, column: number): number => row * columns + column
  const factors: number[][] = []
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      if (column + 1 < columns) factors.push([at(row, column), at(row, column + 1)])
      if (row + 1 < rows) factors.push([at(row, column), at(row + 1, column)])
    }
  const sizes = Array.from({ length: rows * columns }, (_, index) => [index, 2] as const)
  return { factors, functions: [], sizes, wanted: [] }
}

describe('combs', () => {
  // Forwards: a transition is 2 S^2, an observation 2 S.
  test.each([1, 2, 5, 16, 64, 256, 2000])('T = %i steps of 8 states: T (2 8^2 + 2 8) operations', (steps) => {
    const order = contractionOrder(comb(steps, 8))
    expect(order.operations).toBe(steps * (2 * 64 + 16))
    expect(order.largest).toBe(8)
    expect(order.peak).toBe(16)
  })

  test('without observations a chain takes 2 S^2 operations a step', () => {
    const chain = comb(500, 8)
    expect(contractionOrder({ ...chain, factors: chain.factors.slice(0, 501) }).operations).toBe(500 * 128)
  })
})

describe('large graphs', () => {
  test('a lattice of 8 x 8 binary variables', () => {
    const order = contractionOrder(grid(8, 8))
    expect(order.operations).toBeLessThanOrEqual(12_384)
    expect(order.largest).toBeLessThanOrEqual(256)
  })

  test('a lattice of 20 x 20 binary variables', () => {
    const order = contractionOrder(grid(20, 20))
    expect(Math.log2(order.operations)).toBeLessThan(32)
    expect(Math.log2(order.largest)).toBeLessThanOrEqual(22)
  })

  test('one index that 10,000 factors share', () => {
    const leaves = 10_000
    const factors = [[0], ...Array.from({ length: leaves }, (_, leaf) => [0, leaf + 1])]
    const sizes = Array.from({ length: leaves + 1 }, (_, index) => [index, 2] as const)
    const order = contractionOrder({ factors, functions: [], sizes, wanted: [] })
    expect(order.operations).toBeLessThanOrEqual(leaves * 10)
  })

  test('10,000 factors that share nothing', () => {
    const factors = Array.from({ length: 10_000 }, (_, index) => [index])
    const sizes = factors.map(([index]) => [index!, 3] as const)
    const order = contractionOrder({ factors, functions: [], sizes, wanted: [17] })
    expect(order.largest).toBe(3)
    expect(order.operations).toBeLessThanOrEqual(10_000 * 6 + 10_000 * 6)
  })

  test('a lattice of 12 x 12 within 500 entries is sliced', () => {
    const free = contractionOrder(grid(12, 12))
    expect(free.peak).toBeGreaterThan(500)
    const order = contractionOrder(grid(12, 12), { memoryLimit: 500 })
    expect(order.peak).toBeLessThanOrEqual(500)
    expect(order.loop!.count).toBe(2 ** order.loop!.indices.length)
    expect(order.operations).toBeLessThan(4 * free.operations)
  })
})
