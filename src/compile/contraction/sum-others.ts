/**
 * Factors over some of their indices only: the others are summed, and what they connect becomes one factor.
 *
 * The maximum over some indices of a sum over others is not the sum of maxima; so the sums come first.
 */
import { compactGraph, components } from './factor-graph.js'
import { contractionOrder, type OrderOptions } from './order.js'
import { type Factor, indicesOf, layoutOver, type SizeOf } from './factor.js'
import { batchFirst } from './contract.js'
import { type LoweredOrder, lowerOrder, type Recorder } from './lower.js'
import { graphOf } from './order-for.js'

export interface SummedFactors {
  readonly factors: readonly Factor[]
  readonly exponents: LoweredOrder['exponents']
}

/** Sums every index that is not kept. */
export const sumOthers = (
  factors: readonly Factor[],
  kept: ReadonlySet<number>,
  sizeOf: SizeOf,
  { seed, exactUpTo, tries }: OrderOptions,
  scaled: boolean,
  recorder: Recorder,
): SummedFactors => {
  const options = {
    ...(seed === undefined ? {} : { seed }),
    ...(exactUpTo === undefined ? {} : { exactUpTo }),
    ...(tries === undefined ? {} : { tries }),
  }
  const exponents: LoweredOrder['exponents'][number][] = []
  const carried = [...new Set(factors.flatMap(indicesOf))]
  const graph = compactGraph(
    graphOf(
      factors,
      carried.filter((index) => kept.has(index)),
      sizeOf,
    ),
  )
  const summed = components(graph).map((numbers): Factor => {
    const group = numbers.map((number) => factors[number]!)
    const [only] = group
    const all = [...new Set(group.flatMap(indicesOf))]
    if (only !== undefined && group.length === 1 && all.every((index) => kept.has(index))) return only
    const wanted = batchFirst(all.filter((index) => kept.has(index)))
    const order = contractionOrder(graphOf(group, wanted, sizeOf), options)
    const lowered = lowerOrder(order, group, wanted, sizeOf, recorder, { reduction: 'sum', scaled })
    exponents.push(...lowered.exponents)
    return { ...layoutOver(wanted), tensor: () => lowered.result.tensor, table: undefined }
  })
  return { factors: summed, exponents }
}
