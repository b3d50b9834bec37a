import { expect, test } from 'vitest'

import { finite } from '../../dsl/index.js'
import { legible, showFound, showObject, showSome } from '../../dsl/legible.js'

test('sixty characters are shown, of more the first sixty', () => {
  expect(legible('x'.repeat(60))).toBe('x'.repeat(60))
  expect(legible('x'.repeat(61))).toBe(`${'x'.repeat(60)}…`)
  expect(legible('a\nb\t\u2028\u2029\ud800\u0085 é 条😀')).toBe('a\\u000ab\\u0009\\u2028\\u2029\\ud800\\u0085 é 条😀')
})

test('six items are shown, of more the first six', () => {
  expect(showSome([1, 2, 3, 4, 5, 6], String)).toBe('1, 2, 3, 4, 5, 6')
  expect(showSome([1, 2, 3, 4, 5, 6, 7], String, ' ')).toBe('1 2 3 4 5 6 … (7 in all)')
  expect(showObject([])).toBe('I')
  expect(showObject([finite('A\n', 2), finite('B', 2)])).toBe('A\\u000a ⊗ B')
})

test('what was found is shown as it is, or by what it is', () => {
  const values = ['a\nb', 2.5, true, undefined, null, [1, 2, 3], {}, () => 1, 3n, Symbol('s')]
  expect(values.map(showFound)).toEqual([
    "the text 'a\\u000ab'",
    '2.5',
    'true',
    'nothing',
    'null',
    'a list of 3',
    'an object',
    'a function',
    'a bigint',
    'a symbol',
  ])
})
