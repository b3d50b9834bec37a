/**
 * Shapes that every picture draws alike: bends, grounds, triangles.
 */
import type { Connection, Direction, LaidOutBox, Point } from './layout.js'

/** Whether a connection runs without a bend. */
export const isStraight = ({ bend: [start, end] }: Connection, direction: Direction): boolean =>
  direction === 'left-to-right' ? Math.abs(start.y - end.y) < 0.01 : Math.abs(start.x - end.x) < 0.01

/** The control points of the cubic curve between the ends of a bend. */
export const bendControls = ({ bend: [start, end] }: Connection, direction: Direction): readonly [Point, Point] => {
  if (direction === 'left-to-right') {
    const x = (start.x + end.x) / 2
    return [
      { x, y: start.y },
      { x, y: end.y },
    ]
  }
  const y = (start.y + end.y) / 2
  return [
    { x: start.x, y },
    { x: end.x, y },
  ]
}

/** The three bars of a ground symbol, the longest at the wire. */
export const groundBars = ({ x, y }: Point, direction: Direction): readonly (readonly [Point, Point])[] =>
  [7, 4.5, 2].map((half, index) => {
    const step = index * 3.2
    return direction === 'left-to-right'
      ? [
          { x: x + step, y: y - half },
          { x: x + step, y: y + half },
        ]
      : [
          { x: x - half, y: y - step },
          { x: x + half, y: y - step },
        ]
  })

/** The corners of a state or an effect: the flat side carries the ports, the point looks away from them. */
export const outlineCorners = ({ x, y, width, height, shape }: LaidOutBox, direction: Direction): readonly Point[] => {
  const flatAtEnd = shape === 'state'
  const [right, bottom] = [x + width, y + height]
  const [centre, middle] = [x + width / 2, y + height / 2]
  if (direction === 'left-to-right')
    return flatAtEnd
      ? [
          { x, y: middle },
          { x: right, y },
          { x: right, y: bottom },
        ]
      : [
          { x: right, y: middle },
          { x, y },
          { x, y: bottom },
        ]
  return flatAtEnd
    ? [
        { x: centre, y: bottom },
        { x, y },
        { x: right, y },
      ]
    : [
        { x: centre, y },
        { x, y: bottom },
        { x: right, y: bottom },
      ]
}
