/**
 * Orthogonal wires between two layers: each wire that does not go straight on has a piece across the flow, its trunk, on a track.
 *
 * A trunk runs from the lane on which its wire arrives to those on which it leaves. Where one wire leaves on the lane on which another
 * arrives, the other's trunk must come first, or the two would lie on each other; of two orders that are possible, the one with fewer
 * crossings is taken. A circle of such demands is broken by a detour: a wire that changes over to a free lane first.
 */

export interface ChannelWire {
  /** The lane on which it arrives, a place across the flow, and those on which it leaves. */
  readonly source: number
  readonly targets: readonly number[]
}

export interface ChannelRoute {
  readonly track: number
  /** The track on which it changes over to another lane before. */
  readonly detour?: { readonly track: number; readonly lane: number }
}

export interface Channel {
  readonly routes: readonly ChannelRoute[]
  readonly trackCount: number
}

interface Trunk {
  readonly source: number
  readonly targets: readonly number[]
  readonly low: number
  readonly high: number
}

/**
 * Tracks for wires none of which is straight; `straight` are the lanes of those that are.
 */
export const routeChannel = (
  wires: readonly ChannelWire[],
  straight: readonly number[],
  clearance: number,
  quantum: number,
): Channel => {
  // Trunks on one track must not look like one: on the grid of a text, not even neighbouring cells may be taken.
  const apart = clearance + quantum
  const lanes = [...straight, ...wires.flatMap(({ source, targets }) => [source, ...targets])]
  const waiting: (Trunk | undefined)[] = wires.map(({ source, targets }) => trunkOf(source, targets))
  const mustPrecede = (a: Trunk, b: Trunk): boolean =>
    b.targets.some((target) => Math.abs(target - a.source) < clearance)

  // How many waiting trunks must come before each, and how many crossings it costs to come before all of them.
  const blockers = new Int32Array(wires.length)
  const cost = new Float64Array(wires.length)
  const compare = (a: number, b: number, sign: 1 | -1): void => {
    const [first, second] = [waiting[a]!, waiting[b]!]
    if (!overlap(first, second, apart)) return
    if (mustPrecede(first, second)) blockers[b]! += sign
    if (mustPrecede(second, first)) blockers[a]! += sign
    const difference = crossings(first, second) - crossings(second, first)
    cost[a]! += sign * difference
    cost[b]! -= sign * difference
  }
  for (let a = 0; a < wires.length; a++) for (let b = a + 1; b < wires.length; b++) compare(a, b, 1)

  const placed: { readonly trunk: Trunk; readonly track: number }[] = []
  const put = (trunk: Trunk): number => {
    let track = 0
    for (const other of placed) if (overlap(trunk, other.trunk, apart)) track = Math.max(track, other.track + 1)
    placed.push({ trunk, track })
    return track
  }
  const tracks = new Int32Array(wires.length)
  const detours = new Map<number, { readonly track: number; readonly lane: number }>()
  // A wire that has made its detour stands in nobody's way: where all wait, another one must make way.
  const rank = (wire: number): number =>
    blockers[wire]! > 0 && detours.has(wire) ? Number.MAX_SAFE_INTEGER : blockers[wire]!
  for (let left = wires.length; left > 0;) {
    let best = -1
    for (let wire = 0; wire < wires.length; wire++) {
      if (waiting[wire] === undefined) continue
      const difference = best === -1 ? -1 : rank(wire) - rank(best) || cost[wire]! - cost[best]!
      if (difference < 0) best = wire
    }
    const trunk = waiting[best]!
    const blocked = blockers[best]! > 0
    for (let wire = 0; wire < wires.length; wire++)
      if (wire !== best && waiting[wire] !== undefined) compare(best, wire, -1)
    if (blocked) {
      // It leaves its lane now, for one that stands in nobody's way, and waits there.
      const lane = freeLane(lanes, trunk, clearance, quantum)
      lanes.push(lane)
      detours.set(best, { track: put(trunkOf(trunk.source, [lane])), lane })
      waiting[best] = trunkOf(lane, trunk.targets)
      for (let wire = 0; wire < wires.length; wire++)
        if (wire !== best && waiting[wire] !== undefined) compare(best, wire, 1)
      continue
    }
    tracks[best] = put(trunk)
    waiting[best] = undefined
    left -= 1
  }
  const routes = wires.map((_, wire): ChannelRoute => {
    const detour = detours.get(wire)
    return { track: tracks[wire]!, ...(detour === undefined ? {} : { detour }) }
  })
  return { routes, trackCount: placed.reduce((most, { track }) => Math.max(most, track + 1), 0) }
}

const trunkOf = (source: number, targets: readonly number[]): Trunk => {
  let low = source
  let high = source
  for (const target of targets) {
    low = Math.min(low, target)
    high = Math.max(high, target)
  }
  return { source, targets, low, high }
}

/** Whether two trunks come too near to each other to share a track. */
const overlap = (a: Trunk, b: Trunk, apart: number): boolean => a.low - b.high < apart && b.low - a.high < apart

/** How often two wires cross if the trunk of `first` comes first: it meets the other's arrival, the other trunk its departures. */
const crossings = (first: Trunk, second: Trunk): number => {
  let count = first.low < second.source && second.source < first.high ? 1 : 0
  for (const target of first.targets) if (second.low < target && target < second.high) count += 1
  return count
}

/** A lane far from all others: in the widest gap near the trunk, or beside everything. */
const freeLane = (lanes: readonly number[], trunk: Trunk, clearance: number, quantum: number): number => {
  const sorted = [...lanes].sort((a, b) => a - b)
  let best = sorted[sorted.length - 1]! + clearance
  let nearest = Math.abs(best - trunk.source)
  const below = sorted[0]! - clearance
  if (Math.abs(below - trunk.source) < nearest) {
    best = below
    nearest = Math.abs(below - trunk.source)
  }
  for (let k = 0; k + 1 < sorted.length; k++) {
    const gap = sorted[k + 1]! - sorted[k]!
    const middle = quantum * Math.round((sorted[k]! + sorted[k + 1]!) / 2 / quantum)
    if (gap >= 2 * clearance && Math.abs(middle - trunk.source) < nearest) {
      best = middle
      nearest = Math.abs(middle - trunk.source)
    }
  }
  return best
}
