import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { type Channel, type ChannelWire, routeChannel } from '../../../dsl/draw/channel.js'
import { coincide, cross, type Segment } from './geometry.js'

const clearance = 9

/** The pieces of a routed wire: x is the track, y the lane. */
const pieces = ({ routes, trackCount }: Channel, wires: readonly ChannelWire[], index: number): readonly Segment[] => {
  const { source, targets } = wires[index]!
  const { track, detour } = routes[index]!
  const horizontal = (from: number, to: number, y: number): Segment => ({ from: { x: from, y }, to: { x: to, y } })
  const vertical = (x: number, from: number, to: number): Segment => ({ from: { x, y: from }, to: { x, y: to } })
  const lane = detour?.lane ?? source
  const reach = [lane, ...targets]
  return [
    horizontal(-1, detour?.track ?? track, source),
    ...(detour === undefined ? [] : [vertical(detour.track, source, lane), horizontal(detour.track, track, lane)]),
    vertical(track, Math.min(...reach), Math.max(...reach)),
    ...targets.map((target) => horizontal(track, trackCount, target)),
  ]
}

/** Wires whose sources and targets keep the distances that a layout gives them, but are otherwise at will. */
const channel: fc.Arbitrary<readonly ChannelWire[]> = fc
  .record({
    sources: fc.array(fc.integer({ min: 26, max: 60 }), { minLength: 1, maxLength: 8 }),
    targets: fc.array(fc.record({ gap: fc.integer({ min: 26, max: 60 }), of: fc.nat(7) }), {
      minLength: 1,
      maxLength: 14,
    }),
    start: fc.integer({ min: -60, max: 60 }),
  })
  .map(({ sources, targets, start }) => {
    let place = 0
    const from = sources.map((gap) => (place += gap))
    place = start
    const to = targets.map(({ gap, of }) => ({ at: (place += gap), of: of % from.length }))
    return from
      .map((source, wire) => ({ source, targets: to.filter(({ of }) => of === wire).map(({ at }) => at) }))
      .filter(({ source, targets }) => targets.length > 0 && !(targets.length === 1 && targets[0] === source))
  })

test('wires never lie on each other', () => {
  fc.assert(
    fc.property(channel, (wires) => {
      const routed = routeChannel(wires, [], clearance, 0.5)
      const drawn = wires.map((_, index) => pieces(routed, wires, index))
      drawn.forEach((a, k) =>
        drawn.slice(0, k).forEach((b) => {
          for (const one of a) for (const other of b) expect(coincide(one, other)).toBe(false)
        }),
      )
    }),
    { numRuns: 500 },
  )
})

test('wires that keep their order do not cross', () => {
  const wires: readonly ChannelWire[] = [
    { source: 0, targets: [50] },
    { source: 30, targets: [90] },
    { source: 60, targets: [120, 150] },
    { source: 200, targets: [170] },
    { source: 230, targets: [196] },
  ]
  const routed = routeChannel(wires, [], clearance, 0.5)
  const drawn = wires.map((_, index) => pieces(routed, wires, index))
  let crossings = 0
  drawn.forEach((a, k) =>
    drawn.slice(0, k).forEach((b) => {
      for (const one of a) for (const other of b) if (cross(one, other)) crossings += 1
    }),
  )
  expect(crossings).toBe(0)
})

test('two wires that change places: one of them makes a detour', () => {
  const { routes, trackCount } = routeChannel(
    [
      { source: 0, targets: [26] },
      { source: 26, targets: [0] },
    ],
    [],
    clearance,
    0.5,
  )
  expect(routes.filter(({ detour }) => detour !== undefined).length).toBe(1)
  expect(trackCount).toBe(3)
})

