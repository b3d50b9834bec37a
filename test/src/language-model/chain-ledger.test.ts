import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { box, type Diagram, finite, program, state } from '../../../dsl/index.js'
import { FinStoch } from '../../../src/category/fin-stoch.js'
import { shannonEntropy } from '../../../src/information/categorical-entropy.js'
import { interpret } from '../../../src/interpret.js'
import { chainLedger, type LedgerStage } from '../../../src/language-model/chain-ledger.js'
import type { DataKernel } from '../../../src/language-model/data-kernel.js'
import { classesOf, givenClass } from '../../../src/language-model/encoding-classes.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { processKernel } from '../../../src/language-model/process-law.js'
import { logSoftmax } from '../../../src/linear-algebra/log-softmax.js'
import { anyKernel } from '../../support/language-model.js'
import { valueOf } from '../../support/value-of.js'

/** The head that knows the law given its stage. */
const best = ({ weights, next, symbols }: DataKernel, classes: ArrayLike<number>): Float64Array => {
  const merged = classesOf(Float64Array.from(classes), weights.length)
  const { features } = givenClass(next, weights, merged)
  const width = symbols.length
  return Float64Array.from(next, (_, place) =>
    Math.log(features[merged.of[Math.floor(place / width)]! * width + (place % width)]!),
  )
}

const mess3 = valueOf(processKernel(valueOf(parseProcess('mess3')), 5))
const lastOf = (count: number): LedgerStage => ({
  name: `last ${count}`,
  classes: Array.from(mess3.weights, (_, x) =>
    mess3.contexts.subarray(5 * x + 5 - count, 5 * x + 5).reduce((code, symbol) => 3 * code + symbol, 0),
  ),
})
const bag: LedgerStage = {
  name: 'bag',
  classes: Array.from(mess3.weights, (_, x) =>
    mess3.contexts.subarray(5 * x, 5 * x + 5).reduce((code, symbol) => code + [1, 6, 36][symbol]!, 0),
  ),
}

describe('the ledger of mess3 .05/.85 at n = 5, nats', () => {
  test.each([
    [lastOf(1), 0.240893, 0.063936, 3],
    [lastOf(2), 0.285257, 0.019573, 9],
    [lastOf(3), 0.300495, 0.004335, 27],
    [bag, 0.250665, 0.054164, 21],
    [lastOf(5), 0.304829, 0, 243],
  ])('one stage: $name', (stage, information, loss, distinct) => {
    const { lines, headLoss, residual, ...whole } = valueOf(chainLedger(mess3, [stage], best(mess3, stage.classes)))
    expect(whole.information).toBeCloseTo(0.304829, 6)
    expect(lines[0]!.information).toBeCloseTo(information, 6)
    expect(lines[0]!.loss).toBeCloseTo(loss, 6)
    expect(lines[0]!.distinct).toBe(distinct)
    expect(headLoss).toBeCloseTo(0, 14)
    expect(residual).toBeCloseTo(0, 14)
    expect(whole.divergence).toBeCloseTo(loss, 6)
  })

  test('layer by layer: each forgets one symbol more', () => {
    const stages = [lastOf(5), lastOf(4), lastOf(3), lastOf(2), lastOf(1)]
    const even = new Float64Array(mess3.next.length).fill(-Math.log(3))
    const { lines, headLoss, divergence, information, residual } = valueOf(chainLedger(mess3, stages, even))
    const losses = lines.map(({ loss }) => loss)
    expect(losses[0]).toBe(0)
    // Of the golden figures: what is lost from five symbols to three, to two, to one.
    expect(losses[1]! + losses[2]!).toBeCloseTo(0.004335, 6)
    expect(losses[3]).toBeCloseTo(0.019573 - 0.004335, 5)
    expect(losses[4]).toBeCloseTo(0.063936 - 0.019573, 5)
    expect(lines.map(({ distinct }) => distinct)).toEqual([243, 81, 27, 9, 3])
    // An even head loses all that is left, and the whole is I(W; X), as the process is symmetric.
    expect(headLoss).toBeCloseTo(0.240893, 6)
    expect(divergence).toBeCloseTo(information, 14)
    expect(residual).toBeCloseTo(0, 14)
    // A line is the difference of two informations that are computed apart.
    let before = information
    for (const line of lines) {
      expect(line.loss).toBeCloseTo(before - line.information, 14)
      before = line.information
    }
  })
})

/** A chain of up to four merging maps, each from six labels to six, and logits for the labels of the last. */
const chains = fc.record({
  first: fc.array(fc.nat(5), { minLength: 16, maxLength: 16 }),
  maps: fc.array(fc.array(fc.nat(5), { minLength: 6, maxLength: 6 }), { maxLength: 3 }),
  logits: fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 24, maxLength: 24 }),
})
type Chain = typeof chains extends fc.Arbitrary<infer A> ? A : never

const stagesOf = (count: number, { first, maps }: Chain): readonly (readonly number[])[] =>
  maps.reduce<readonly (readonly number[])[]>(
    (stages, map) => [...stages, stages[stages.length - 1]!.map((label) => map[label]!)],
    [first.slice(0, count)],
  )

