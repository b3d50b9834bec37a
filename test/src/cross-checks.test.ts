/** One diagram in many categories: interpretations that a functor relates agree along it. */
import * as fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import type { Box, Diagram } from '../../dsl/index.js'
import { finite, real, type Wire } from '../../dsl/index.js'
import {
  type Arbitraries,
  diagrams,
  finSetArbitraries,
  finStochExactArbitraries,
  gaussExactArbitraries,
  supplyName,
} from '../../laws/index.js'
import { FinSet } from '../../src/category/fin-set.js'
import { FinSetMulti } from '../../src/category/fin-set-multi.js'
import { FinStoch } from '../../src/category/fin-stoch.js'
import { FinStochExact } from '../../src/category/fin-stoch-exact.js'
import { gaussRounding } from '../../src/category/functors/gauss-rounding.js'
import {
  inclusionInFinSetMulti,
  inclusionInFinStoch,
  inclusionInFinStochExact,
} from '../../src/category/functors/inclusion.js'
import { rounding } from '../../src/category/functors/rounding.js'
import { exactSupport } from '../../src/category/functors/support.js'
import { Gauss } from '../../src/category/gauss.js'
import { GaussExact } from '../../src/category/gauss-exact.js'
import type { MarkovCategory } from '../../src/category/markov-category.js'
import type { MarkovFunctor } from '../../src/category/markov-functor.js'
import { Sampler } from '../../src/category/sampler.js'
import { convergence } from '../../src/category/sampler/empirical-law.js'
import { sample } from '../../src/category/sampler/run.js'
import { interpret } from '../../src/interpret.js'
import { valueOf } from '../support/value-of.js'

const box = (name: string, inputs: readonly Wire[], outputs: readonly Wire[], deterministic = false): Box => ({
  kind: 'box',
  name,
  inputs,
  outputs,
  deterministic,
})

/** Boxes of every shape over two wires, and what supplies a wire where a random diagram has none. */
const signatureOver = (a: Wire, b: Wire): readonly Box[] => [
  box('coin', [], [a]),
  box('noise', [a], [b]),
  box('pair', [b], [a, b]),
  box('merge', [a, b], [a]),
  box('function', [b], [a], true),
]
const suppliesOf = (wires: readonly Wire[], deterministic: boolean): readonly Box[] =>
  wires.map((wire) => box(supplyName(wire), [], [wire], deterministic))

const [Bit, Trit] = [finite('Bit', 2), finite('Trit', 3)]
const [Line, Plane] = [real('Line', 1), real('Plane', 2)]
const finiteBoxes = signatureOver(Bit, Trit)
const functionBoxes = finiteBoxes.map((each) => ({ ...each, deterministic: true }))
const realBoxes = signatureOver(Line, Plane)

/** A random diagram, and a morphism for each box that it may have. */
const modelsOf = <Obj, Mor>(
  category: MarkovCategory<Obj, Mor, never>,
  arbitraries: Arbitraries<Obj, Mor>,
  boxes: readonly Box[],
  wires: readonly Wire[],
): fc.Arbitrary<{ readonly diagram: Diagram; readonly meanings: Readonly<Record<string, Mor>> }> => {
  const objectOf = (object: readonly Wire[]): Obj =>
    object.reduce((product, wire) => category.tensor(product, valueOf(category.objectOf(wire))), category.unit)
  const all = [
    ...boxes,
    ...suppliesOf(
      wires,
      boxes.every(({ deterministic }) => deterministic),
    ),
  ]
  const ends = fc.array(fc.constantFrom(...wires), { maxLength: 2 })
  return fc.record({
    diagram: fc.tuple(ends, ends).chain(([inputs, outputs]) => diagrams(boxes, inputs, outputs)),
    meanings: fc.record(
      Object.fromEntries(
        all.map(({ name, inputs, outputs, deterministic }) => [
          name,
          (deterministic ? arbitraries.deterministic : arbitraries.morphism)(objectOf(inputs), objectOf(outputs)),
        ]),
      ),
    ),
  })
}

/** The interpreter, with morphisms for meanings. */
const meaningIn =
  <Obj, Mor>(category: MarkovCategory<Obj, Mor, never>, meanings: Readonly<Record<string, Mor>>) =>
  (diagram: Diagram): Mor =>
    valueOf(interpret<Obj, Mor, Mor>({ ...category, read: right }, meanings)(diagram))

