/**
 * The variables of a law: objects, and morphisms between objects named by other variables.
 */
import { dataOf } from '../dsl/application.js'
import { box, type Diagram } from '../dsl/diagram.js'
import { finite, type Wires } from '../dsl/object.js'
import { unchecked } from '../dsl/unchecked.js'
import { freeMarkov } from '../src/category/free-markov.js'
import type { Operations } from './operations.js'

export interface ObjectVariable {
  readonly kind: 'object'
}
export interface MorphismVariable {
  readonly kind: 'morphism'
  /** Names of object variables; their tensor product is the domain. */
  readonly domain: readonly string[]
  readonly codomain: readonly string[]
  readonly deterministic: boolean
}
/** A second morphism of another variable's type: the same one as often as not, in another representation where there is one. */
export interface RivalVariable {
  readonly kind: 'rival'
  readonly of: string
}
/**
 * A second morphism X -> Y that agrees with another variable's almost surely under a third's, a state of X: itself, the conditional
 * of the joint state where the category has conditionals, and now and then any morphism.
 */
export interface AlmostSureRivalVariable {
  readonly kind: 'almost-sure-rival'
  readonly of: string
  readonly under: string
}
/** A morphism that is computed from the variables before it. */
export interface DerivedVariable {
  readonly kind: 'derived'
  readonly domain: readonly string[]
  readonly codomain: readonly string[]
  readonly value: <Obj, Mor>(operations: Operations<Obj, Mor>, morphisms: Readonly<Record<string, Mor>>) => Mor
}
export type Variable = ObjectVariable | MorphismVariable | RivalVariable | AlmostSureRivalVariable | DerivedVariable
export type Variables = Readonly<Record<string, Variable>>

/** What the variables of a law stand for in one case. */
export interface Values<Obj, Mor> {
  readonly objects: Readonly<Record<string, Obj>>
  readonly morphisms: Readonly<Record<string, Mor>>
}

/** The same, each variable at the type of what it stands for. */
export type Bindings<V extends Variables, Obj, Mor> = {
  readonly [Name in keyof V]: V[Name] extends ObjectVariable ? Obj : Mor
}

/** An object variable. */
export const object: ObjectVariable = { kind: 'object' }

type Names = string | readonly string[]
const namesOf = (names: Names): readonly string[] => (typeof names === 'string' ? [names] : names)

/** A morphism variable; its boundaries are one object variable or the tensor product of several. */
export const morphism = (domain: Names, codomain: Names): MorphismVariable => ({
  kind: 'morphism',
  domain: namesOf(domain),
  codomain: namesOf(codomain),
  deterministic: false,
})

/** A morphism variable that stands for deterministic morphisms only. */
export const deterministic = (domain: Names, codomain: Names): MorphismVariable => ({
  ...morphism(domain, codomain),
  deterministic: true,
})

/** A variable for a second morphism of the type of another variable, which equals the first as often as not. */
export const rival = (of: string): RivalVariable => ({ kind: 'rival', of })

/** A variable for a second morphism that is almost surely that of the first, under a state. */
export const almostSureRival = (of: string, under: string): AlmostSureRivalVariable => ({
  kind: 'almost-sure-rival',
  of,
  under,
})

/** A variable for a morphism computed from those that come before it. */
export const derived = (
  domain: Names,
  codomain: Names,
  value: <Obj, Mor>(operations: Operations<Obj, Mor>, morphisms: Readonly<Record<string, Mor>>) => Mor,
): DerivedVariable => ({ kind: 'derived', domain: namesOf(domain), codomain: namesOf(codomain), value })

/** f ; f ; f ; f ; f of an endomorphism, which inverts it if its order is 1, 2, 3 or 6: the inverse of most small permutations. */
export const fifthPower =
  (name: string): DerivedVariable['value'] =>
  ({ seq }, morphisms) => {
    const f = morphisms[name]!
    const square = seq(f, f)
    return seq(seq(square, square), f)
  }

/** The type of a morphism variable, by the names of object variables. */
export const typeOf = (
  variables: Variables,
  name: string,
): { readonly domain: readonly string[]; readonly codomain: readonly string[] } => {
  const variable = variables[name]
  switch (variable?.kind) {
    case 'morphism':
    case 'derived':
      return variable
    case 'rival':
    case 'almost-sure-rival':
      return typeOf(variables, variable.of)
    default:
      throw new Error(`'${name}' is no variable for a morphism`)
  }
}

/** The first name that a variable refers to and that no variable of the right kind has. */
export const danglingName = (variables: Variables): string | undefined => {
  const names = Object.keys(variables)
  return Object.entries(variables)
    .flatMap(([name, variable]): readonly (readonly [string, boolean])[] => {
      const objects = (named: readonly string[]): readonly (readonly [string, boolean])[] =>
        named.map((other) => [other, variables[other]?.kind === 'object'])
      const earlier = (other: string): readonly [string, boolean] => [
        other,
        names.includes(other) && names.indexOf(other) < names.indexOf(name) && variables[other]?.kind !== 'object',
      ]
      switch (variable.kind) {
        case 'object':
          return []
        case 'morphism':
        case 'derived':
          return objects([...variable.domain, ...variable.codomain])
        case 'rival':
          return [earlier(variable.of)]
        case 'almost-sure-rival':
          return [earlier(variable.of), earlier(variable.under)]
      }
    })
    .find(([, found]) => !found)?.[0]
}

/** The variables as wires and boxes of their own names: what a law is drawn with. An object is drawn as one wire. */
export const drawnValues = (variables: Variables): Values<Wires, Diagram> => {
  const wires = (names: readonly string[]): Wires => names.map((name) => finite(name, 2))
  const objects: Record<string, Wires> = {}
  const morphisms: Record<string, Diagram> = {}
  for (const [name, variable] of Object.entries(variables)) {
    if (variable.kind === 'object') objects[name] = wires([name])
    else if (variable.kind === 'derived') morphisms[name] = variable.value(freeMarkov, morphisms)
    else {
      const { domain, codomain } = typeOf(variables, name)
      const deterministic = variable.kind === 'morphism' && variable.deterministic
      morphisms[name] = dataOf(box(name, wires(domain), wires(codomain), { deterministic }))
    }
  }
  return { objects, morphisms }
}

/** Values are made by walking the variables, so they have exactly their names: what the compiler cannot see. */
export const bindingsOf = <V extends Variables, Obj, Mor>({
  objects,
  morphisms,
}: Values<Obj, Mor>): Bindings<V, Obj, Mor> => unchecked({ ...objects, ...morphisms })