describe('tracks', () => {
  const tracksOf = (...wires: readonly ChannelWire[]): readonly number[] =>
    routeChannel(wires, [], clearance, 0.5).routes.map(({ track }) => track)

  test('are shared by trunks that are far apart: by the clearance and a quantum at least', () => {
    expect(routeChannel([], [], clearance, 0.5)).toEqual({ routes: [], trackCount: 0 })
    expect(routeChannel([{ source: 0, targets: [40] }], [], clearance, 0.5)).toEqual({
      routes: [{ track: 0 }],
      trackCount: 1,
    })
    expect(tracksOf({ source: 0, targets: [40] }, { source: 49.5, targets: [100] })).toEqual([0, 0])
    expect(tracksOf({ source: 0, targets: [40] }, { source: 49, targets: [100] })).toEqual([0, 1])
    expect(tracksOf({ source: 49.5, targets: [100] }, { source: 40, targets: [0] })).toEqual([0, 0])
  })

  test('come first for the trunk on whose lane another one leaves', () => {
    expect(tracksOf({ source: 0, targets: [8.5] }, { source: 9, targets: [40] })).toEqual([1, 0])
    expect(
      tracksOf({ source: 0, targets: [30] }, { source: 30, targets: [60] }, { source: 60, targets: [90] }),
    ).toEqual([2, 1, 0])
  })

  test('are ordered so that the fewest wires cross', () => {
    expect(
      tracksOf({ source: 0, targets: [50] }, { source: 30, targets: [90] }, { source: 60, targets: [120, 150] }),
    ).toEqual([2, 1, 0])
    expect(tracksOf({ source: 0, targets: [-40, 20, 60] }, { source: 30, targets: [10, 90] })).toEqual([1, 0])
    expect(tracksOf({ source: 100, targets: [0] }, { source: 50, targets: [130] })).toEqual([0, 1])
  })
})

describe('detours', () => {
  const exchanged: readonly ChannelWire[] = [
    { source: 0, targets: [100] },
    { source: 100, targets: [0] },
  ]
  const laneOf = (straight: readonly number[]): number | undefined =>
    routeChannel(exchanged, straight, clearance, 0.5).routes[0]!.detour?.lane

  test('go beside everything, or through the middle of the nearest gap that is wide enough', () => {
    expect(laneOf([])).toBe(-9)
    expect(laneOf([200])).toBe(-9)
    expect(laneOf([-5])).toBe(-14)
    // Between 0 and 17 there is no room for a clearance on both sides; between 0 and 18 there is.
    expect(laneOf([-9, 17])).toBe(-18)
    expect(laneOf([-9, 18])).toBe(9)
    expect(laneOf([-9, 18.5])).toBe(9.5)
  })

  test('of three wires in a circle one suffices', () => {
    expect(
      routeChannel(
        [
          { source: 0, targets: [30] },
          { source: 30, targets: [60] },
          { source: 60, targets: [0] },
        ],
        [],
        clearance,
        0.5,
      ),
    ).toEqual({ routes: [{ track: 1 }, { track: 3, detour: { track: 0, lane: 15 } }, { track: 2 }], trackCount: 4 })
  })
})

describe('circles of demands', () => {
  const wire = (source: number, ...targets: readonly number[]): ChannelWire => ({ source, targets })
  /** For each wire its track; for a wire with a detour also the track and the lane of that. */
  test.each<[string, readonly ChannelWire[], readonly (readonly number[])[]]>([
    [
      'two beside each other',
      [wire(0, 100), wire(100, 0), wire(200, 300), wire(300, 200)],
      [[2, 0, -9], [1], [2, 0, 150], [1]],
    ],
    [
      'two across each other',
      [wire(0, 100), wire(50, 150), wire(100, 0), wire(150, 50)],
      [[4, 0, -9], [2, 0, 25], [3], [1]],
    ],
    [
      'one inside another',
      [wire(0, 200), wire(80, 120), wire(120, 80), wire(200, 0)],
      [[2, 0, -9], [5, 3, 100], [4], [1]],
    ],
    ['one of four wires', [wire(0, 30), wire(30, 90), wire(60, 0), wire(90, 60)], [[1], [4, 0, 15], [2], [3]]],
    ['with branches', [wire(0, 40, 80), wire(40, 0, 120), wire(80, 160), wire(160, 200)], [[2], [3, 0, 20], [1], [0]]],
  ])('%s', (_, wires, expected) => {
    const routed = routeChannel(wires, [], clearance, 0.5)
    const drawn = wires.map((_, index) => pieces(routed, wires, index))
    drawn.forEach((a, k) =>
      drawn.slice(0, k).forEach((b) => {
        for (const one of a) for (const other of b) expect(coincide(one, other)).toBe(false)
      }),
    )
    expect(
      routed.routes.map(({ track, detour }) => [track, ...(detour === undefined ? [] : [detour.track, detour.lane])]),
    ).toEqual(expected)
  })
})
