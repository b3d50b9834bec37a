/**
 * What the two sides of an equation are written in.
 */
import type { MarkovStructure } from '../src/category/markov-category.js'

/** The operations that every Markov category has. */
export type Operations<Obj, Mor> = Pick<
  MarkovStructure<Obj, Mor>,
  'unit' | 'tensor' | 'id' | 'seq' | 'par' | 'swap' | 'copy' | 'discard'
>
