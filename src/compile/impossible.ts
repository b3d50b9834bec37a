/** Whether evidence is possible at all: a question about supports, which no number is too small for. */
import type { Plan, Tensor } from './plan.js'
import { runReference } from './reference.js'

/**
 * For each member whether some values of all wires have the evidence in them: the plan with 1 in the place of every probability and
 * likelihood that is not zero, so that it counts these values.
 */
export const mayBePossible = (plan: Plan, load: (tensor: Tensor) => ArrayLike<number>): readonly boolean[] => {
  const { batch, answer } = plan
  const support = (tensor: Tensor): ArrayLike<number> => {
    const { source } = tensor
    const entries = load(tensor)
    return source.kind === 'evidence' || (source.kind === 'parameter' && source.parameter === 'kernel')
      ? Float64Array.from(entries, (entry) => (entry > 0 ? 1 : 0))
      : entries
  }
  if (answer === undefined) return new Array<boolean>(batch).fill(true)
  const table = answer.kind === 'joint' ? answer : answer.kind === 'marginals' ? answer.total : answer.largest
  const counted = runReference(plan, support)[table.tensor]!
  const width = table.batched ? counted.length / batch : counted.length
  return Array.from({ length: batch }, (_, member) => {
    const from = table.batched ? member * width : 0
    return counted.subarray(from, from + width).some((entry) => entry > 0)
  })
}
