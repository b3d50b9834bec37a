/**
 * The laws of an empty object: O3 of the law list.
 *
 * That only the empty object has a morphism to it is not among them: a law is checked on morphisms, and here there is none to draw.
 */
import * as fc from 'fast-check'

import type { InitialObject, MarkovStructure } from '../src/category/markov-category.js'
import type { Arbitraries } from './arbitraries/arbitraries.js'
import { lawOn } from './law-on.js'
import type { LawSet } from './law-set.js'

/** An object B, an object A, and two morphisms from nothing. */
interface FromNothing<Obj, Mor> {
  readonly target: Obj
  readonly other: Obj
  readonly f: Mor
  readonly g: Mor
}

/** O3: from the empty object there is one morphism to every object, and so there is from its products. */
export const initialLaws = <Obj, Mor>(
  category: MarkovStructure<Obj, Mor>,
  { object: empty, to }: InitialObject<Obj, Mor>,
  arbitraries: Arbitraries<Obj, Mor>,
): LawSet => {
  const { tensor, domain, codomain } = category
  const law = lawOn<FromNothing<Obj, Mor>, Obj, Mor, Obj, Mor>({
    name: category.name,
    subjects: fc.tuple(arbitraries.object, arbitraries.object).chain(([target, other]) =>
      fc.record({
        target: fc.constant(target),
        other: fc.constant(other),
        f: arbitraries.morphism(empty, target),
        g: arbitraries.morphism(tensor(empty, other), target),
      }),
    ),
    source: () => category,
    target: () => category,
    arbitraries,
    show: ({ target, other }) => [
      { name: 'B', value: fc.stringify(target) },
      { name: 'A', value: fc.stringify(other) },
    ],
  })
  return {
    name: 'category with an empty object',
    category: category.name,
    laws: [
      law({
        group: 'O3',
        name: 'the morphism from nothing has its ends',
        statement: 'to[B] : 0 -> B',
        where: {},
        claim: ({ target }) => ({
          kind: 'same-objects',
          left: () => [domain(to(target)), codomain(to(target))],
          right: () => [empty, target],
        }),
      }),
      law({
        group: 'O3',
        name: 'the morphism from nothing is valid',
        statement: 'validate accepts to[B]',
        where: {},
        claim: ({ target }) => ({ kind: 'valid', morphism: () => to(target) }),
      }),
      law({
        group: 'O3',
        name: 'there is one morphism from nothing',
        statement: 'f = to[B] for every f : 0 -> B',
        where: {},
        claim: ({ target, f }) => ({ kind: 'equal', left: () => f, right: () => to(target) }),
      }),
      law({
        group: 'O3',
        name: 'nothing beside something is nothing',
        statement: 'g = (to[B] ⊗ discard[A]) for every g : 0 ⊗ A -> B',
        where: {},
        claim: ({ target, other, g }) => ({
          kind: 'equal',
          left: () => g,
          right: () => category.par(to(target), category.discard(other)),
        }),
      }),
    ],
  }
}
