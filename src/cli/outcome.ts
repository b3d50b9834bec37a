import type { Either } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'

/** How a command ended: a problem with its input, or an exit status. */
export type Outcome = Either<Problem, 0 | 1>
