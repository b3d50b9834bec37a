import { expect, test } from 'vitest'

import { finite, id, showProblem } from '../../dsl/index.js'
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

test('every problem says where it is, what it is and what would do', () => {
  const messageOf = (result: ReturnType<typeof outputPorts>): string =>
    result._tag === 'Left' ? showProblem(result.left) : 'no problem'
  const twelve = Array.from({ length: 12 }, (_, index) => finite(`W${index}`, 2))
  expect([
    messageOf(outputPorts(id(A, B), [], ['one'])),
    messageOf(outputPorts(id(A, B, A), ['A'])),
    messageOf(outputPorts(id(A, B), [2])),
    messageOf(outputPorts(id(A, B), [-1])),
    messageOf(outputPorts(id(A, B), [0.5])),
    messageOf(outputPorts(id(...twelve), ['V'])),
  ]).toEqual([
    'names of outputs: there are 1; give one for each of the 2 outputs',
    "output 'A': the outputs 0, 2 have this name; give the number of the output that is meant, or names that differ",
    'output 2: the diagram has 2 outputs; give a whole number from 0 to 1',
    'output -1: the diagram has 2 outputs; give a whole number from 0 to 1',
    'output 0.5: the diagram has 2 outputs; give a whole number from 0 to 1',
    "output 'V': no output has this name; the names are W0, W1, W2, W3, W4, W5, W6, W7, W8, W9, W10, W11",
  ])
})
