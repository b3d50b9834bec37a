/**
 * The variables of a law: objects, and morphisms between objects named by other variables.
 */
import { dataOf } from '../dsl/application.js'
import { box, type Diagram } from '../dsl/diagram.js'
import { finite, type Wires } from '../dsl/object.js'

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
export type Variable = ObjectVariable | MorphismVariable | RivalVariable
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

/** The first name that a variable refers to and that no variable of the right kind has. */
export const danglingName = (variables: Variables): string | undefined =>
  Object.values(variables)
    .flatMap((variable): readonly (readonly [string, Variable['kind']])[] => {
      switch (variable.kind) {
        case 'object':
          return []
        case 'morphism':
          return [...variable.domain, ...variable.codomain].map((name) => [name, 'object'])
        case 'rival':
          return [[variable.of, 'morphism']]
      }
    })
    .find(([name, kind]) => variables[name]?.kind !== kind)?.[0]

/** The variables as wires and boxes of their own names: what a law is drawn with. An object is drawn as one wire. */
export const drawnValues = (variables: Variables): Values<Wires, Diagram> => {
  const wires = (names: readonly string[]): Wires => names.map((name) => finite(name, 2))
  const objects: Record<string, Wires> = {}
  const morphisms: Record<string, Diagram> = {}
  for (const [name, variable] of Object.entries(variables)) {
    if (variable.kind === 'object') objects[name] = wires([name])
    const type = variable.kind === 'rival' ? variables[variable.of] : variable
    if (type?.kind === 'morphism')
      morphisms[name] = dataOf(
        box(name, wires(type.domain), wires(type.codomain), { deterministic: type.deterministic }),
      )
  }
  return { objects, morphisms }
}
