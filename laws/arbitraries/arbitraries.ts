/**
 * What an instance gives to have its laws checked: random objects, and random morphisms between given objects.
 */
import * as fc from 'fast-check'
import { getOrElse, tryCatch } from 'fp-ts/lib/Either.js'
import { identity } from 'fp-ts/lib/function.js'

import type { MarkovStructure } from '../../src/category/markov-category.js'
import type { Values, Variables } from '../variable.js'

/**
 * Random objects and morphisms.
 *
 * Objects should be small and often composite, with factors of different sizes: most broken instances are only wrong there.
 * Morphisms should shrink towards something that is easily read.
 */
export interface Arbitraries<Obj, Mor> {
  readonly object: fc.Arbitrary<Obj>
  readonly morphism: (domain: Obj, codomain: Obj) => fc.Arbitrary<Mor>
  readonly deterministic: (domain: Obj, codomain: Obj) => fc.Arbitrary<Mor>
}

/** Random values for the variables of a law: the objects first, then morphisms between them. */
export const arbitraryValues = <Obj, Mor>(
  variables: Variables,
  category: MarkovStructure<Obj, Mor>,
  { object, morphism, deterministic }: Arbitraries<Obj, Mor>,
): fc.Arbitrary<Values<Obj, Mor>> => {
  const objectNames = Object.keys(variables).filter((name) => variables[name]!.kind === 'object')
  const between = (objects: Values<Obj, Mor>['objects'], name: string): fc.Arbitrary<Mor> => {
    const variable = variables[name]
    if (variable?.kind !== 'morphism') throw new Error(`arbitraryValues: '${name}' is no morphism variable`)
    const productOf = (names: readonly string[]): Obj => {
      let product = category.unit
      names.forEach((factor, index) => {
        const next: Obj = objects[factor]!
        product = index === 0 ? next : category.tensor(product, next)
      })
      return product
    }
    const draw = variable.deterministic ? deterministic : morphism
    return draw(productOf(variable.domain), productOf(variable.codomain))
  }

  return arbitraryObjects(objectNames, object).chain((objects) => {
    const arbitraryMorphisms: Record<string, fc.Arbitrary<Mor>> = {}
    const rivals: Record<string, fc.Arbitrary<Rivalry<Mor>>> = {}
    for (const [name, variable] of Object.entries(variables)) {
      if (variable.kind === 'morphism') arbitraryMorphisms[name] = between(objects, name)
      if (variable.kind === 'rival') rivals[name] = arbitraryRivalry(category, between(objects, variable.of))
    }
    return fc.tuple(fc.record(arbitraryMorphisms), fc.record(rivals)).map(([drawn, chosen]) => {
      const morphisms = { ...drawn }
      for (const [name, rivalry] of Object.entries(chosen)) {
        const variable = variables[name]
        if (variable?.kind === 'rival') morphisms[name] = rivalry(drawn[variable.of]!)
      }
      return { objects, morphisms }
    })
  })
}

/** Objects by name. One in three repeats an earlier one: some faults show only where objects coincide. */
const arbitraryObjects = <Obj>(
  names: readonly string[],
  object: fc.Arbitrary<Obj>,
): fc.Arbitrary<Readonly<Record<string, Obj>>> => {
  type Choice = (earlier: readonly Obj[]) => Obj
  const fresh = object.map<Choice>((drawn) => () => drawn)
  const choices = names.map((_, index) => {
    if (index === 0) return fresh
    const repeat = fc.nat(index - 1).map<Choice>((back) => (earlier) => earlier[back]!)
    return fc.oneof({ arbitrary: fresh, weight: 2 }, { arbitrary: repeat, weight: 1 })
  })
  return fc.tuple(...choices).map((chosen) => {
    const objects: Obj[] = []
    for (const choice of chosen) objects.push(choice(objects))
    return Object.fromEntries(names.map((name, index) => [name, objects[index]!]))
  })
}

/** A morphism from the one that it is a rival of. */
type Rivalry<Mor> = (rival: Mor) => Mor

const arbitraryRivalry = <Obj, Mor>(
  category: MarkovStructure<Obj, Mor>,
  fresh: fc.Arbitrary<Mor>,
): fc.Arbitrary<Rivalry<Mor>> => {
  // The same morphism in what may be another representation; a broken category may not be able to compose.
  const recomputed: Rivalry<Mor> = (f) =>
    getOrElse(() => f)(tryCatch(() => category.seq(category.id(category.domain(f)), f), identity))
  return fc.oneof(
    fc.constant<Rivalry<Mor>>(identity),
    fc.constant(recomputed),
    fresh.map<Rivalry<Mor>>((f) => () => f),
  )
}
