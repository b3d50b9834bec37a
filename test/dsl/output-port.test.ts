import { expect, test } from 'vitest'

import { finite, id } from '../../dsl/index.js'
import { outputPorts } from '../../dsl/output-port.js'
import { valueOf } from '../support/value-of.js'

const [A, B] = [finite('A', 2), finite('B', 2)]

test('names and numbers, in the order of the references, repeats included', () => {
  expect(valueOf(outputPorts(id(A, B), ['B', 0, 'A', 1, 1]))).toEqual([1, 0, 0, 1, 1])
  expect(valueOf(outputPorts(id(A, A), ['second', 'first'], ['first', 'second']))).toEqual([1, 0])
  expect(valueOf(outputPorts(id(), []))).toEqual([])
})

test('names of the prototype of records are no names of outputs', () => {
  expect(outputPorts(id(A), ['constructor'])).toMatchObject({ _tag: 'Left', left: { kind: 'unknown-name' } })
})

test('a long list of names is cut short', () => {
  const many = Array.from({ length: 40 }, (_, index) => finite(`W${index}`, 2))
  expect(outputPorts(id(...many), ['V'])).toMatchObject({
    _tag: 'Left',
    left: { remedy: 'the names are W0, W1, W2, W3, W4, W5, W6, W7, W8, W9, W10, W11 and 28 more' },
  })
})

test('a diagram without outputs has none to refer to', () => {
  expect(outputPorts(id(), [0])).toMatchObject({
    _tag: 'Left',
    left: { kind: 'out-of-range', remedy: 'refer to none' },
  })
})
