/**
 * Which laws hold where, as a table of text: a row for each category or broken instance, a column for each group of laws.
 */
import type { LawResult } from './check.js'

/** A category or a broken instance, with what was found of its laws. */
export interface MatrixRow {
  readonly name: string
  readonly results: readonly LawResult[]
}

/** How the laws of a group fared: all passed, some did not, or the row has none. */
export type Mark = 'passed' | 'failed' | 'absent'

/**
 * How the laws of a group fared in a row; a law that could not be decided has not passed.
 */
export const markOf = ({ results }: MatrixRow, group: string): Mark => {
  const own = results.filter(({ law }) => law.group === group)
  if (own.length === 0) return 'absent'
  return own.every(({ kind }) => kind === 'passed') ? 'passed' : 'failed'
}

/** The groups of laws that occur, in the order of their letters and numbers. */
export const groupsOf = (rows: readonly MatrixRow[]): readonly string[] => {
  const groups = new Set(rows.flatMap(({ results }) => results.map(({ law }) => law.group)))
  const place = (group: string): readonly [string, number] => [group.slice(0, 1), Number(group.slice(1))]
  return [...groups].sort((a, b) => {
    const [[letterA, numberA], [letterB, numberB]] = [place(a), place(b)]
    return letterA === letterB ? numberA - numberB : letterA < letterB ? -1 : 1
  })
}

/**
 * The table: a dot for a group that passed, a cross for one with a law that did not, a blank for one that the row does not have.
 *
 * @example
 * const law = { name: 'left identity', group: 'A1', statement: 'id[A] ; f = f', quantifier: 'every' }
 * lawMatrix([{ name: 'mine', results: [{ kind: 'passed', law, runs: 100 }] }])
 * // => '      A\n      1\nmine  ·'
 */
export const lawMatrix = (rows: readonly MatrixRow[]): string => {
  const groups = groupsOf(rows)
  const width = Math.max(0, ...rows.map(({ name }) => name.length))
  const sign = { passed: '·', failed: '×', absent: ' ' }
  const line = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(width)}  ${groups.map((group, k) => `${gapBefore(groups, k)}${cells[k]!.padStart(group.length - 1)}`).join('')}`.trimEnd()
  const letters = groups.map((group, k) => (group[0] === groups[k - 1]?.[0] ? '' : group.slice(0, 1)))
  return [
    line('', letters),
    line(
      '',
      groups.map((group) => group.slice(1)),
    ),
    ...rows.map((row) =>
      line(
        row.name,
        groups.map((group) => sign[markOf(row, group)]),
      ),
    ),
  ].join('\n')
}

/** Letters stand apart. */
const gapBefore = (groups: readonly string[], k: number): string =>
  k === 0 || groups[k]![0] === groups[k - 1]![0] ? '' : ' '
