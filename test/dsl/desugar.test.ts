import { expect, test } from 'vitest'

import { desugar } from '../../dsl/desugar.js'
import { box, type Diagram, finite, fold, type Program, program, showWires, state } from '../../dsl/index.js'

const [A, B, C] = [finite('A', 2), finite('B', 3), finite('C', 5)]
const f = box('f', [A], [B])
const two = box('two', [B, A], [C])

/** A diagram as a formula. */
const formula = (diagram: Diagram): string =>
  fold<string>(diagram, {
    leaf: (node) =>
      node.kind === 'box'
        ? node.name
        : node.kind === 'permute'
          ? `permute[${node.order.join('')}]`
          : `${node.kind}(${showWires(node.inputs)})`,
    join: ({ kind }, before, part) =>
      before === undefined ? part : `(${before} ${kind === 'seq' ? ';' : '⊗'} ${part})`,
    empty: ({ kind }) => `empty ${kind}`,
  })
/** The layers of a desugared program, each as a formula. */
const layersOf = (written: Program): readonly string[] => desugar(written).parts.map(formula)

test('a step stands beside the wires that are read later, and no others', () => {
  expect(
    layersOf(
      program([A, C], (a, c) => {
        const [b] = f(a)
        const [d] = two(b, a)
        return [d, c]
      }),
    ),
  ).toEqual([
    'identity(A ⊗ C)',
    '((identity(A) ; (copy(A) ⊗ identity(I))) ⊗ identity(C))',
    'permute[012]',
    '(f ⊗ identity(A ⊗ C))',
    '(two ⊗ identity(C))',
  ])
})

test('wires that are in their places are not arranged', () => {
  expect(layersOf(program([A], (a) => f(a)))).toEqual(['identity(A)', '(f ⊗ identity(I))'])
  expect(layersOf(program([], () => state('p', [A])()))).toEqual(['identity(I)', '(p ⊗ identity(I))'])
})

test('a wire is copied as often as it is read, and discarded if it is not', () => {
  expect(layersOf(program([A, B], (a, b) => [b, a, b, b]))).toEqual([
    'identity(A ⊗ B)',
    '(identity(A) ⊗ ((identity(B) ; (copy(B) ⊗ identity(I))) ; (copy(B) ⊗ identity(B))))',
    'permute[1023]',
  ])
  expect(layersOf(program([A, B], (a) => [a]))).toEqual(['identity(A ⊗ B)', '(identity(A) ⊗ discard(B))', 'permute[0]'])
})
