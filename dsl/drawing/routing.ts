/**
 * Where the wires of a gap turn, when they turn at right angles.
 *
 * Every wire that changes its level turns in a column of its own. A wire must leave a level before another arrives at it; where such
 * demands go in a circle (two wires that change places), one wire steps aside at once and arrives last.
 */

export interface Rise {
  readonly source: number
  readonly targets: readonly number[]
}

/** The column in which a wire turns; a wire that steps aside does so in `aside.column`, to `aside.level`. */
export interface Route {
  readonly column: number
  readonly aside: { readonly column: number; readonly level: number } | undefined
}

export interface Routes {
  /** For each wire of the gap; undefined for one that runs straight. */
  readonly of: readonly (Route | undefined)[]
  readonly columns: number
}

/** The routes of a gap; levels nearer than `near` are one level, `step` is how far a wire steps aside. */
export const routesOf = (rises: readonly Rise[], near: number, step: number): Routes => {
  const same = (a: number, b: number): boolean => Math.abs(a - b) < near
  const bending = rises.flatMap(({ source, targets }, net) =>
    targets.some((target) => !same(source, target)) ? [net] : [],
  )
  const waitsFor = new Map(
    bending.map((net) => [
      net,
      new Set(
        bending.filter(
          (other) => other !== net && rises[net]!.targets.some((target) => same(target, rises[other]!.source)),
        ),
      ),
    ]),
  )
  const inOrder: number[] = []
  const aside: number[] = []
  while (waitsFor.size > 0) {
    const free = [...waitsFor].find(([, others]) => others.size === 0)
    const next = free?.[0] ?? [...waitsFor.keys()][0]!
    ;(free === undefined ? aside : inOrder).push(next)
    waitsFor.delete(next)
    for (const others of waitsFor.values()) others.delete(next)
  }
  const of = new Array<Route | undefined>(rises.length).fill(undefined)
  inOrder.forEach((net, index) => (of[net] = { column: aside.length + index, aside: undefined }))
  aside.forEach((net, index) => {
    const { source, targets } = rises[net]!
    const level = source + (targets[0]! < source ? -step : step)
    of[net] = { column: aside.length + inOrder.length + index, aside: { column: index, level } }
  })
  return { of, columns: inOrder.length + 2 * aside.length }
}
