/** Whether other meanings may take the place of those that a diagram was compiled with: a plan has shapes and activations in it. */
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { match } from 'ts-pattern'

import type { Box } from '../../dsl/diagram.js'
import { problem, type Problem } from '../../dsl/problem.js'
import type { NumericMeaning } from './meaning.js'

/** The other meaning, if a plan for the compiled one serves it as well; otherwise what differs. */
export const sameShape = (
  box: Box,
  compiled: NumericMeaning,
  other: NumericMeaning,
): Either<Problem, NumericMeaning> => {
  const wrong = (what: string, remedy: string): Either<Problem, never> =>
    left(problem('invalid-value', `box '${box.name}'`, what, remedy))
  const fits = right(other)
  return match([compiled, other] as const)
    .returnType<Either<Problem, NumericMeaning>>()
    .with([{ kind: 'finite-function' }, { kind: 'finite-kernel' }], ([, { rows }]) =>
      rows.every(isPoint)
        ? fits
        : wrong(
            'it was compiled as a function, and this kernel is none',
            'give a function, or compile the box with a kernel',
          ),
    )
    .with([{ kind: 'finite-kernel' }, { kind: 'finite-function' }], () => fits)
    .with([{ kind: 'embedding' }, { kind: 'embedding' }], ([a, b]) =>
      a.table.rows === b.table.rows && a.table.columns === b.table.columns
        ? fits
        : wrong(`its table is ${b.table.rows} x ${b.table.columns}`, `give ${a.table.rows} x ${a.table.columns}`),
    )
    .with([{ kind: 'layers' }, { kind: 'layers' }], ([a, b]) => {
      const shapeOf = ({ layers }: typeof a): string =>
        layers.map(({ weights, activation }) => `${weights.rows} x ${weights.columns} ${activation}`).join(', ')
      return shapeOf(a) === shapeOf(b)
        ? fits
        : wrong(`its layers are ${shapeOf(b)}`, `give those that it was compiled with: ${shapeOf(a)}`)
    })
    .otherwise(() =>
      compiled.kind === other.kind
        ? fits
        : wrong(`it is a ${other.kind}`, `give a ${compiled.kind}, as it was compiled with`),
    )
}

/** Whether a row is a point, to the budget of FinStoch. */
const isPoint = (row: readonly number[]): boolean => row.some((entry) => entry >= 1 - 1e-9)
