/**
 * Expected failures: what a function returns, as the left side of an Either, when its input does not do.
 */

/** What was wrong, where, and what would be right; `kind` is for programs, the three texts are for people. */
export interface Problem {
  readonly kind: ProblemKind
  readonly where: string
  readonly what: string
  readonly remedy: string
}

export type ProblemKind =
  /** Two boundaries that should be the same wires are not. */
  | 'wire-mismatch'
  /** A box, a wire or an option that the receiver does not know. */
  | 'unknown-name'
  /** A box that was given no meaning. */
  | 'missing-meaning'
  /** A meaning or a value of the wrong shape, or that is no kernel. */
  | 'invalid-value'
  /** A number outside the range that the receiver accepts. */
  | 'out-of-range'
  /** Evidence that has no probability, or lies outside the support. */
  | 'impossible-evidence'
  /** A result too small for a double, where the exact one is not zero. */
  | 'underflow'
  /** Text that has no content to work on. */
  | 'empty-input'
  /** A document that does not follow its format. */
  | 'malformed'
  /** A file that cannot be read or written. */
  | 'file'
  /** Something that this machine or this instance cannot do. */
  | 'unsupported'
  /** What was stopped before it was done. */
  | 'cancelled'

export const problem = (kind: ProblemKind, where: string, what: string, remedy: string): Problem => ({
  kind,
  where,
  what,
  remedy,
})

/**
 * A problem as one line of plain text.
 *
 * @example
 * showProblem(problem('out-of-range', '--dim', '0 is too small', 'give a whole number from 1 to 64'))
 * // => '--dim: 0 is too small; give a whole number from 1 to 64'
 */
export const showProblem = ({ where, what, remedy }: Problem): string => `${where}: ${what}; ${remedy}`
