/**
 * Closed outlines with round corners.
 */
import type { WireSegment, Point, WirePath } from './layout.js'

/** The path around a polygon, its corners rounded by a radius where its sides have room for it. */
export const outlineSteps = (corners: readonly Point[], radius: number): Pick<WirePath, 'start' | 'steps'> => {
  const steps: WireSegment[] = []
  if (radius === 0) return { start: corners[0]!, steps: corners.slice(1).map((to) => ({ kind: 'line', to })) }
  corners.forEach((corner, index) => {
    const before = corners[(index + corners.length - 1) % corners.length]!
    const after = corners[(index + 1) % corners.length]!
    const into = towards(corner, before, radius)
    const out = towards(corner, after, radius)
    steps.push({ kind: 'line', to: into })
    steps.push({
      kind: 'curve',
      first: towards(into, corner, 0.5523, true),
      second: towards(out, corner, 0.5523, true),
      to: out,
    })
  })
  const last = steps[steps.length - 1]!
  return { start: last.to, steps }
}

/** A point on the way from one to another: at a length, though not past a third of the way; or at a fraction of it. */
const towards = (from: Point, to: Point, length: number, fraction = false): Point => {
  const whole = Math.hypot(to.x - from.x, to.y - from.y)
  const part = fraction ? length : whole === 0 ? 0 : Math.min(1 / 3, length / whole)
  return { x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) }
}
