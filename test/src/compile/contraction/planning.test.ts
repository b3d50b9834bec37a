/** Contraction orders in the plans of diagrams: look-ups, slices, and what the published networks take. */
import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { box, type Diagram, finite, program, seq, sequence } from '../../../../dsl/index.js'
import { parseBif } from '../../../../src/bayesian-network/bif.js'
import { marginalDiagram, networkMeanings } from '../../../../src/bayesian-network/diagram.js'
import { networkMarginal } from '../../../../src/bayesian-network/inference.js'
import { FinStoch } from '../../../../src/category/fin-stoch.js'
import { chooseBackend } from '../../../../src/compile/backend.js'
import { compile } from '../../../../src/compile/evaluate.js'
import type { Evaluation } from '../../../../src/compile/evaluation.js'
import { finiteFunction, type NumericMeanings } from '../../../../src/compile/meaning.js'
import { operationCount } from '../../../../src/compile/operation.js'
import type { Plan } from '../../../../src/compile/plan.js'
import type { PlanOptions } from '../../../../src/compile/plan-of.js'
import { planFor } from '../../../support/plan-for.js'
import { interpret } from '../../../../src/interpret.js'
import { bifOf, networksAreThere } from '../../../support/bayesian-networks.js'
import { meantDiagram } from '../../../support/finite-diagram.js'
import { jointOf } from '../../../support/joint.js'
import { valueOf } from '../../../support/value-of.js'

const planned = (diagram: Diagram, meanings: NumericMeanings, batch = 1, options: PlanOptions = {}): Plan =>
  valueOf(planFor(diagram, meanings, batch, [], options))

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((most, x, place) => Math.max(most, Math.abs(x - b[place]!)), 0)
}

const candidates = ['cpu', 'webasm', 'onnx'] as const
const present: (typeof candidates)[number][] = []
for (const name of candidates) if (isRight(await chooseBackend(name))) present.push(name)

/** The evaluation in float64 and on every backend that is present. */
const evaluations = async (
  diagram: Diagram,
  meanings: NumericMeanings,
  inputs: readonly (readonly number[])[],
  contraction: PlanOptions = {},
  backends: typeof present = present,
): Promise<readonly Evaluation[]> => {
  const all: Evaluation[] = []
  for (const backend of backends) {
    const evaluator = valueOf(await compile(diagram, meanings, { backend, contraction, entropies: ['shannon'] }))
    if (all.length === 0) all.push(valueOf(evaluator.reference(inputs)))
    all.push(valueOf(await evaluator.run(inputs)))
    await evaluator.dispose()
  }
  return all
}

