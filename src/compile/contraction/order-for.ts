/** The contraction of a diagram's factors: a saved order, if there is one that fits, or a new one. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import type { NormalForm } from '../../../dsl/normal-form.js'
import { problem, type Problem } from '../../../dsl/problem.js'
import type { CategoricalEntropyName } from '../../information/categorical-entropy.js'
import { type Factor, indicesOf, type SizeOf } from './factor.js'
import type { FactorGraph } from './factor-graph.js'
import { contractionOrder, type ContractionOrder, type OrderOptions } from './order.js'
import { orderFromSaved, type SavedPlan } from './saved-plan.js'

export interface Contraction {
  readonly graph: FactorGraph
  readonly order: ContractionOrder
}

export interface ContractionTask {
  readonly form: NormalForm
  readonly batchSize: number
  readonly measures: readonly CategoricalEntropyName[]
  readonly factors: readonly Factor[]
  readonly wanted: readonly number[]
  readonly sizeOf: SizeOf
  /** The entries of the largest tensor there may be. */
  readonly most: number
}

/** The factor graph of some factors. */
export const graphOf = (factors: readonly Factor[], wanted: readonly number[], sizeOf: SizeOf): FactorGraph => ({
  factors: factors.map(indicesOf),
  functions: factors.flatMap(({ table }, factor) => (table === undefined ? [] : [[factor, table.inputCount] as const])),
  sizes: [...new Set(factors.flatMap(indicesOf))].map((index) => [index, sizeOf(index)]),
  wanted,
})

/**
 * The order for some factors. Indices are sliced where more entries would be alive than `memoryLimit`; without such a limit, where one
 * tensor would be too large.
 *
 * Problems: `invalid-value` for a saved plan of something else, `unsupported` where slicing does not keep to the limit.
 */
export const orderFor = (
  { form, batchSize, measures, factors, wanted, sizeOf, most }: ContractionTask,
  { saved, ...options }: OrderOptions & { readonly saved?: SavedPlan },
): Either<Problem, Contraction> => {
  const graph = graphOf(factors, wanted, sizeOf)
  if (saved !== undefined) {
    const order = orderFromSaved(saved, form, batchSize, measures, graph)
    return isLeft(order) ? order : right({ graph, order: order.right })
  }
  const order = contractionOrder(graph, options)
  const { memoryLimit } = options
  if (memoryLimit === undefined)
    return right({
      graph,
      order: order.largest > most ? contractionOrder(graph, { ...options, memoryLimit: most }) : order,
    })
  return order.peak > memoryLimit
    ? left(
        problem(
          'unsupported',
          'plan, memory limit',
          `${order.peak} numbers are alive at once in the contraction, and the limit is ${memoryLimit}`,
          'raise the limit, or ask for fewer random outputs at once, or a smaller batch',
        ),
      )
    : right({ graph, order })
}
