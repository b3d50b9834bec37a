/**
 * What an instance gives to have its laws checked: random objects, and random morphisms between given objects.
 */
import * as fc from 'fast-check'
import { getOrElse, tryCatch } from 'fp-ts/lib/Either.js'
import { identity } from 'fp-ts/lib/function.js'

import { jointWithOutput } from '../../src/category/almost-sure.js'
import type { MarkovStructure } from '../../src/category/markov-category.js'
import { type AlmostSureRivalVariable, typeOf, type Values, type Variables } from '../variable.js'

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

/** A morphism, given those of the variables before it. */
type Choice<Mor> = (earlier: Readonly<Record<string, Mor>>) => Mor

/** Random values for the variables of a law: the objects first, then morphisms between them, each after those that it refers to. */
export const arbitraryValues = <Obj, Mor>(
  variables: Variables,
  category: MarkovStructure<Obj, Mor>,
  { object, morphism, deterministic }: Arbitraries<Obj, Mor>,
): fc.Arbitrary<Values<Obj, Mor>> => {
  const objectNames = Object.keys(variables).filter((name) => variables[name]!.kind === 'object')
  const morphismNames = Object.keys(variables).filter((name) => variables[name]!.kind !== 'object')

  return arbitraryObjects(objectNames, object).chain((objects) => {
    const productOf = (names: readonly string[]): Obj => {
      let product = category.unit
      names.forEach((factor, index) => {
        const next: Obj = objects[factor]!
        product = index === 0 ? next : category.tensor(product, next)
      })
      return product
    }
    const between = (name: string): fc.Arbitrary<Mor> => {
      const { domain, codomain } = typeOf(variables, name)
      const variable = variables[name]
      const draw = variable?.kind === 'morphism' && variable.deterministic ? deterministic : morphism
      return draw(productOf(domain), productOf(codomain))
    }
    const choiceOf = (name: string): fc.Arbitrary<Choice<Mor>> => {
      const variable = variables[name]!
      switch (variable.kind) {
        case 'object':
          throw new Error(`arbitraryValues: '${name}' is an object`)
        case 'morphism':
          return between(name).map<Choice<Mor>>((f) => () => f)
        case 'rival':
          return arbitraryRival(category, variable.of, between(name))
        case 'almost-sure-rival':
          return arbitraryAlmostSureRival(category, variable, between(name))
        case 'derived':
          return fc.constant<Choice<Mor>>((earlier) => variable.value(category, earlier))
      }
    }
    return fc.tuple(...morphismNames.map(choiceOf)).map((choices) => {
      const morphisms: Record<string, Mor> = {}
      choices.forEach((choice, index) => (morphisms[morphismNames[index]!] = choice(morphisms)))
      return { objects, morphisms }
    })
  })
}

/** Objects by name. One in three repeats an earlier one: some faults show only where objects coincide. */
const arbitraryObjects = <Obj>(
  names: readonly string[],
  object: fc.Arbitrary<Obj>,
): fc.Arbitrary<Readonly<Record<string, Obj>>> => {
  type ObjectChoice = (earlier: readonly Obj[]) => Obj
  const fresh = object.map<ObjectChoice>((drawn) => () => drawn)
  const choices = names.map((_, index) => {
    if (index === 0) return fresh
    const repeat = fc.nat(index - 1).map<ObjectChoice>((back) => (earlier) => earlier[back]!)
    return fc.oneof({ arbitrary: fresh, weight: 2 }, { arbitrary: repeat, weight: 1 })
  })
  return fc.tuple(...choices).map((chosen) => {
    const objects: Obj[] = []
    for (const choice of chosen) objects.push(choice(objects))
    return Object.fromEntries(names.map((name, index) => [name, objects[index]!]))
  })
}

/** What a broken category may not be able to compute, or what is there anyway. */
const orElse = <Mor>(compute: () => Mor, otherwise: Mor): Mor => getOrElse(() => otherwise)(tryCatch(compute, identity))

const arbitraryRival = <Obj, Mor>(
  category: MarkovStructure<Obj, Mor>,
  of: string,
  fresh: fc.Arbitrary<Mor>,
): fc.Arbitrary<Choice<Mor>> =>
  fc.oneof(
    fc.constant<Choice<Mor>>((earlier) => earlier[of]!),
    // The same morphism in what may be another representation.
    fc.constant<Choice<Mor>>((earlier) => {
      const f = earlier[of]!
      return orElse(() => category.seq(category.id(category.domain(f)), f), f)
    }),
    fresh.map<Choice<Mor>>((f) => () => f),
  )

const arbitraryAlmostSureRival = <Obj, Mor>(
  category: MarkovStructure<Obj, Mor>,
  { of, under }: AlmostSureRivalVariable,
  fresh: fc.Arbitrary<Mor>,
): fc.Arbitrary<Choice<Mor>> => {
  // The conditional of a joint state is its kernel where the state has mass, and the category's own choice elsewhere.
  const recovered: Choice<Mor> = (earlier) => {
    const [f, p] = [earlier[of]!, earlier[under]!]
    const x = category.domain(f)
    return orElse(() => category.conditional?.(jointWithOutput(category)(p, f), x, category.codomain(f)) ?? f, f)
  }
  return fc.oneof(
    fc.constant<Choice<Mor>>(recovered),
    fc.constant<Choice<Mor>>((earlier) => earlier[of]!),
    fresh.map<Choice<Mor>>((f) => () => f),
  )
}