describe('deterministic boxes', () => {
  const Bit = finite('Bit', 2)
  const Context = sequence('Context', Bit, 3)
  /** Drops the first symbol of a context and appends one. */
  const shift = box('shift', [Context, Bit], [Context], { deterministic: true })
  const draw = box('draw', [Context], [Bit])
  const read = box('read', [Context], [Bit])
  const shifted = Array.from({ length: 16 }, (_, row) => [row % 8])
  const odds = Array.from({ length: 8 }, (_, context) => [(1 + context) / 10, (9 - context) / 10])
  const meanings = { shift: finiteFunction(shifted), draw: odds, read: odds }

  test('on values they are gathers, sequences too', async () => {
    const known = seq(shift, box('mirror', [Context], [Context, Bit], { deterministic: true }))
    const mirrored = Array.from({ length: 8 }, (_, c) => [((c & 1) << 2) | (c & 2) | (c >> 2), c & 1])
    const both = { ...meanings, mirror: finiteFunction(mirrored) }
    expect(planned(known, both).steps.map(({ operation }) => operation.kind)).toEqual(['gather', 'gather'])
    for (const evaluation of await evaluations(known, both, [
      [1, 0, 1, 0, 1, 1],
      [1, 0],
    ])) {
      const [context, bit] = evaluation.outputs
      if (context?.kind !== 'value' || bit?.kind !== 'value') throw new Error('the outputs are values')
      // 101 and 1 make 011, its mirror 110; 011 and 0 make 110, its mirror 011.
      expect(Array.from(context.entries)).toEqual([1, 1, 0, 0, 1, 1])
      expect(Array.from(bit.entries)).toEqual([1, 0])
    }
  })

  /** From a context: draw, shift, and so on; what is read at the end. */
  const walk = (steps: number, move = shift): Diagram =>
    program([Context], (context) => {
      let now = context
      for (let step = 0; step < steps; step++) {
        const [bit] = draw(now)
        ;[now] = move(now, bit)
      }
      return read(now)
    })

  test('on random outcomes their values are looked up, and their tables are never built', async () => {
    const plan = planned(walk(3), meanings)
    const names = plan.tensors.flatMap(({ source }) =>
      source.kind === 'parameter' ? [`${source.box.name} ${source.parameter}`] : [],
    )
    expect(new Set(names)).toEqual(new Set(['draw kernel', 'shift function', 'read kernel']))
    expect(plan.steps.some(({ operation }) => operation.kind === 'gather' && operation.at !== undefined)).toBe(true)

    const inputs = [Array.from({ length: 8 }, (_, c) => [c >> 2, (c >> 1) & 1, c & 1]).flat()]
    const exact = valueOf(
      interpret(FinStoch, {
        draw: odds,
        read: odds,
        shift: shifted.map(([to]) => Array.from({ length: 8 }, (_, c) => (c === to ? 1 : 0))),
      })(walk(3)),
    )
    const [reference, ...kernels] = await evaluations(walk(3), meanings, inputs)
    expect(largestDifference(jointOf(reference!).flat(), exact.entries)).toBeLessThan(1e-14)
    for (const evaluation of kernels)
      expect(largestDifference(jointOf(evaluation).flat(), exact.entries)).toBeLessThan(1e-6)
  })

  test('a look-up takes no multiplication', () => {
    const rows = shifted.map(([to]) => Array.from({ length: 8 }, (_, c) => (c === to ? 1 : 0)))
    const looked = planned(walk(6), meanings)
    expect(planned(walk(6), { ...meanings, shift: rows }).operations).toBe(looked.operations)
    // The same walk by a box that is not known to be deterministic.
    const opaque = box('shift', [Context, Bit], [Context])
    expect(planned(walk(6, opaque), { ...meanings, shift: rows }).operations).toBeGreaterThan(3 * looked.operations)
  })

  test('random diagrams, however they are planned, agree with the interpreter and take what is predicted', async () => {
    const options = fc.constantFrom<PlanOptions>({}, { exactUpTo: 0, tries: 2 }, { memoryLimit: 8 })
    await fc.assert(
      fc.asyncProperty(meantDiagram, options, async ({ diagram, meanings: given }, contraction) => {
        const evaluator = await compile(diagram, given, { backend: 'cpu', contraction })
        const plan = isLeft(evaluator) ? evaluator : evaluator.right.plan(1)
        if (isLeft(evaluator) || isLeft(plan)) {
          expect(isLeft(plan) && plan.left).toMatchObject({ kind: 'unsupported', where: 'plan, memory limit' })
          return
        }
        const exact = valueOf(interpret(FinStoch, given)(diagram))
        const [row] = jointOf(
          valueOf(
            evaluator.right.reference(
              diagram.inputs.map(() => [0]),
              { batch: 1 },
            ),
          ),
        )
        expect(largestDifference(row!, exact.entries.slice(0, row!.length))).toBeLessThan(1e-12)
        const { contraction: contracted, loop, steps } = plan.right
        if (contracted === undefined || loop !== undefined) return
        const products = steps.filter(({ operation }) => operation.kind === 'contract')
        expect(products.reduce((sum, { operation }) => sum + operationCount(operation), 0)).toBe(
          contracted.order.operations,
        )
      }),
      { numRuns: 1500 },
    )
  })
})

