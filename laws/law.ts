/**
 * A law as data: its name, its statement, its variables, and its claim about any category.
 *
 * A claim keeps its two sides apart instead of deciding between them, so that a counterexample shows both. Sides are written once,
 * for every category; read in the category of diagrams they are the drawing of the law.
 *
 * The shape follows cats-laws and discipline (laws return two sides, law sets have parents) and hedgehog-classes (what a failure
 * says).
 */
import type { Diagram } from '../dsl/diagram.js'
import type { Wires } from '../dsl/object.js'
import { unchecked } from '../dsl/unchecked.js'
import { freeMarkov } from '../src/category/free-markov.js'
import type { MarkovStructure } from '../src/category/markov-category.js'
import type { Operations } from './operations.js'
import { type Bindings, danglingName, drawnValues, type Values, type Variables } from './variable.js'

/** What a law says about one case. Sides are computed on demand: a broken category may throw. */
export type Claim<Obj, Mor> =
  | { readonly kind: 'equal'; readonly left: () => Mor; readonly right: () => Mor }
  | { readonly kind: 'different'; readonly left: () => Mor; readonly right: () => Mor }
  | { readonly kind: 'same-objects'; readonly left: () => readonly Obj[]; readonly right: () => readonly Obj[] }
  | { readonly kind: 'same-truth'; readonly left: () => boolean; readonly right: () => boolean }
  | { readonly kind: 'implies'; readonly left: () => boolean; readonly right: () => boolean }
  /** The category's own `validate` accepts the morphism. */
  | { readonly kind: 'valid'; readonly morphism: () => Mor }
  /** There is no such morphism: the attempt throws. */
  | { readonly kind: 'rejected'; readonly morphism: () => Mor }

export interface LawDescription {
  readonly name: string
  /** Its place in the list of laws, as 'A3': a letter for the structure that it is about, and a number. */
  readonly group: string
  readonly statement: string
  /** Whether every case must satisfy the claim, or some case. */
  readonly quantifier: 'every' | 'some'
}

export interface Law extends LawDescription {
  readonly variables: Variables
  /** Pairs of object variables that stand for different objects. */
  readonly distinct: readonly (readonly [string, string])[]
  /** The two sides over boxes and wires named after the variables, where the law is an equation of diagrams. */
  readonly diagrams: { readonly left: Diagram; readonly right: Diagram } | undefined
  readonly claim: <Obj, Mor>(category: MarkovStructure<Obj, Mor>, values: Values<Obj, Mor>) => Claim<Obj, Mor>
}

interface Definition<V extends Variables> {
  readonly name: string
  readonly group: string
  readonly statement: string
  readonly where: V
}

type Side<V extends Variables> = <Obj, Mor>(operations: Operations<Obj, Mor>, bindings: Bindings<V, Obj, Mor>) => Mor

/**
 * An equation of morphisms, for every value of its variables.
 *
 * @example
 * const idempotence = equation({
 *   name: 'idempotence',
 *   group: 'Z1',
 *   statement: 'e ; e = e',
 *   where: { A: object, e: morphism('A', 'A') },
 *   left: ({ seq }, { e }) => seq(e, e),
 *   right: (_, { e }) => e,
 * })
 * const laws = lawSet({ name: 'idempotent category', parents: [], laws: [idempotence] })
 * checkLaws(laws(FinStoch, finStochArbitraries)).map(({ kind }) => kind) // => ['failed']
 */
export const equation = <const V extends Variables>(
  definition: Definition<V> & { readonly left: Side<V>; readonly right: Side<V> },
): Law => ({
  ...described(definition, 'every'),
  diagrams: drawn(definition),
  claim: (category, values) => ({
    kind: 'equal',
    left: () => definition.left(category, bindingsOf(values)),
    right: () => definition.right(category, bindingsOf(values)),
  }),
})

/** A law that says that an equation is not one: some value of its variables makes the sides differ. */
export const inequation = <const V extends Variables>(
  definition: Definition<V> & { readonly left: Side<V>; readonly right: Side<V> },
): Law => ({
  ...described(definition, 'some'),
  diagrams: drawn(definition),
  claim: (category, values) => ({
    kind: 'different',
    left: () => definition.left(category, bindingsOf(values)),
    right: () => definition.right(category, bindingsOf(values)),
  }),
})

/** Any other claim, for every value of its variables. */
export const property = <const V extends Variables>(
  definition: Definition<V> & {
    readonly distinct?: readonly (readonly [keyof V & string, keyof V & string])[]
    readonly claim: <Obj, Mor>(category: MarkovStructure<Obj, Mor>, bindings: Bindings<V, Obj, Mor>) => Claim<Obj, Mor>
  },
): Law => ({
  ...described(definition, 'every'),
  distinct: definition.distinct ?? [],
  diagrams: undefined,
  claim: (category, values) => definition.claim(category, bindingsOf(values)),
})

const described = <V extends Variables>(
  { name, group, statement, where }: Definition<V>,
  quantifier: Law['quantifier'],
): Omit<Law, 'claim' | 'diagrams'> => {
  const dangling = danglingName(where)
  if (dangling !== undefined)
    throw new Error(`law '${name}': a variable refers to '${dangling}', which is no variable of the right kind`)
  return { name, group, statement, quantifier, variables: where, distinct: [] }
}

const drawn = <V extends Variables>({
  where,
  left,
  right,
}: Definition<V> & { readonly left: Side<V>; readonly right: Side<V> }): Law['diagrams'] => {
  const values = drawnValues(where)
  return {
    left: left(freeMarkov, bindingsOf<V, Wires, Diagram>(values)),
    right: right(freeMarkov, bindingsOf<V, Wires, Diagram>(values)),
  }
}

/** Values are made by walking the variables, so they have exactly their names: what the compiler cannot see. */
const bindingsOf = <V extends Variables, Obj, Mor>({ objects, morphisms }: Values<Obj, Mor>): Bindings<V, Obj, Mor> =>
  unchecked({ ...objects, ...morphisms })
