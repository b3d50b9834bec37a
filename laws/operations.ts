/**
 * What the sides of an equation are written in.
 */
import type { ConditionalStructure, MarkovStructure } from '../src/category/markov-category.js'

/** The operations that every Markov category has. */
export type Operations<Obj, Mor> = Pick<
  MarkovStructure<Obj, Mor>,
  'unit' | 'tensor' | 'domain' | 'codomain' | 'id' | 'seq' | 'par' | 'swap' | 'copy' | 'discard'
>

/** The operations of a Markov category with conditionals. */
export type ConditionalOperations<Obj, Mor> = Operations<Obj, Mor> &
  Pick<ConditionalStructure<Obj, Mor>, 'conditional' | 'inverse'>

/** A category with the conditionals that it claims to have; throws if it does not. */
export const conditionalStructureOf = <Obj, Mor>(
  category: MarkovStructure<Obj, Mor>,
): ConditionalStructure<Obj, Mor> => {
  const { conditional, inverse } = category
  if (conditional === undefined || inverse === undefined)
    throw new Error(`${category.name} has no operations 'conditional' and 'inverse', which this law is about`)
  return { ...category, conditional, inverse }
}
