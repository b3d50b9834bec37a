import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  box,
  copy,
  type Diagram,
  diagramOf,
  discard,
  equal,
  id,
  normalForm,
  par,
  permute,
  seq,
  swap,
  wiringOf,
} from '../../dsl/index.js'
import { checkDerivation } from '../../dsl/check-derivation.js'
import { type Derivation, type DerivationStep, showDerivation } from '../../dsl/derivation.js'
import { derive } from '../../dsl/derive.js'
import { explain } from '../../dsl/explain.js'
import { lawsOfSyntax } from '../../dsl/structural-laws.js'
import { distance, FinStoch } from '../../src/category/fin-stoch.js'
import { interpret } from '../../src/interpret.js'
import { valueOf } from '../support/value-of.js'
import {
  A,
  B,
  reword,
  rewordings,
  vocabulary,
  vocabularyDiagram,
  vocabularyMeanings,
} from '../support/vocabulary-diagram.js'

const { s, f, g, d, e } = vocabulary

const derivationOf = (left: Diagram, right: Diagram): Derivation => {
  const result = derive(left, right)
  if (isLeft(result)) throw new Error(`no derivation: ${JSON.stringify(result.left)}`)
  return result.right
}
const isProof = (derivation: Derivation): boolean => isRight(checkDerivation(derivation))

/** Two ways to write one diagram. */
const equalPair = fc
  .tuple(
    vocabularyDiagram({ words: ['s', 'f', 'k', 'm', 'toB', 'd', 'd', 'e', 'split'], boxes: [0, 7], outputs: [0, 4] }),
    rewordings,
    rewordings,
  )
  .map(([diagram, one, other]) => [one.reduce(reword, diagram), other.reduce(reword, diagram)] as const)

const counted = (
  steps: readonly DerivationStep[],
  axiom: DerivationStep['axiom'],
  direction: 'forwards' | 'backwards',
): number => steps.filter((step) => step.axiom === axiom && 'direction' in step && step.direction === direction).length

