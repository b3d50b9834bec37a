import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { box, type Diagram, finite, seq } from '../../../../dsl/index.js'
import { contractionOrder } from '../../../../src/compile/contraction/order.js'
import { parsePlan, printPlan } from '../../../../src/compile/contraction/saved-plan.js'
import type { NumericMeanings } from '../../../../src/compile/meaning.js'
import type { Plan } from '../../../../src/compile/plan.js'
import type { PlanOptions } from '../../../../src/compile/plan-of.js'
import { planFor } from '../../../support/plan-for.js'
import { numberedGraph, smallShape } from '../../../support/factor-graph.js'
import { meantDiagram } from '../../../support/finite-diagram.js'
import { valueOf } from '../../../support/value-of.js'

const planned = (diagram: Diagram, meanings: NumericMeanings, batch: number, options: PlanOptions = {}) =>
  planFor(diagram, meanings, batch, ['shannon'], options)

const A = finite('A', 2)
const B = finite('B', 3)
const start = box('start', [], [A])
const turn = box('turn', [A], [A])
const end = box('end', [A], [B])
const chain = seq(start, turn, turn, turn, end)
const half = [0.5, 0.5]
const meanings = {
  start: [half],
  turn: [half, half],
  end: [
    [1, 0, 0],
    [0, 0, 1],
  ],
}
const plan = valueOf(planned(chain, meanings, 2))
const text = printPlan(plan)

describe('a plan that is saved and read again', () => {
  test('is the same plan, for random diagrams', () => {
    fc.assert(
      fc.property(meantDiagram, fc.integer({ min: 1, max: 3 }), ({ diagram, meanings: given }, batch) => {
        const original = valueOf(planned(diagram, given, batch))
        const saved = valueOf(parsePlan(printPlan(original)))
        expect(valueOf(planned(diagram, given, batch, original.contraction === undefined ? {} : { saved }))).toEqual(
          original,
        )
      }),
      { numRuns: 300 },
    )
  })

  test('is the same order, for random factor graphs, with and without slices', () => {
    fc.assert(
      fc.property(numberedGraph(smallShape), fc.constantFrom(undefined, 6, 20), ({ graph }, memoryLimit) => {
        const order = contractionOrder(graph, memoryLimit === undefined ? { exactUpTo: 2 } : { memoryLimit })
        const { form, batch } = plan
        const saved = parsePlan(printPlan({ form, batch, measures: [], contraction: { graph, order } }))
        expect(valueOf(saved)).toMatchObject({ graph, order })
      }),
      { numRuns: 1000 },
    )
  })

  test('its order is taken as it is, also where planning would find another', () => {
    // From the wrong end: matrix by matrix, not vector by matrix.
    const document = JSON.parse(text)
    document.order.steps = [
      [2, 3],
      [1, 5],
      [0, 6],
      [4, 7],
    ]
    const order = contractionOrder(plan.contraction!.graph)
    expect(order.operations).toBe(3 * 2 * 4 + 2 * 6)
    Object.assign(document.order, { operations: 2 * 8 + 2 * 8 + 2 * 4 + 2 * 6, largest: 4, peak: 8 })
    const saved = valueOf(parsePlan(JSON.stringify(document)))
    const again: Plan = valueOf(planned(chain, meanings, 2, { saved }))
    expect(again.contraction!.order.operations).toBe(52)
    expect(again.operations).toBe(52 + 4 * 3)
  })

  test('as text', () => {
    expect(text.split('\n').slice(1)).toEqual([
      '"graph":{"factors":[',
      '[0],',
      '[0,1],',
      '[1,2],',
      '[2,3],',
      '[3,4]',
      '],"functions":[],"sizes":[[0,2],[1,2],[2,2],[3,2],[4,3]],"wanted":[4]},',
      '"order":{"strategy":"exact","steps":[',
      '[1,0],',
      '[2,5],',
      '[3,6],',
      '[4,7]',
      '],"sliced":[],"once":4,"operations":36,"largest":3,"peak":5}}',
      '',
    ])
  })
})

describe('a plan of something else', () => {
  const problemOf = (diagram: Diagram, given: NumericMeanings, batch: number): string => {
    const result = planned(diagram, given, batch, { saved: valueOf(parsePlan(text)) })
    if (!isLeft(result)) throw new Error('the plan fits')
    expect(result.left.kind).toBe('invalid-value')
    return `${result.left.where}: ${result.left.what}`
  }
  test.each([
    ['another diagram', seq(start, turn, end), 2, 'saved plan, key: it is the plan of another diagram'],
    ['another batch', chain, 3, 'saved plan, batch: it is for batches of 2, and this one has 3'],
  ])('%s', (_, diagram, batch, message) => {
    expect(problemOf(diagram, meanings, batch)).toBe(message)
  })

  test('other measures', () => {
    const result = planFor(chain, meanings, 2, [], { saved: valueOf(parsePlan(text)) })
    expect(result).toMatchObject({ _tag: 'Left', left: { where: 'saved plan, measures' } })
  })

  test('another factor graph of the same diagram: a box has been given a function', () => {
    const functions = { ...meanings, turn: { kind: 'finite-function', values: [[1], [0]] } } as const
    expect(problemOf(chain, functions, 2)).toBe(
      'saved plan, graph.functions: other factors are functions in it than in the diagram',
    )
  })
})

