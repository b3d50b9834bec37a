/** Problems of a worker on their way through Redis, which keeps only the text of an error. */
import { isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

import { problem, type Problem } from '../../dsl/problem.js'

const failureCodec = t.strict({ worker: t.string, where: t.string, what: t.string, remedy: t.string })

/** A problem as the text of an error, with the name of the worker that had it. */
export const printFailure = (worker: string, { where, what, remedy }: Problem): string =>
  JSON.stringify({ worker, where, what, remedy })

/** The problem that a text stands for; a text that is none is shown as it is. */
export const parseFailure = (text: string): Problem => {
  const failure = failureCodec.decode(json(text))
  return isRight(failure)
    ? problem(
        'invalid-value',
        `worker ${failure.right.worker}, ${failure.right.where}`,
        failure.right.what,
        failure.right.remedy,
      )
    : problem('invalid-value', 'a worker', text, 'see what the worker printed')
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
