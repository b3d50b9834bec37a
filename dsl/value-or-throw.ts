/** The errors of the program that writes a diagram: what a typed constructor throws is what its checked counterpart returns. */
import { type Either, isLeft } from 'fp-ts/lib/Either.js'

import { type Problem, showProblem } from './problem.js'

/** The value, or an exception with the problem as its message. */
export const valueOrThrow = <A>(result: Either<Problem, A>): A => {
  if (isLeft(result)) throw new Error(showProblem(result.left))
  return result.right
}
