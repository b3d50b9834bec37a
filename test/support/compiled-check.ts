/** What compiled diagrams are checked against. */
import { expect } from 'vitest'

import { cardinality } from '../../dsl/index.js'
import type { StochasticMatrix } from '../../src/category/fin-stoch.js'
import { type Evaluation, evaluationOf } from '../../src/compile/evaluation.js'
import type { Plan } from '../../src/compile/plan.js'
import type { Bounded } from './error-bound.js'
import type { CompilerCase } from './finite-diagram.js'
import { jointOf } from './joint.js'

/** The rows of the interpreter's matrix that the members of a batch ask for, one after another. */
export const rowsOf = ({ diagram, members }: CompilerCase, { entries }: StochasticMatrix): readonly number[] => {
  const columns = diagram.outputs.reduce((product, wire) => product * cardinality(wire)!, 1)
  return members.flatMap((member) => {
    const row = diagram.inputs.reduce((place, wire, port) => place * cardinality(wire)! + member[port]!, 0)
    return Array.from(entries.subarray(row * columns, (row + 1) * columns))
  })
}

/** An evaluation in which every number is the most that it may be off. */
export const boundsOf = (plan: Plan, { exact, errors }: Bounded): Evaluation => {
  const elements = new Set(
    plan.outputs.flatMap((output) =>
      output.kind === 'value' && output.wire.kind !== 'real' ? [output.value.tensor] : [],
    ),
  )
  return evaluationOf(plan, {
    question: 'joint',
    read: (tensor) => (elements.has(tensor) ? exact : errors)[tensor]!,
    isPossible: () => [],
    execution: { backend: 'bounds', executor: '', fallbackReason: undefined, reason: '', adapter: undefined },
  })
}

/** The bounds of `jointOf`: where every output is a value nothing is rounded. */
export const jointBounds = (bounds: Evaluation): readonly number[] => {
  const rows = jointOf(bounds).flat()
  return bounds.distribution === undefined ? rows.map(() => 0) : rows
}

/** Every number is within its bound, and a rounding of float64, of what is exact. */
export const expectWithin = (
  found: ArrayLike<number>,
  exact: ArrayLike<number>,
  bounds: ArrayLike<number> | undefined,
): void => {
  expect(found.length).toBe(exact.length)
  if (bounds !== undefined) expect(bounds.length).toBe(exact.length)
  for (let at = 0; at < exact.length; at++) {
    const most = (bounds?.[at] ?? 0) + 1e-13 * Math.abs(exact[at]!)
    if (!(Math.abs(found[at]! - exact[at]!) <= most))
      expect.fail(`entry ${at} is ${found[at]}, should be ${exact[at]} +- ${most}`)
  }
}

/** The vectors of an evaluation. */
export const vectorsOf = ({ outputs }: Evaluation): readonly ArrayLike<number>[] =>
  outputs.flatMap((output) => (output.kind === 'value' && output.wire.kind === 'real' ? [output.entries] : []))