describe('derive', () => {
  test('gives a proof for equal diagrams, one step for each box that goes', () => {
    const used = new Map<string, number>()
    fc.assert(
      fc.property(equalPair, ([left, right]) => {
        const derivation = derivationOf(left, right)
        expect(isProof(derivation)).toBe(true)
        const { steps } = derivation
        if (left === right) {
          expect(steps).toEqual([])
          return
        }
        for (const { axiom } of steps) used.set(axiom, (used.get(axiom) ?? 0) + 1)
        const [discards, copies] = ['discard is natural', 'copy is natural for deterministic boxes'] as const
        for (const [diagram, direction] of [
          [left, 'forwards'],
          [right, 'backwards'],
        ] as const) {
          const gone = counted(steps, discards, direction) + counted(steps, copies, direction)
          expect(gone).toBe(wiringOf(diagram).boxes.length - normalForm(diagram).boxes.length)
        }
        // Down to the smallest diagram, then up again.
        const turn = steps.findIndex((step) => 'direction' in step && step.direction === 'backwards')
        if (turn !== -1)
          expect(steps.slice(turn).every((step) => !('direction' in step) || step.direction === 'backwards')).toBe(true)
      }),
      { numRuns: 2000 },
    )
    expect(used.get('discard is natural')).toBeGreaterThan(500)
    expect(used.get('copy is natural for deterministic boxes')).toBeGreaterThan(30)
  })

  test('every diagram of a proof has the same meaning in FinStoch, to 1e-9', () => {
    fc.assert(
      fc.property(equalPair, vocabularyMeanings, ([left, right], meanings) => {
        const meaning = interpret(FinStoch, meanings)
        const expected = valueOf(meaning(left))
        for (const { after } of derivationOf(left, right).steps)
          expect(distance(expected, valueOf(meaning(after)))).toBeLessThan(1e-9)
      }),
      { numRuns: 150 },
    )
  })

  test('gives the explanation for diagrams that differ', () => {
    const diagrams = vocabularyDiagram({ inputs: [A, B], boxes: [0, 5], outputs: [1, 2] })
    let different = 0
    fc.assert(
      fc.property(diagrams, diagrams, (left, right) => {
        const result = derive(left, right)
        expect(isRight(result)).toBe(equal(left, right))
        if (!isLeft(result)) return
        different += 1
        expect(JSON.stringify(result.left)).toBe(JSON.stringify(explain(left, right)))
      }),
      { numRuns: 1000 },
    )
    expect(different).toBeGreaterThan(200)
  })

  test('discard is natural', () => {
    const derivation = derivationOf(seq(f, copy(A), par(g, id(A)), par(discard(A), id(A))), f)
    expect(showDerivation(derivation)).toBe(
      [
        '1. structural: identity, interchange, copy is counital, program notation',
        '2. discard is natural: box 1, g, is deleted',
        '3. structural: program notation',
      ].join('\n'),
    )
    expect(showDerivation(derivationOf(discard(A, A), seq(par(f, g), discard(A, A))))).toBe(
      [
        '1. structural: discard of a tensor, program notation',
        '2. discard is natural: box 0, f, is added',
        '3. discard is natural: box 1, g, is added',
        '4. structural: interchange, discard of a tensor, program notation',
      ].join('\n'),
    )
  })

  test('copy is natural for deterministic boxes', () => {
    const derivation = derivationOf(seq(copy(A), par(d, d), e), seq(d, copy(A), e))
    expect(showDerivation(derivation)).toBe(
      [
        '1. structural: interchange, program notation',
        '2. copy is natural for deterministic boxes: boxes 0 and 1, d, become one',
        '3. structural: program notation',
      ].join('\n'),
    )
    const back = derivationOf(seq(d, copy(A), e), seq(copy(A), par(d, d), e))
    expect(showDerivation(back)).toContain('one box becomes boxes 0 and 1, d')
    expect(isLeft(derive(seq(copy(A), par(f, f)), seq(f, copy(A))))).toBe(true)
  })

  test('a diagram is itself without a step, and a normal form is where it is', () => {
    expect(derivationOf(f, f).steps).toEqual([])
    expect(showDerivation(derivationOf(f, f))).toBe('the two diagrams are the same')
    const form = diagramOf(normalForm(seq(f, copy(A), par(f, g))))
    expect(derivationOf(form, diagramOf(normalForm(form))).steps).toEqual([])
  })

  test('the structural laws that a diagram gives occasion for', () => {
    expect(lawsOfSyntax(f)).toEqual([])
    expect(lawsOfSyntax(seq(seq(f, g), f))).toEqual(['associativity of ;'])
    expect(lawsOfSyntax(par(par(f, g), f))).toEqual(['associativity of the tensor'])
    expect(lawsOfSyntax(seq(id(A), f))).toEqual(['identity'])
    expect(lawsOfSyntax(par(id(), f))).toEqual(['unit of the tensor'])
    expect(lawsOfSyntax(seq(par(f, g), par(g, f)))).toEqual(['interchange'])
    expect(lawsOfSyntax(par(seq(f, g), seq(g, f)))).toEqual(['interchange'])
    expect(lawsOfSyntax(seq(par(f, g), swap(A, A)))).toEqual(['interchange', 'swap is natural'])
    expect(lawsOfSyntax(seq(swap(A, B), swap(B, A)))).toEqual(['swap is natural', 'swap is involutive'])
    expect(lawsOfSyntax(swap(A, [B, A]))).toEqual(['swap is natural', 'hexagon'])
    expect(lawsOfSyntax(permute([A, B], [0, 1]))).toEqual(['identity'])
    expect(lawsOfSyntax(seq(copy(A), par(copy(A), f)))).toEqual(['interchange', 'copy is coassociative'])
    expect(lawsOfSyntax(seq(copy(A), swap(A, A)))).toEqual(['swap is natural', 'copy is cocommutative'])
    expect(lawsOfSyntax(seq(copy(A), par(discard(A), f)))).toEqual(['interchange', 'copy is counital'])
    expect(lawsOfSyntax(copy(A, B))).toEqual(['copy of a tensor'])
    expect(lawsOfSyntax(discard(A, B))).toEqual(['discard of a tensor'])
    expect(lawsOfSyntax(diagramOf(wiringOf(seq(copy(A), par(copy(A), discard(A))))))).toEqual(['program notation'])
    expect(lawsOfSyntax(diagramOf(wiringOf(seq(copy(A), par(copy(A), f)))))).toEqual([
      'copy is coassociative',
      'program notation',
    ])
  })

  test('a derivation that is too large is a problem', () => {
    const chain = seq(f, ...new Array<Diagram>(2000).fill(f), discard(A))
    expect(derive(chain, discard(A))).toMatchObject({ _tag: 'Left', left: { kind: 'out-of-range' } })
    expect(derive(chain, discard(A), { limit: 10_000_000 })).toMatchObject({ _tag: 'Right' })
    expect(derive(seq(id(A), f), f, { limit: 1 })).toMatchObject({ _tag: 'Left', left: { kind: 'out-of-range' } })
    expect(derive(seq(id(A), f), f, { limit: 2 })).toMatchObject({ _tag: 'Right' })
  })

  test('deep diagrams', () => {
    const chain = seq(f, ...new Array<Diagram>(50_000).fill(f))
    const derivation = derivationOf(seq(id(A), chain, copy(A), par(id(A), discard(A))), chain)
    expect(derivation.steps.map(({ axiom }) => axiom)).toEqual(['structural', 'structural'])
    expect(isProof(derivation)).toBe(true)
  })
})

