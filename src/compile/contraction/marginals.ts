/**
 * All marginals from one contraction: once what is contracted has been contracted to the total, each factor's environment (the
 * contraction of everything else) follows from the root down, at about twice the operations; a factor times its environment, summed to
 * one of its indices, is that index's marginal.
 *
 * It is reverse accumulation through the contraction: the derivative of a sum of products by a factor is that factor's environment.
 */
import { batchFirst, type Contract } from './contract.js'
import { batch } from './factor-graph.js'
import { type Factor, indicesOf, layoutOver, type Placed, type SizeOf } from './factor.js'
import type { TracedStep } from './lower.js'

/** The environment of a tensor; `one` where nothing else is left. Indices that it does not depend on are left out. */
type Environment = Placed | 'one'

/** The marginal of each index over `[batch, index]`, or over `[index]` where nothing depends on the batch. */
export const lowerMarginals = (
  indices: readonly number[],
  factors: readonly Factor[],
  steps: readonly TracedStep[],
  sizeOf: SizeOf,
  contract: Contract,
): readonly Placed[] => {
  const carrierOf = new Map(indices.map((index) => [index, smallestCarrier(index, factors, sizeOf)]))
  const needed = new Set(carrierOf.values())
  steps.forEach(({ numbers }, number) => {
    if (numbers.some((operand) => needed.has(operand))) needed.add(factors.length + number)
  })

  const environments = new Map<number, Environment>()
  if (steps.length === 0) environments.set(0, 'one')
  else environments.set(factors.length + steps.length - 1, 'one')
  const pair = (wanted: ReadonlySet<number>, environment: Environment, other: Placed | undefined): Environment => {
    const around = [environment, other].filter((operand) => operand !== 'one' && operand !== undefined)
    const [first, second] = around
    if (first === undefined) return 'one'
    // The members of the batch stay apart, also around what is the same for all of them.
    const carried = [...new Set(around.flatMap(indicesOf))].filter((index) => index === batch || wanted.has(index))
    return contract(layoutOver(batchFirst(carried)), first, second)
  }
  const tensorOf = (factor: number): Placed => {
    const { rowIndices, columnIndex, tensor } = factors[factor]!
    return { rowIndices, columnIndex, tensor: tensor() }
  }
  for (let number = steps.length - 1; number >= 0; number--) {
    const environment = environments.get(factors.length + number)
    if (environment === undefined) continue
    const step = steps[number]!
    // For what is looked up, the function is a factor like any other.
    const operands = step.kind === 'contract' ? step.operands : [tensorOf(step.numbers[0]!), step.other]
    step.numbers.forEach((operand, side) => {
      if (!needed.has(operand)) return
      const own = new Set(indicesOf(operands[side]!))
      environments.set(operand, pair(own, environment, operands[1 - side]))
    })
  }

  return indices.map((index) => {
    const factor = carrierOf.get(index)!
    const environment = environments.get(factor)!
    const own = tensorOf(factor)
    const isBatched = [own, ...(environment === 'one' ? [] : [environment])].some((operand) =>
      indicesOf(operand).includes(batch),
    )
    const layout = layoutOver(isBatched ? [batch, index] : [index])
    return environment === 'one' ? contract(layout, own, undefined) : contract(layout, own, environment)
  })
}

const smallestCarrier = (index: number, factors: readonly Factor[], sizeOf: SizeOf): number => {
  let best = -1
  let fewest = Infinity
  factors.forEach((factor, number) => {
    const all = indicesOf(factor)
    const entries = all.reduce((product, other) => product * sizeOf(other), 1)
    if (all.includes(index) && entries < fewest) {
      best = number
      fewest = entries
    }
  })
  if (best === -1) throw new Error(`lowerMarginals: no factor carries index ${index}`)
  return best
}
