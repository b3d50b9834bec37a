/**
 * What the variables of a law stand for in one case, as text.
 */
import * as fc from 'fast-check'

import type { MarkovStructure } from '../src/category/markov-category.js'
import type { Values, Variables } from './variable.js'

/** What a variable stands for, as text. */
export interface BindingText {
  readonly name: string
  readonly value: string
}

/** The values of variables, in the order of their declaration. */
export const bindingTexts = <Obj, Mor>(
  variables: Variables,
  { objects, morphisms }: Values<Obj, Mor>,
  { show }: Pick<MarkovStructure<Obj, Mor>, 'show'>,
): readonly BindingText[] =>
  Object.entries(variables).map(([name, { kind }]) => ({
    name,
    value: kind === 'object' ? fc.stringify(objects[name]) : show(morphisms[name]!),
  }))