const agree = <ObjA, MorA, ObjB, MorB>(
  source: MarkovCategory<ObjA, MorA, never>,
  target: MarkovCategory<ObjB, MorB, never>,
  functor: MarkovFunctor<ObjA, MorA, ObjB, MorB>,
  arbitraries: Arbitraries<ObjA, MorA>,
  boxes: readonly Box[],
  wires: readonly Wire[],
): void =>
  fc.assert(
    fc.property(modelsOf(source, arbitraries, boxes, wires), ({ diagram, meanings }) => {
      const images = Object.fromEntries(
        Object.entries(meanings).map(([name, meaning]) => [name, functor.onMorphism(meaning)]),
      )
      const [before, after] = [
        functor.onMorphism(meaningIn(source, meanings)(diagram)),
        meaningIn(target, images)(diagram),
      ]
      if (!target.equals(before, after))
        throw new Error(`${functor.name}:\n${target.show(before)}\nis not\n${target.show(after)}`)
    }),
    { numRuns: 200 },
  )

describe('a random diagram', () => {
  test('means the same in exact and in float FinStoch', () =>
    agree(FinStochExact, FinStoch, rounding, finStochExactArbitraries, finiteBoxes, [Bit, Trit]))

  test('is possible where it is probable: its support is its meaning in FinSetMulti', () =>
    agree(FinStochExact, FinSetMulti, exactSupport, finStochExactArbitraries, finiteBoxes, [Bit, Trit]))

  test('means the same in exact and in float Gauss', () =>
    agree(GaussExact, Gauss, gaussRounding, gaussExactArbitraries, realBoxes, [Line, Plane]))

  test('of functions means the same in FinSet and in FinStoch, exact or not, and FinSetMulti', () => {
    agree(FinSet, FinStochExact, inclusionInFinStochExact, finSetArbitraries, functionBoxes, [Bit, Trit])
    agree(FinSet, FinStoch, inclusionInFinStoch, finSetArbitraries, functionBoxes, [Bit, Trit])
    agree(FinSet, FinSetMulti, inclusionInFinSetMulti, finSetArbitraries, functionBoxes, [Bit, Trit])
  })

  test('of functions that is read in FinStoch gives a 0-1 matrix, which is its table', () =>
    fc.assert(
      fc.property(modelsOf(FinSet, finSetArbitraries, functionBoxes, [Bit, Trit]), ({ diagram, meanings }) => {
        const images = Object.fromEntries(
          Object.entries(meanings).map(([name, meaning]) => [name, inclusionInFinStoch.onMorphism(meaning)]),
        )
        const matrix = meaningIn(FinStoch, images)(diagram)
        const table = meaningIn(FinSet, meanings)(diagram)
        const columns = matrix.entries.length / table.images.length
        expect([...matrix.entries].every((entry) => entry === 0 || entry === 1)).toBe(true)
        expect([...table.images].map((image, x) => matrix.entries[x * columns + image])).toEqual(
          [...table.images].map(() => 1),
        )
      }),
    ))

  test('is drawn from as FinStoch says', () => {
    // A right sampler fails one of these in 10^9.
    const falseAlarm = 1e-9
    fc.assert(
      fc.property(
        modelsOf(FinStochExact, finStochExactArbitraries, finiteBoxes, [Bit, Trit]),
        fc.nat(2 ** 31),
        ({ diagram, meanings }, seed) => {
          const rounded = Object.fromEntries(
            Object.entries(meanings).map(([name, meaning]) => [name, rounding.onMorphism(meaning)]),
          )
          const rows = Object.fromEntries(
            Object.entries(rounded).map(([name, { entries, domain }]) => {
              const height = domain.reduce((product, size) => product * size, 1)
              const width = entries.length / height
              return [name, Array.from({ length: height }, (_, x) => [...entries.subarray(x * width, (x + 1) * width)])]
            }),
          )
          const exact = meaningIn(FinStoch, rounded)(diagram)
          const drawn = valueOf(interpret(Sampler, rows)(diagram))
          const inputs = diagram.inputs.map(() => 0)
          const law = exact.entries.subarray(
            0,
            exact.codomain.reduce((product, size) => product * size, 1),
          )
          const samples = valueOf(sample(drawn, inputs, { seed, count: 2000 }))
          expect(valueOf(convergence(samples, law, falseAlarm))).toMatchObject({ agrees: true })
        },
      ),
      { numRuns: 60 },
    )
  })
})
