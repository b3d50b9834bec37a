/** The table of mutants against laws. */
import { expect, test } from 'vitest'

import { caughtByOneGroup, type LawResult, mutantMatrix } from '../../laws/index.js'

const result = (group: string, kind: 'passed' | 'undecided'): LawResult => {
  const law = { name: group, group, statement: group, quantifier: 'every' } as const
  return kind === 'passed' ? { kind, law, runs: 60 } : { kind, law, category: 'one', reason: 'none' }
}
const rows = [
  { name: 'lossy', results: [result('A1', 'passed'), result('F1', 'undecided'), result('F1', 'passed')] },
  { name: 'lossless', results: [result('A1', 'passed'), result('F1', 'passed')] },
  { name: 'hopeless', results: [result('A1', 'undecided'), result('F1', 'undecided'), result('G10', 'passed')] },
  { name: 'drifting', results: [result('A1', 'undecided'), result('G10', 'passed')] },
]

test('rows that one group alone rejects', () =>
  expect(caughtByOneGroup(rows)).toEqual([
    { name: 'lossy', group: 'F1' },
    { name: 'drifting', group: 'A1' },
  ]))

test('the table, and the summary below it', () =>
  expect(mutantMatrix(rows).split('\n')).toEqual([
    '          A F  G',
    '          1 1 10',
    'lossy     · ×',
    'lossless  · ·',
    'hopeless  × ×  ·',
    'drifting  ×    ·',
    '',
    '· passed   × caught   blank: the mutant is not asked',
    '',
    'caught by one group of laws alone: 2 of 4',
    '  F1  lossy',
    '  A1  drifting',
  ]))
