/** The tensors and steps of a plan as they are recorded. A step that has been recorded is not recorded again: its result is shared. */
import type { Box } from '../../dsl/diagram.js'
import { type Operation, resultShape } from './operation.js'
import type { ParameterName } from './parameters.js'
import type { Source, Step, Tensor } from './plan.js'

export interface PlanRecorder {
  readonly tensors: readonly Tensor[]
  readonly steps: readonly Step[]
  /** A new tensor. */
  readonly tensor: (rows: number, columns: number, source: Source) => number
  /** A matrix of a box's meaning, one of `rows` rows, or one below the other for `members` members of the batch. */
  readonly parameter: (
    box: Box,
    name: ParameterName,
    rows: number,
    columns: number,
    members: number | undefined,
  ) => number
  /** The result of an operation. */
  readonly step: (operation: Operation, operands: readonly number[]) => number
  /** The number one. */
  readonly one: () => number
}

export const planRecorder = (): PlanRecorder => {
  const tensors: Tensor[] = []
  const steps: Step[] = []
  const known = new Map<string, number>()
  const tensor = (rows: number, columns: number, source: Source): number => tensors.push({ rows, columns, source }) - 1
  const once = (key: string, make: () => number): number => {
    const result = known.get(key) ?? make()
    known.set(key, result)
    return result
  }
  return {
    tensors,
    steps,
    tensor,
    parameter: (box, parameter, rows, columns, members) =>
      once(JSON.stringify([box.name, parameter, rows, columns]), () =>
        tensor(rows * (members ?? 1), columns, { kind: 'parameter', box, parameter, varying: members !== undefined }),
      ),
    step: (operation, operands) =>
      once(JSON.stringify([operation, operands]), () => {
        const { rows, columns } = resultShape(operation)
        const result = tensor(rows, columns, { kind: 'step', step: steps.length })
        steps.push({ operation, operands, result })
        return result
      }),
    one: () => once('1', () => tensor(1, 1, { kind: 'one' })),
  }
}
