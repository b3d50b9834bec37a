/**
 * What a law may use of a category.
 */
import type { MarkovCategory } from '../src/category/markov-category.js'

/** A category as the law kit sees it: everything but the reading of wires and boxes. */
export type CategoryUnderTest<Obj, Mor> = Omit<MarkovCategory<Obj, Mor, never>, 'read' | 'objectOf'>

/** The operations that the two sides of an equation are written in. */
export type Operations<Obj, Mor> = Pick<
  CategoryUnderTest<Obj, Mor>,
  'unit' | 'tensor' | 'id' | 'seq' | 'par' | 'swap' | 'copy' | 'discard'
>
