/**
 * A law as data: its name, its statement, its variables, and its claim about any category.
 *
 * Sides are written once, for every category; read in the category of diagrams they are the drawing of the law.
 *
 * The shape follows cats-laws and discipline (laws return two sides, law sets have parents) and hedgehog-classes (what a failure
 * says).
 */
import { dataOf } from '../dsl/application.js'
import { box, type Diagram } from '../dsl/diagram.js'
import type { Wires } from '../dsl/object.js'
import { freeMarkov } from '../src/category/free-markov.js'
import type { ConditionalStructure, MarkovStructure } from '../src/category/markov-category.js'
import type { Claim } from './claim.js'
import { type ConditionalOperations, conditionalStructureOf, type Operations } from './operations.js'
import { type Bindings, bindingsOf, danglingName, drawnValues, type Values, type Variables } from './variable.js'

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
type ConditionalSide<V extends Variables> = <Obj, Mor>(
  operations: ConditionalOperations<Obj, Mor>,
  bindings: Bindings<V, Obj, Mor>,
) => Mor
/** What a case must satisfy for the law to say anything about it. */
type Hypothesis<V extends Variables> = <Obj, Mor>(
  category: MarkovStructure<Obj, Mor>,
  bindings: Bindings<V, Obj, Mor>,
) => boolean

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
  definition: Definition<V> & {
    readonly left: Side<V>
    readonly right: Side<V>
    /** Cases that do not satisfy it are passed over. */
    readonly provided?: Hypothesis<V>
  },
): Law => ({
  ...described(definition, 'every'),
  diagrams: drawn(definition),
  claim: (category, values) =>
    provided(definition.provided, category, values, {
      kind: 'equal',
      left: () => definition.left(category, bindingsOf(values)),
      right: () => definition.right(category, bindingsOf(values)),
    }),
})

/** An equation whose sides use conditionals or Bayesian inverses. */
export const conditionalEquation = <const V extends Variables>(
  definition: Definition<V> & {
    readonly left: ConditionalSide<V>
    readonly right: ConditionalSide<V>
    readonly provided?: Hypothesis<V>
  },
): Law => ({
  ...described(definition, 'every'),
  diagrams: drawn(definition),
  claim: (category, values) =>
    provided(definition.provided, category, values, {
      kind: 'equal',
      left: () => definition.left(conditionalStructureOf(category), bindingsOf(values)),
      right: () => definition.right(conditionalStructureOf(category), bindingsOf(values)),
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

/** Any other claim about a category with conditionals. */
export const conditionalProperty = <const V extends Variables>(
  definition: Definition<V> & {
    readonly claim: <Obj, Mor>(
      category: ConditionalStructure<Obj, Mor>,
      bindings: Bindings<V, Obj, Mor>,
    ) => Claim<Obj, Mor>
  },
): Law => ({
  ...described(definition, 'every'),
  diagrams: undefined,
  claim: (category, values) => definition.claim(conditionalStructureOf(category), bindingsOf(values)),
})

const provided = <V extends Variables, Obj, Mor>(
  hypothesis: Hypothesis<V> | undefined,
  category: MarkovStructure<Obj, Mor>,
  values: Values<Obj, Mor>,
  claim: Claim<Obj, Mor>,
): Claim<Obj, Mor> =>
  hypothesis === undefined
    ? claim
    : { kind: 'provided', hypothesis: () => hypothesis(category, bindingsOf(values)), claim }

const described = <V extends Variables>(
  { name, group, statement, where }: Definition<V>,
  quantifier: Law['quantifier'],
): Omit<Law, 'claim' | 'diagrams'> => {
  const dangling = danglingName(where)
  if (dangling !== undefined)
    throw new Error(
      `law '${name}': a variable refers to '${dangling}', which is no variable of the right kind that comes before it`,
    )
  return { name, group, statement, quantifier, variables: where, distinct: [] }
}

/** Diagrams, with a box for a conditional and for an inverse: what laws are drawn in. */
const drawing: ConditionalStructure<Wires, Diagram> = {
  ...freeMarkov,
  conditional: (f, x, y) => dataOf(box(`${nameOf(f)}|${x.map(({ name }) => name).join('')}`, [...x, ...f.inputs], y)),
  inverse: (prior, f) => dataOf(box(`${nameOf(f)}†`, [...f.outputs, ...prior.inputs], prior.outputs)),
}
const nameOf = (diagram: Diagram): string => (diagram.kind === 'box' ? diagram.name : '(…)')

const drawn = <V extends Variables>({
  where,
  left,
  right,
}: Definition<V> & { readonly left: ConditionalSide<V>; readonly right: ConditionalSide<V> }): Law['diagrams'] => {
  const values = drawnValues(where)
  return {
    left: left(drawing, bindingsOf<V, Wires, Diagram>(values)),
    right: right(drawing, bindingsOf<V, Wires, Diagram>(values)),
  }
}
