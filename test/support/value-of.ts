import { type Either, isLeft } from 'fp-ts/lib/Either.js'

import { type Problem, showProblem } from '../../dsl/problem.js'

/** The value of a result that a test expects to succeed. */
export const valueOf = <A>(result: Either<Problem, A>): A => {
  if (isLeft(result)) throw new Error(showProblem(result.left))
  return result.right
}
