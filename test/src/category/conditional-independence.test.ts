/** Conditional independence: by hand, the semigraphoid axioms, and d-separation of random graphs. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { box, type Diagram, finite, marginal, program, separated, state } from '../../../dsl/index.js'
import { finStochArbitraries } from '../../../laws/index.js'
import { conditionallyIndependent, independentGiven } from '../../../src/category/conditional-independence.js'
import { FinSetMulti } from '../../../src/category/fin-set-multi.js'
import { FinStochExact } from '../../../src/category/fin-stoch-exact.js'
import { FinStoch, type Rows, stochasticMap, type StochasticMatrix } from '../../../src/category/fin-stoch.js'
import { elementNumber, elementTuple } from '../../../src/category/finite-element.js'
import { type FiniteObject, sizeOfObject } from '../../../src/category/finite-object.js'
import { interpret } from '../../../src/interpret.js'
import { diagramOfGraph, graphOfBits } from '../../support/causal-graph.js'
import { valueOf } from '../../support/value-of.js'

const { object, morphism } = finStochArbitraries
const { seq, par, discard, id, copy } = FinStoch
const independent = conditionallyIndependent(FinStoch)

type Places = readonly number[]

/** Whether the factors of the codomain at some places are independent of those at other places, given those at third ones. */
const factorsIndependent = (p: StochasticMatrix, x: Places, y: Places, z: Places): boolean => {
  const places = [...x, ...y, ...z]
  const at = (some: Places): FiniteObject => some.map((place) => p.codomain[place]!)
  const chosen = stochasticMap(p.codomain, at(places), (element) => {
    const tuple = elementTuple(p.codomain, element)
    return elementNumber(
      at(places),
      places.map((place) => tuple[place]!),
    )
  })
  return independent(seq(p, chosen), { x: at(x), y: at(y), z: at(z) })
}

describe('by hand', () => {
  const Coin = finite('Coin', 2)
  const coins = { one: [[0.5, 0.5]], other: [[0.5, 0.5]] }
  const collider = program([], () => {
    const [a] = state('one', [Coin])()
    const [b] = state('other', [Coin])()
    const [either] = box('or', [Coin, Coin], [Coin])(a, b)
    return [a, b, either]
  })
  const or: Rows = [
    [1, 0],
    [0, 1],
    [0, 1],
    [0, 1],
  ]
  const joint = valueOf(interpret(FinStoch, { ...coins, or })(collider))

  test('two coins are independent, and no more when one knows that one of them shows heads', () => {
    expect(factorsIndependent(joint, [0], [1], [])).toBe(true)
    expect(factorsIndependent(joint, [0], [1], [2])).toBe(false)
    // P(a, b | either) = 0, 1/3, 1/3, 1/3 at 1; the independent one has 1/9, 2/9, 2/9, 4/9.
    const rebuilt = independentGiven(FinStoch)(joint, { x: [2], y: [2], z: [2] })
    const wanted = [1 / 4, 1 / 12, 0, 1 / 6, 0, 1 / 6, 0, 1 / 3]
    wanted.forEach((probability, element) => expect(rebuilt.entries[element]).toBeCloseTo(probability, 15))
  })

  test('exactly, and as to what is possible', () => {
    const marginalised = marginal(collider, [0, 1])
    for (const given of [
      (diagram: Diagram, z: FiniteObject) =>
        conditionallyIndependent(FinStochExact)(
          valueOf(interpret(FinStochExact, { one: [['1/3', '2/3']], other: [['1/2', '1/2']], or })(diagram)),
          { x: [2], y: [2], z },
        ),
      (diagram: Diagram, z: FiniteObject) =>
        conditionallyIndependent(FinSetMulti)(
          valueOf(interpret(FinSetMulti, { one: [[0, 1]], other: [[0, 1]], or: [[0], [1], [1], [1]] })(diagram)),
          { x: [2], y: [2], z },
        ),
    ])
      expect([given(marginalised, []), given(collider, [2])]).toEqual([true, false])
  })

  test('a common cause: dependent, and independent given the cause', () => {
    const cause = program([], () => {
      const [c] = state('one', [Coin])()
      const [a] = box('f', [Coin], [Coin])(c)
      const [b] = box('f', [Coin], [Coin])(c)
      return [a, b, c]
    })
    const f = [
      [0.9, 0.1],
      [0.3, 0.7],
    ]
    const p = valueOf(interpret(FinStoch, { ...coins, f })(cause))
    expect(factorsIndependent(p, [0], [1], [])).toBe(false)
    expect(factorsIndependent(p, [0], [1], [2])).toBe(true)
  })

  test('at every input is less than over all inputs together', () => {
    // Both outputs are the input.
    const both = copy([2])
    expect(independent(both, { x: [2], y: [2], z: [] })).toBe(true)
    const coin = valueOf(FinStoch.read([[0.5, 0.5]], [], [2], 'coin'))
    expect(independent(seq(coin, both), { x: [2], y: [2], z: [] })).toBe(false)
  })

  test('intersection fails where there are zeros: three copies of a coin', () => {
    const coin = valueOf(FinStoch.read([[0.5, 0.5]], [], [2], 'coin'))
    const three = seq(seq(coin, copy([2])), par(id([2]), copy([2])))
    expect(factorsIndependent(three, [0], [1], [2])).toBe(true)
    expect(factorsIndependent(three, [0], [2], [1])).toBe(true)
    expect(factorsIndependent(three, [0], [1, 2], [])).toBe(false)
  })
})