describe('checkDerivation', () => {
  /** Derivations with two steps that change the graph at least. */
  const proofs = equalPair
    .map(([left, right]) => derivationOf(left, right))
    .filter(({ steps }) => steps.filter(({ axiom }) => axiom !== 'structural').length > 1)

  test('rejects a proof with a step left out', () => {
    fc.assert(
      fc.property(proofs, fc.nat(99), (derivation, pick) => {
        const places = derivation.steps.flatMap(({ axiom }, index) => (axiom === 'structural' ? [] : [index]))
        const dropped = places[pick % places.length]!
        expect(isProof({ ...derivation, steps: derivation.steps.filter((_, index) => index !== dropped) })).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  test('rejects a step with the name of another axiom, another place or the other direction', () => {
    fc.assert(
      fc.property(proofs, fc.nat(99), (derivation, pick) => {
        const places = derivation.steps.flatMap(({ axiom }, index) => (axiom === 'structural' ? [] : [index]))
        const at = places[pick % places.length]!
        const step = derivation.steps[at]!
        if (step.axiom === 'structural') throw new Error('not a structural step')
        const changed = (other: DerivationStep): boolean =>
          isProof({ ...derivation, steps: derivation.steps.map((each, index) => (index === at ? other : each)) })
        const { name, direction, after } = step
        const opposite = direction === 'forwards' ? 'backwards' : 'forwards'
        expect(changed({ ...step, direction: opposite })).toBe(false)
        expect(changed({ ...step, name: `${name}'` })).toBe(false)
        expect(
          changed({ axiom: 'structural', laws: [], boxes: wiringOf(after).boxes.map((_, box) => box), after }),
        ).toBe(false)
        if (step.axiom === 'discard is natural') {
          expect(changed({ ...step, box: 99 })).toBe(false)
          expect(
            changed({
              axiom: 'copy is natural for deterministic boxes',
              direction,
              kept: step.box,
              merged: step.box,
              name,
              after,
            }),
          ).toBe(false)
        } else {
          expect(changed({ ...step, kept: step.merged })).toBe(false)
          expect(changed({ ...step, kept: 99 })).toBe(false)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('rejects what looks like an axiom and is none', () => {
    const graph = (diagram: Diagram) => diagramOf(wiringOf(diagram))
    const merge = {
      axiom: 'copy is natural for deterministic boxes',
      direction: 'forwards',
      kept: 0,
      merged: 1,
    } as const
    // Two draws of a stochastic box are not one.
    const [twice, once] = [graph(seq(copy(A), par(f, f))), graph(seq(f, copy(A)))]
    expect(isProof({ left: twice, right: once, steps: [{ ...merge, name: 'f', after: once }] })).toBe(false)
    // Deterministic boxes that read different wires are not one, nor are different ones.
    const [two, one] = [graph(par(d, d)), graph(seq(par(d, discard(A)), copy(A)))]
    expect(isProof({ left: two, right: one, steps: [{ ...merge, name: 'd', after: one }] })).toBe(false)
    const [sum, single] = [
      graph(seq(copy(A), par(d, box('z', [A], [A], { deterministic: true })))),
      graph(seq(d, copy(A))),
    ]
    expect(isProof({ left: sum, right: single, steps: [{ ...merge, name: 'd', after: single }] })).toBe(false)
    // A box that is used cannot be discarded.
    const [used, unused] = [graph(seq(f, g)), graph(g)]
    const discarded = { axiom: 'discard is natural', direction: 'forwards', box: 0, name: 'f', after: unused } as const
    expect(isProof({ left: used, right: unused, steps: [discarded] })).toBe(false)
    // Two boxes do not go in one step.
    const [both, none] = [graph(seq(par(f, g), discard(A, A))), graph(discard(A, A))]
    expect(isProof({ left: both, right: none, steps: [{ ...discarded, after: none }] })).toBe(false)
    // Wires that are exchanged are not the same graph.
    const [straight, crossed] = [graph(par(f, f)), graph(seq(par(f, f), swap(A, A)))]
    for (const boxes of [[0, 1], [1, 0], [0, 0], [0], []])
      expect(
        isProof({ left: straight, right: crossed, steps: [{ axiom: 'structural', laws: [], boxes, after: crossed }] }),
      ).toBe(false)
    // A chain that ends elsewhere, and one between different types.
    expect(isProof({ left: f, right: g, steps: [] })).toBe(false)
    expect(isProof({ left: f, right: seq(f, discard(A)), steps: [] })).toBe(false)
    expect(isProof({ left: s, right: s, steps: [] })).toBe(true)
    const said = checkDerivation({ left: used, right: unused, steps: [discarded] })
    expect(said).toMatchObject({ _tag: 'Left', left: { kind: 'invalid-value', where: 'step 1, discard is natural' } })
  })
})
