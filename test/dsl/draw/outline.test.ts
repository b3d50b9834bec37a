import { expect, test } from 'vitest'

import type { Point } from '../../../dsl/draw/index.js'
import { outlineSteps } from '../../../dsl/draw/outline.js'

const square: readonly Point[] = [
  { x: 0, y: 0 },
  { x: 30, y: 0 },
  { x: 30, y: 60 },
  { x: 0, y: 60 },
]
/** The points at which the lines and the curves end. */
const ends = (radius: number): readonly (readonly [string, number, number])[] =>
  outlineSteps(square, radius).steps.map(({ kind, to: { x, y } }) => [kind, x, y])

test('sharp corners are the corners', () => {
  expect(outlineSteps(square, 0)).toEqual({
    start: { x: 0, y: 0 },
    steps: square.slice(1).map((to) => ({ kind: 'line', to })),
  })
})

test('round ones begin and end a radius from the corner, and close', () => {
  expect(ends(6)).toEqual([
    ['line', 0, 6],
    ['curve', 6, 0],
    ['line', 24, 0],
    ['curve', 30, 6],
    ['line', 30, 54],
    ['curve', 24, 60],
    ['line', 6, 60],
    ['curve', 0, 54],
  ])
  expect(outlineSteps(square, 6).start).toEqual({ x: 0, y: 54 })
})

test('a third of a side is the most that a corner takes of it', () => {
  expect(ends(15)).toEqual([
    ['line', 0, 15],
    ['curve', 10, 0],
    ['line', 20, 0],
    ['curve', 30, 15],
    ['line', 30, 45],
    ['curve', 20, 60],
    ['line', 10, 60],
    ['curve', 0, 45],
  ])
})

test('a round corner is nearly a quarter of a circle', () => {
  const [, curve] = outlineSteps(square, 10).steps
  expect(curve).toEqual({
    kind: 'curve',
    first: { x: 0, y: 10 - 0.5523 * 10 },
    second: { x: 10 - 0.5523 * 10, y: 0 },
    to: { x: 10, y: 0 },
  })
})

test('a side without length has no room for corners', () => {
  const flat = outlineSteps([square[0]!, square[0]!, square[1]!], 6)
  for (const step of flat.steps) expect(Number.isFinite(step.to.x) && Number.isFinite(step.to.y)).toBe(true)
  expect(flat.steps[0]!.to).toEqual({ x: 6, y: 0 })
})