test('what is made independent is, with an input too, and making it so again changes nothing', () => {
  let already = 0
  const cases = fc.tuple(object, object, object, object).filter((objects) => sizeOfObject(objects.flat()) <= 300)
  fc.assert(
    fc.property(
      cases.chain(([a, x, y, z]) => fc.record({ p: morphism(a, [...x, ...y, ...z]), parts: fc.constant({ x, y, z }) })),
      ({ p, parts }) => {
        const { x, y, z } = parts
        already += Number(independent(p, parts))
        const made = independentGiven(FinStoch)(p, parts)
        expect(independent(made, parts)).toBe(true)
        // X and Z are as before together, and so are Y and Z.
        const [withX, withY] = [par(par(id(x), discard(y)), id(z)), par(discard(x), id([...y, ...z]))]
        expect(FinStoch.equals(seq(made, withX), seq(p, withX))).toBe(true)
        expect(FinStoch.equals(seq(made, withY), seq(p, withY))).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
  expect(already).toBeLessThan(300)
})

/** A row for each input, in fractions of small denominator: zeros and point masses often. */
const rows = (inputs: number, columns: number): fc.Arbitrary<Rows> =>
  finStochArbitraries
    .morphism([inputs], [columns])
    .map(({ entries }) =>
      Array.from({ length: inputs }, (_, row) => Array.from(entries.slice(row * columns, (row + 1) * columns))),
    )

/** A random graph of binary nodes, as a diagram with all nodes as outputs, and a matrix for each node. */
const network = (size: number) =>
  fc
    .nat(2 ** ((size * (size - 1)) / 2) - 1)
    .map((bits) => graphOfBits(size, bits))
    .chain((parents) => {
      const diagram: Diagram = diagramOfGraph(parents)
      const meanings = fc.record(
        Object.fromEntries(parents.map((inputs, node) => [`v${node}`, rows(2 ** inputs.length, 2)])),
      )
      return fc.record({ diagram: fc.constant(diagram), meanings })
    })

test('M. semigraphoid: symmetry, decomposition, weak union, contraction', () => {
  const premises = { decomposition: 0, contraction: 0 }
  const roles = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(network(4), roles, ({ diagram, meanings }, [x, y, z, w]) => {
      const p = valueOf(interpret(FinStoch, meanings)(diagram))
      const holds = (a: Places, b: Places, c: Places): boolean => factorsIndependent(p, a, b, c)
      const [X, Y, Z, W] = [[x!], [y!], [z!], [w!]]
      expect(holds(Y, X, Z)).toBe(holds(X, Y, Z))
      if (holds(X, [...Y, ...W], Z)) {
        premises.decomposition += 1
        expect(holds(X, Y, Z)).toBe(true)
        expect(holds(X, Y, [...Z, ...W])).toBe(true)
      }
      if (holds(X, Y, Z) && holds(X, W, [...Y, ...Z])) {
        premises.contraction += 1
        expect(holds(X, [...Y, ...W], Z)).toBe(true)
      }
    }),
    { numRuns: 400 },
  )
  expect(Math.min(premises.decomposition, premises.contraction)).toBeGreaterThan(40)
})

test('d-separated outputs of a random network are independent, whatever its matrices', () => {
  const counts = { separated: 0, dependent: 0 }
  const question = fc.tuple(
    fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 }),
    fc.constantFrom([1, 1], [1, 2], [2, 1]),
    fc.nat(2),
  )
  fc.assert(
    fc.property(network(5), fc.array(question, { minLength: 4, maxLength: 4 }), ({ diagram, meanings }, questions) => {
      for (const [order, [sizeOfX, sizeOfY], sizeOfZ] of questions) {
        const x = order.slice(0, sizeOfX!)
        const y = order.slice(sizeOfX!, sizeOfX! + sizeOfY!)
        const z = order.slice(sizeOfX! + sizeOfY!, sizeOfX! + sizeOfY! + sizeOfZ)
        const { kind } = valueOf(separated(diagram, { x, y, given: z }))
        const p = valueOf(interpret(FinStoch, meanings)(marginal(diagram, [...x, ...y, ...z])))
        const holds = independent(p, { x: x.map(() => 2), y: y.map(() => 2), z: z.map(() => 2) })
        counts.separated += Number(kind === 'separated')
        counts.dependent += Number(!holds)
        if (kind === 'separated') expect(holds).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
  expect(counts.separated).toBeGreaterThan(150)
  expect(counts.dependent).toBeGreaterThan(150)
})