const predictionsOf = (labels: readonly number[], width: number, { logits }: Chain): Float64Array =>
  Float64Array.from(labels.flatMap((label) => [...logSoftmax(logits.slice(4 * label, 4 * label + width))]))

describe('chainLedger', () => {
  test('an equality whose lines are at least zero, for every chain and head', () => {
    fc.assert(
      fc.property(anyKernel, chains, (kernel, chain) => {
        const stages = stagesOf(kernel.weights.length, chain)
        const found = valueOf(
          chainLedger(
            kernel,
            stages.map((classes, k) => ({ name: `stage ${k}`, classes })),
            predictionsOf(stages[stages.length - 1]!, kernel.symbols.length, chain),
          ),
        )
        expect(Math.abs(found.residual)).toBeLessThan(1e-12)
        for (const loss of [...found.lines.map((line) => line.loss), found.headLoss, found.divergence])
          expect(loss).toBeGreaterThanOrEqual(0)
        let before = found.information
        found.lines.forEach(({ loss, information, distinct }, k) => {
          expect(Math.abs(before - information - loss)).toBeLessThan(1e-12)
          expect(distinct).toBe(new Set(stages[k]).size)
          before = information
        })
      }),
    )
  })

  test('the lines are the conditional informations of the diagram, evaluated in FinStoch', () => {
    fc.assert(
      fc.property(anyKernel, chains, (kernel, chain) => {
        const n = kernel.weights.length
        const width = kernel.symbols.length
        const [first, second] = stagesOf(n, { ...chain, maps: [chain.maps[0] ?? [0, 1, 2, 0, 1, 2]] })
        const [X, E, H, W] = [finite('X', n), finite('E', 6), finite('H', 6), finite('W', width)]
        const indicator = (label: number): readonly number[] =>
          [0, 1, 2, 3, 4, 5].map((each) => (each === label ? 1 : 0))
        const map = [0, 1, 2, 3, 4, 5].map((label) => second![first!.indexOf(label)] ?? 0)
        const boxes = {
          mu: state('mu', [X]),
          kEmb: box('k_emb', [X], [E], { deterministic: true }),
          kBb: box('k_bb', [E], [H], { deterministic: true }),
          kData: box('k_data', [X], [W]),
        }
        const meaning = interpret(FinStoch, {
          mu: [Array.from(kernel.weights)],
          k_emb: first!.map(indicator),
          k_bb: map.map(indicator),
          k_data: Array.from({ length: n }, (_, x) => Array.from(kernel.next.subarray(x * width, (x + 1) * width))),
        })
        // I(W; A | B) where B is a function of A: H(W, B) - H(B) - H(W, A) + H(A).
        const entropy = (keep: readonly ('x' | 'e' | 'h' | 'w')[]): number => {
          const diagram: Diagram = program([], () => {
            const [x] = boxes.mu()
            const [e] = boxes.kEmb(x)
            const [h] = boxes.kBb(e)
            const [w] = boxes.kData(x)
            const wires = { x, e, h, w }
            return keep.map((name) => wires[name])
          })
          return shannonEntropy(valueOf(meaning(diagram)).entries)
        }
        const given = (a: 'x' | 'e', b: 'e' | 'h'): number =>
          entropy(['w', b]) - entropy([b]) - entropy(['w', a]) + entropy([a])
        const { lines } = valueOf(
          chainLedger(
            kernel,
            [
              { name: 'e', classes: first! },
              { name: 'h', classes: second! },
            ],
            predictionsOf(second!, width, chain),
          ),
        )
        expect(lines[0]!.loss).toBeCloseTo(given('x', 'e'), 12)
        expect(lines[1]!.loss).toBeCloseTo(given('e', 'h'), 12)
      }),
      { numRuns: 40 },
    )
  })

  test('no stage at all: the head carries the divergence', () => {
    const found = valueOf(chainLedger(mess3, [], best(mess3, lastOf(1).classes)))
    expect(found.lines).toEqual([])
    expect(found.headLoss).toBe(found.divergence)
    expect(found.divergence).toBeCloseTo(0.063936, 6)
  })

  test('refuses what is no chain', () => {
    const even = new Float64Array(mess3.next.length).fill(-Math.log(3))
    expect(chainLedger(mess3, [lastOf(1), lastOf(2)], even)).toMatchObject({
      left: { what: 'another context has its last 1 and not its last 2' },
    })
    expect(chainLedger(mess3, [lastOf(1)], best(mess3, lastOf(2).classes))).toMatchObject({
      left: { what: 'another context has its last 1 and not its prediction' },
    })
    expect(chainLedger(mess3, [{ name: 'short', classes: [0] }], even)).toMatchObject({
      left: { what: 'an array does not have one row for each context' },
    })
    expect(chainLedger(mess3, [], even.subarray(1))).toMatchObject({ left: { kind: 'invalid-value' } })
    const ruledOut = Float64Array.from(even, (log, place) => (place === 4 ? -Infinity : log))
    expect(chainLedger(mess3, [], ruledOut)).toMatchObject({ left: { where: 'ledger, context 1, symbol 1' } })
  })
})