describe('slices', () => {
  const [X, Y] = [finite('X', 5), finite('Y', 4)]
  const split = box('split', [Y], [X, X])
  const left = box('left', [X], [Y])
  const right = box('right', [X], [Y])
  const join = box('join', [Y, Y], [Y])
  const ladder = program([Y], (y) => {
    let now = y
    for (let step = 0; step < 3; step++) {
      const [a, b] = split(now)
      const [c] = left(a)
      const [d] = right(b)
      ;[now] = join(c, d)
    }
    return [now]
  })
  const rows = (height: number, width: number, seed: number): number[][] =>
    Array.from({ length: height }, (_, row) => {
      const weights = Array.from({ length: width }, (_, column) => 1 + Math.sin(seed + 1.7 * row + 2.3 * column))
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      return weights.map((weight) => weight / total)
    })
  const meanings = { split: rows(4, 25, 1), left: rows(5, 4, 2), right: rows(5, 4, 3), join: rows(16, 4, 4) }
  const inputs = [[0, 3, 2]]

  test('a contraction within a memory limit is a loop, and gives the same', async () => {
    const free = planned(ladder, meanings, 3)
    expect(free.loop).toBeUndefined()
    const peak = free.contraction!.order.peak
    const limit = Math.floor(peak / 3)
    const plan = planned(ladder, meanings, 3, { memoryLimit: limit })
    expect(plan.loop).toBeDefined()
    expect(plan.contraction!.order.peak).toBeLessThanOrEqual(limit)
    expect(plan.operations).toBeGreaterThan(free.operations)
    const exact = valueOf(interpret(FinStoch, meanings)(ladder))
    // An ONNX graph has no loop.
    const inOneGraph = present.filter((name) => name !== 'onnx')
    const sliced = await evaluations(ladder, meanings, inputs, { memoryLimit: limit }, inOneGraph)
    expect(sliced.length).toBe(1 + inOneGraph.length)
    for (const [place, evaluation] of sliced.entries()) {
      const expected = inputs[0]!.flatMap((row) => Array.from(exact.entries.slice(4 * row, 4 * row + 4)))
      expect(largestDifference(jointOf(evaluation).flat(), expected)).toBeLessThan(place === 0 ? 1e-14 : 1e-6)
      const entropy = expected.slice(0, 4).reduce((sum, p) => sum - p * Math.log(p), 0)
      expect(evaluation.entropies.shannon![0]).toBeCloseTo(entropy, place === 0 ? 13 : 5)
    }
  })

  test('a limit below what is wanted is a problem', async () => {
    const evaluator = valueOf(await compile(ladder, meanings, { backend: 'cpu', contraction: { memoryLimit: 5 } }))
    expect(await evaluator.run([[0]])).toMatchObject({
      _tag: 'Left',
      left: { kind: 'unsupported', where: 'plan, memory limit' },
    })
    await evaluator.dispose()
  })
})

describe('published Bayesian networks', () => {
  // Predicted operations of all marginals of one variable together; a greedy order takes 24,822 for alarm.
  test.skipIf(!networksAreThere).each([
    ['asia', 192],
    ['cancer', 88],
    ['earthquake', 88],
    ['survey', 192],
    ['child', 3312],
    ['alarm', 12_100],
  ])('%s: the marginals take at most %i operations', (name, most) => {
    const network = valueOf(parseBif(bifOf(name)))
    const given = networkMeanings(network)
    let operations = 0
    for (const { name: variable } of network.variables) {
      const plan = planned(valueOf(marginalDiagram(network, [variable])), given)
      operations += plan.operations
    }
    expect(operations).toBeLessThanOrEqual(most)
  })

  test.skipIf(!networksAreThere)('alarm: a marginal is that of the sum box after box', async () => {
    const network = valueOf(parseBif(bifOf('alarm')))
    const diagram = valueOf(marginalDiagram(network, ['BP', 'CATECHOL']))
    const exact = valueOf(networkMarginal(network, ['BP', 'CATECHOL']))
    for (const [place, evaluation] of (await evaluations(diagram, networkMeanings(network), [])).entries())
      expect(largestDifference(jointOf(evaluation)[0]!, exact.entries)).toBeLessThan(place === 0 ? 1e-14 : 1e-6)
  })
})
