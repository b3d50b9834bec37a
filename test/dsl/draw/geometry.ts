/** The geometry of drawings, computed anew from the record: wires as polylines, and what lies on what. */
import type { Point, Rectangle, WirePath } from '../../../dsl/draw/index.js'

export interface Segment {
  readonly from: Point
  readonly to: Point
}

/** The pieces of a path; curves as so many chords. */
export const segmentsOf = ({ start, steps }: Pick<WirePath, 'start' | 'steps'>, chords = 24): readonly Segment[] => {
  const segments: Segment[] = []
  let from = start
  for (const step of steps) {
    if (step.kind === 'line') segments.push({ from, to: step.to })
    else {
      const { first, second, to } = step
      const at = (t: number): Point => {
        const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3]
        return {
          x: a * from.x + b * first.x + c * second.x + d * to.x,
          y: a * from.y + b * first.y + c * second.y + d * to.y,
        }
      }
      for (let k = 0; k < chords; k++) segments.push({ from: at(k / chords), to: at((k + 1) / chords) })
    }
    from = step.to
  }
  return segments
}

export const endOf = ({ start, steps }: Pick<WirePath, 'start' | 'steps'>): Point =>
  steps[steps.length - 1]?.to ?? start

/** Whether two rectangles share more than an edge. */
export const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width - 1e-6 && b.x < a.x + a.width - 1e-6 && a.y < b.y + b.height - 1e-6 && b.y < a.y + a.height - 1e-6

/** Whether a segment passes through the inside of a rectangle: Liang and Barsky's clipping. */
export const passesThrough = ({ from, to }: Segment, { x, y, width, height }: Rectangle): boolean => {
  const inset = 1e-6
  let enter = 0
  let leave = 1
  const clip = (start: number, step: number, low: number, high: number): boolean => {
    if (step === 0) return low < start && start < high
    const [first, second] = [(low - start) / step, (high - start) / step]
    enter = Math.max(enter, Math.min(first, second))
    leave = Math.min(leave, Math.max(first, second))
    return enter < leave
  }
  return (
    clip(from.x, to.x - from.x, x + inset, x + width - inset) &&
    clip(from.y, to.y - from.y, y + inset, y + height - inset)
  )
}

/** The distance of a point from a segment. */
export const distanceTo = ({ x, y }: Point, { from, to }: Segment): number => {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const square = dx * dx + dy * dy
  const t = square === 0 ? 0 : Math.max(0, Math.min(1, ((x - from.x) * dx + (y - from.y) * dy) / square))
  return Math.hypot(x - from.x - t * dx, y - from.y - t * dy)
}

/** Whether two segments cross at a point inside both. */
export const cross = (a: Segment, b: Segment): boolean => {
  const side = ({ from, to }: Segment, { x, y }: Point): number =>
    Math.sign((to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x))
  return side(a, b.from) * side(a, b.to) < 0 && side(b, a.from) * side(b, a.to) < 0
}

/** Whether two segments lie on each other along more than a point. */
export const coincide = (a: Segment, b: Segment): boolean => {
  const shared = (from: number, to: number, low: number, high: number): number =>
    Math.min(Math.max(from, to), Math.max(low, high)) - Math.max(Math.min(from, to), Math.min(low, high))
  const horizontal = a.from.y === a.to.y && b.from.y === b.to.y && Math.abs(a.from.y - b.from.y) < 1e-6
  const vertical = a.from.x === a.to.x && b.from.x === b.to.x && Math.abs(a.from.x - b.from.x) < 1e-6
  return (
    (horizontal && shared(a.from.x, a.to.x, b.from.x, b.to.x) > 1e-6) ||
    (vertical && shared(a.from.y, a.to.y, b.from.y, b.to.y) > 1e-6)
  )
}

/** How often pieces of different wires cross; pieces that start or end together do not cross there. */
export const crossingCount = (wires: readonly WirePath[]): number => {
  const pieces = wires.map((wire) => ({ wire: wire.wire, segments: segmentsOf(wire) }))
  let count = 0
  pieces.forEach((a, index) =>
    pieces.slice(index + 1).forEach((b) => {
      if (a.wire === b.wire) return
      for (const one of a.segments) for (const other of b.segments) if (cross(one, other)) count += 1
    }),
  )
  return count
}
