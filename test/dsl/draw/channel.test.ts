import fc from 'fast-check'
import { expect, test } from 'vitest'

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
