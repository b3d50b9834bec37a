/**
 * The laws of interpreting diagrams in a category: group N.
 *
 * An interpretation is a functor from the free Markov category; moreover the meaning of a diagram is that of its normal form, equal
 * diagrams mean the same, and a diagram that was written down and read again is the same one.
 *
 * Source: T. Fritz and W. Liang, "Free gs-monoidal categories and free Markov categories" (2023).
 */
import * as fc from 'fast-check'
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import { parseDiagram, printDiagram } from '../dsl/codec/index.js'
import type { Diagram } from '../dsl/diagram.js'
import { canonicalKey, equal, normalForm } from '../dsl/normal-form.js'
import type { Wire, Wires } from '../dsl/object.js'
import { type Problem, showProblem } from '../dsl/problem.js'
import { diagramOf } from '../dsl/wiring.js'
import { freeMarkov } from '../src/category/free-markov.js'
import type { MarkovCategory } from '../src/category/markov-category.js'
import type { MarkovFunctor } from '../src/category/markov-functor.js'
import type { Arbitraries } from './arbitraries/arbitraries.js'
import { diagramArbitraries, equalDiagrams, type Signature, supplyName } from './arbitraries/diagram.js'
import { functorLaws } from './functor-laws.js'
import { lawOn } from './law-on.js'
import type { LawSet } from './law-set.js'
import { morphism, object } from './variable.js'

/** An interpreter of diagrams: `interpret`, or another that claims to agree with it. */
export type Interpreter = <Obj, Mor, Meaning>(
  category: MarkovCategory<Obj, Mor, Meaning>,
  meanings: Readonly<Record<string, Meaning>>,
) => (diagram: Diagram) => Either<Problem, Mor>

/**
 * N1: interpretations by random meanings of the boxes are functors; N2: they respect normal forms and equality; N3: parsing what was
 * printed gives the diagram back.
 */
export const semanticsLaws = <Obj, Mor>(
  category: MarkovCategory<Obj, Mor, never>,
  arbitraries: Arbitraries<Obj, Mor>,
  interpreter: Interpreter,
  signature: Signature,
): LawSet => {
  // Meanings are morphisms, drawn as any others.
  const target: MarkovCategory<Obj, Mor, Mor> = { ...category, read: right }
  const name = `interpretation in ${category.name}`
  const objectOf = (wires: Wires): Obj =>
    wires.reduce((product, wire) => category.tensor(product, orThrow(category.objectOf(wire))), category.unit)
  // A supplied wire is declared deterministic in deterministic diagrams, so that its meaning always is.
  const boxes = [...signature, ...supplies(signature)]
  const interpretations: fc.Arbitrary<MarkovFunctor<Wires, Diagram, Obj, Mor>> = fc
    .record(
      Object.fromEntries(
        boxes.map(({ name: box, inputs, outputs, deterministic }) => {
          const draw = deterministic ? arbitraries.deterministic : arbitraries.morphism
          return [box, draw(objectOf(inputs), objectOf(outputs))]
        }),
      ),
    )
    .map((meanings) => {
      const meaning = interpreter(target, meanings)
      return {
        name: Object.entries(meanings)
          .map(([box, value]) => `${box} = ${category.show(value)}`)
          .join('\n'),
        source: freeMarkov,
        target,
        onObject: objectOf,
        onMorphism: (diagram) => orThrow(meaning(diagram)),
      }
    })
  const diagrams = diagramArbitraries(signature)
  const law = lawOn<MarkovFunctor<Wires, Diagram, Obj, Mor>, Wires, Diagram, Obj, Mor>({
    name,
    subjects: interpretations,
    source: () => freeMarkov,
    target: () => target,
    arbitraries: diagrams,
    show: (functor) => [{ name: 'meanings', value: functor.name }],
  })
  const pairs = fc.tuple(diagrams.object, diagrams.object).chain(([a, b]) => equalDiagrams(signature, a, b))
  const pairLaw = lawOn<
    { readonly functor: MarkovFunctor<Wires, Diagram, Obj, Mor>; readonly pair: readonly [Diagram, Diagram] },
    Wires,
    Diagram,
    Obj,
    Mor
  >({
    name,
    subjects: fc.record({ functor: interpretations, pair: pairs }),
    source: () => freeMarkov,
    target: () => target,
    arbitraries: diagrams,
    show: ({ functor, pair }) => [
      { name: 'd', value: freeMarkov.show(pair[0]) },
      { name: 'e', value: freeMarkov.show(pair[1]) },
      { name: 'meanings', value: functor.name },
    ],
  })
  const own = [
    law({
      group: 'N2',
      name: 'a normal form means what its diagram means',
      statement: '⟦nf(d)⟧ = ⟦d⟧',
      where: { A: object, B: object, d: morphism('A', 'B') },
      claim: ({ onMorphism }, { d }) => ({
        kind: 'equal',
        left: () => onMorphism(diagramOf(normalForm(d))),
        right: () => onMorphism(d),
      }),
    }),
    pairLaw({
      group: 'N2',
      name: 'equal diagrams have one key',
      statement: 'd and e are one program written in two ways, so their canonical keys are the same',
      where: {},
      claim: ({ pair: [d, e] }) => ({
        kind: 'same-truth',
        left: () => canonicalKey(d) === canonicalKey(e),
        right: () => true,
      }),
    }),
    pairLaw({
      group: 'N2',
      name: 'equal diagrams have one meaning',
      statement: 'if the canonical keys of d and e are the same, then ⟦d⟧ = ⟦e⟧',
      where: {},
      claim: ({ functor: { onMorphism }, pair: [d, e] }) => ({
        kind: 'equal',
        left: () => onMorphism(d),
        right: () => onMorphism(e),
      }),
    }),
    law({
      group: 'N3',
      name: 'parsing what was printed',
      statement: 'parse(print(d)) = d, and it means what d means',
      where: { A: object, B: object, d: morphism('A', 'B') },
      claim: ({ onMorphism }, { d }) => ({
        kind: 'equal',
        left: () => {
          const again = orThrow(parseDiagram(printDiagram(d)))
          if (!equal(again, d)) throw new Error('another diagram comes back')
          return onMorphism(again)
        },
        right: () => onMorphism(d),
      }),
    }),
  ]
  return {
    name: 'interpretation',
    category: name,
    laws: [...functorLaws(interpretations, diagrams, { name, group: 'N1' }).laws, ...own],
  }
}

/** The boxes that random diagrams supply wires with. */
const supplies = (signature: Signature): Signature => {
  const wires = signature.flatMap(({ inputs, outputs }) => [...inputs, ...outputs])
  const byName = new Map<string, Wire>(wires.map((wire) => [supplyName(wire), wire]))
  return [...byName].map(([name, wire]) => ({ kind: 'box', name, inputs: [], outputs: [wire], deterministic: true }))
}

const orThrow = <A>(value: Either<Problem, A>): A => {
  if (isLeft(value)) throw new Error(showProblem(value.left))
  return value.right
}
