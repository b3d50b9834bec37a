/**
 * Mutants against laws, as text.
 */
import { groupsOf, lawMatrix, markOf, type MatrixRow } from '../law-matrix.js'

/** A broken instance that laws of a single group reject. */
export interface CaughtByOne {
  readonly name: string
  readonly group: string
}

/** The rows in which laws of exactly one group did not pass: each shows that its group of laws is needed. */
export const caughtByOneGroup = (rows: readonly MatrixRow[]): readonly CaughtByOne[] =>
  rows.flatMap((row) => {
    const failed = groupsOf([row]).filter((group) => markOf(row, group) === 'failed')
    return failed.length === 1 ? [{ name: row.name, group: failed[0]! }] : []
  })

/**
 * The table of mutants against groups of laws, a cross where a group rejects, and below it the mutants that a single group rejects.
 *
 * @example
 * const law = (name, group) => ({ name, group, statement: '', quantifier: 'every' })
 * const [unit, natural] = [law('left identity', 'A1'), law('naturality of discard', 'F1')]
 * const failed = (of) => ({ kind: 'undecided', law: of, category: 'mine', reason: 'it throws' })
 * mutantMatrix([{ name: 'lossy', results: [{ kind: 'passed', law: unit, runs: 60 }, failed(natural)] }]).split('\n')
 * // => ['       A F', '       1 1', 'lossy  · ×', '', '· passed   × caught   blank: the mutant is not asked', '', 'caught by one group of laws alone: 1 of 1', '  F1  lossy']
 */
export const mutantMatrix = (rows: readonly MatrixRow[]): string => {
  const alone = caughtByOneGroup(rows)
  return [
    lawMatrix(rows),
    '',
    '· passed   × caught   blank: the mutant is not asked',
    '',
    `caught by one group of laws alone: ${alone.length} of ${rows.length}`,
    ...alone.map(({ group, name }) => `  ${group.padEnd(2)}  ${name}`),
  ].join('\n')
}