describe('what is no plan', () => {
  interface Document {
    version: unknown
    batch: unknown
    graph: { factors: unknown[][]; sizes: unknown[][]; wanted: unknown[]; functions: unknown[][] }
    order: {
      steps: unknown[][]
      sliced: unknown[]
      once: unknown
      operations: unknown
      strategy: unknown
      peak: unknown
    }
  }
  test.each<readonly [string, (document: Document) => void, string]>([
    ['another version', (d) => (d.version = 2), 'plan, version: found 2'],
    ['a text for a number', (d) => (d.batch = 'two'), "plan, batch: found the text 'two'"],
    ['an index without a size', (d) => (d.graph.factors[1] = [0, 9]), 'plan, graph.factors[1]: index 9 has no size'],
    ['a size that is no count', (d) => (d.graph.sizes[2] = [2, 1.5]), 'plan, graph.sizes[2]: found [2, 1.5]'],
    ['an index twice', (d) => (d.graph.sizes[2] = [1, 2]), 'plan, graph.sizes[2]: found [1, 2]'],
    ['a wanted index of no factor', (d) => (d.graph.wanted = [7]), 'plan, graph.wanted[0]: found 7'],
    [
      'a function of a factor that is not there',
      (d) => (d.graph.functions = [[8, 1]]),
      'plan, graph.functions[0]: found [8, 1]',
    ],
    ['a function of too many inputs', (d) => (d.graph.functions = [[1, 3]]), 'plan, graph.functions[0]: found [1, 3]'],
    ['an unknown strategy', (d) => (d.order.strategy = 'lucky'), "plan, order.strategy: found 'lucky'"],
    [
      'a factor twice',
      (d) => (d.order.steps[1] = [1, 5]),
      'plan, order.steps[1]: there is no tensor 1 that is still to be used',
    ],
    [
      'a tensor with itself',
      (d) => (d.order.steps[0] = [1, 1]),
      'plan, order.steps[0]: there is no tensor 1 that is still to be used',
    ],
    [
      'a later result',
      (d) => (d.order.steps[0] = [1, 6]),
      'plan, order.steps[0]: there is no tensor 6 that is still to be used',
    ],
    ['three operands', (d) => (d.order.steps[0] = [1, 0, 2]), 'plan, order.steps[0]: it has 3 operands'],
    ['a sum of a result', (d) => (d.order.steps[1] = [5]), 'plan, order.steps[1]: it sums the result of a step'],
    ['a factor left over', (d) => d.order.steps.pop(), 'plan, order.steps: tensor 4 is left over'],
    ['a sliced index that is wanted', (d) => (d.order.sliced = [4]), 'plan, order.sliced[0]: found 4'],
    ['a loop over nothing', (d) => (d.order.once = 2), 'plan, order.once: found 2'],
    [
      'a step before the loop that depends on it',
      (d) => (d.order.sliced = [0]),
      'plan, order.steps[0]: it depends on sliced indices',
    ],
    ['another prediction', (d) => (d.order.operations = 35), 'plan, order.operations: 35 are predicted'],
    ['another peak', (d) => (d.order.peak = 4), 'plan, order.peak: 4 are predicted'],
  ])('%s', (_, change, message) => {
    const document = JSON.parse(text) as Document
    change(document)
    const result = parsePlan(JSON.stringify(document))
    if (!isLeft(result)) throw new Error('it is a plan')
    expect(result.left.kind).toBe('malformed')
    expect(`${result.left.where}: ${result.left.what}`).toBe(message)
  })

  test('no JSON', () => {
    expect(parsePlan('{')).toMatchObject({ _tag: 'Left', left: { kind: 'malformed', where: 'plan' } })
    expect(parsePlan('[]')).toMatchObject({ _tag: 'Left', left: { where: 'plan, format', what: 'found nothing' } })
  })

  test('any change to any number is refused or is a plan', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: -2, max: 12 }), (place, number) => {
        const places = [...text.matchAll(/\d+/g)]
        const { index, 0: old } = places[place % places.length]!
        const result = parsePlan(text.slice(0, index) + String(number) + text.slice(index + old.length))
        if (isLeft(result)) expect(result.left.kind).toBe('malformed')
      }),
      { numRuns: 500 },
    )
  })
})
