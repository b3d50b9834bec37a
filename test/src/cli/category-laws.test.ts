/** What the command `markovcat laws` checks besides the laws of Markov categories, which test/laws has a file a category for. */
import { describe, expect, test } from 'vitest'

import { testLaws } from '../../../laws/index.js'
import { categoryNames, lawSetsOf } from '../../../src/cli/category-laws.js'

describe.each(categoryNames)('%s', (name) => {
  const [first, ...others] = lawSetsOf[name]()
  test('begins with its own laws', () => expect(first?.category).toBe(name))
  for (const set of others) testLaws(set, { describe, test }, { runs: 40 })
})

test('every group of the law list is checked for some category', () => {
  const groups = new Set(
    categoryNames.flatMap((name) => lawSetsOf[name]().flatMap(({ laws }) => laws.map(({ law }) => law.group))),
  )
  const letters: Readonly<Record<string, number>> = {
    A: 4,
    B: 5,
    C: 5,
    D: 4,
    E: 4,
    F: 1,
    G: 5,
    H: 3,
    I: 4,
    J: 5,
    K: 3,
    L: 1,
    M: 4,
    N: 4,
    O: 3,
    P: 7,
    Q: 3,
    R: 4,
  }
  const wanted = Object.entries(letters).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
  )
  expect([...groups].filter((group) => !wanted.includes(group))).toEqual([])
  expect(wanted.filter((group) => !groups.has(group))).toEqual([])
})
