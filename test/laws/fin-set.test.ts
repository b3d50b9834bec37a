import { describe, expect, test } from 'vitest'

import { chanceLaws, checkLaws, finSetArbitraries, markovLaws, testLaws } from '../../laws/index.js'
import { FinSet } from '../../src/category/fin-set.js'

testLaws(markovLaws(FinSet, finSetArbitraries), { describe, test })

test('FinSet is cartesian: of the laws of a Markov category with chance it breaks G5 alone', () => {
  const results = checkLaws(chanceLaws(FinSet, finSetArbitraries))
  expect(results.length).toBeGreaterThan(50)
  expect(results.flatMap(({ kind, law }) => (kind === 'passed' ? [] : [[kind, law.group, law.name]]))).toEqual([
    ['failed', 'G5', 'some coin is not copied'],
  ])
})
