import { expectTypeOf, test } from 'vitest'

import { type Diagram, finite, marginal, permute, project, seq, state } from '../../dsl/index.js'

const [A, B, C] = [finite('A', 2), finite('B', 3), finite('C', 4)]

test('the wires of a projection are known', () => {
  const chosen = project([A, B, C], [2, 0])
  expectTypeOf(chosen).toExtend<Diagram<[typeof A, typeof B, typeof C], [typeof C, typeof A]>>()
  const order = permute([A, B, C], [1, 2, 0])
  expectTypeOf(order.outputs).toEqualTypeOf<[typeof B, typeof C, typeof A]>()
  const one = marginal(state('joint', [A, B]), [1])
  expectTypeOf(one).toExtend<Diagram<[], [typeof B]>>()
})

test('wrong places and wrong uses do not compile', () => {
  // @ts-expect-error there is no wire 3: the object has 3 wires, counted from 0
  const outside = () => project([A, B, C], [0, 3])
  // @ts-expect-error there is no wire 2: the object has 2 wires, counted from 0
  const noOutput = () => marginal(state('joint', [A, B]), [2])
  // @ts-expect-error there is no wire 7: the object has 2 wires, counted from 0
  const noPlace = () => permute([A, B], [0, 7])
  // @ts-expect-error 'A' is not assignable to 'B'
  const misfit = () => seq(project([A, B], [0]), project([B], [0]))
  expectTypeOf([outside, noOutput, noPlace, misfit]).not.toBeAny()
})
