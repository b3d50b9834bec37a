/** The table of laws. */
import { describe, expect, test } from 'vitest'

import { groupsOf, type LawResult, lawMatrix, markOf } from '../../laws/index.js'

const result = (group: string, kind: 'passed' | 'undecided'): LawResult => {
  const law = { name: group, group, statement: group, quantifier: 'every' } as const
  return kind === 'passed' ? { kind, law, runs: 1 } : { kind, law, category: 'one', reason: 'none' }
}
const rows = [
  { name: 'one', results: [result('A1', 'passed'), result('A2', 'passed'), result('G1', 'passed')] },
  {
    name: 'another',
    results: [result('A1', 'passed'), result('A1', 'undecided'), result('G10', 'passed'), result('B2', 'passed')],
  },
]

describe('law matrix', () => {
  test('groups go by letter, then by number', () => expect(groupsOf(rows)).toEqual(['A1', 'A2', 'B2', 'G1', 'G10']))

  test('one law that did not pass marks its group', () => {
    expect(markOf(rows[1]!, 'A1')).toBe('failed')
    expect(markOf(rows[0]!, 'A1')).toBe('passed')
    expect(markOf(rows[0]!, 'B2')).toBe('absent')
  })

  test('is laid out in columns', () =>
    expect(lawMatrix(rows).split('\n')).toEqual([
      '         A  B G',
      '         12 2 110',
      'one      ··   ·',
      'another  ×  ·   ·',
    ]))
})
