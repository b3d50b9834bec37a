/**
 * Plans that are kept: the order of a contraction as a JSON document, under the canonical key of the diagram, the size of the batch and
 * the measures.
 *
 *     graph    the factor graph: the indices of each factor, which factors are functions of how many of them, the size of each index
 *              and the indices that are wanted; -1 is the index of the batch, and the others are wires of the normal form
 *     order    what each step contracts, a factor or the result of an earlier step by number; the indices that are sliced, and how many
 *              steps are done once, before the loop over their values; predictions
 *
 * All else about an order follows from these, and the predictions must agree with it.
 */
import type * as t from 'io-ts'

import { listOf, number, record, text } from '../../../dsl/codec/shape.js'

export const planFormat = 'markovcat-plan'
export const planVersion = 1

const numbers = listOf('a list of numbers', number)
const pairs = listOf('a list of pairs', numbers)
const graphShape = record({
  factors: listOf('a list of lists of numbers', numbers),
  functions: pairs,
  sizes: pairs,
  wanted: numbers,
})
const orderShape = record({
  strategy: text,
  steps: listOf('a list of steps', numbers),
  sliced: numbers,
  once: number,
  operations: number,
  largest: number,
  peak: number,
})
export const documentShape = record({
  format: text,
  version: number,
  key: text,
  batch: number,
  measures: listOf('a list of names', text),
  graph: graphShape,
  order: orderShape,
})

export type PlanDocument = t.TypeOf<typeof documentShape>
export type GraphDocument = t.TypeOf<typeof graphShape>
export type OrderDocument = t.TypeOf<typeof orderShape>
