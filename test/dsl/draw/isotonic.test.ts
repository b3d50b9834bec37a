import fc from 'fast-check'
import { expect, test } from 'vitest'

import { nearestPlaces } from '../../../dsl/draw/isotonic.js'

test('two that want the same place part evenly; the heavier one moves less', () => {
  expect(nearestPlaces([0, 0], [1, 1], [10])).toEqual([-5, 5])
  expect(nearestPlaces([0, 0], [3, 1], [8])).toEqual([-2, 6])
  expect(nearestPlaces([0, 20], [1, 1], [10])).toEqual([0, 20])
  expect(nearestPlaces([], [], [])).toEqual([])
})

test('the conditions of Karush, Kuhn and Tucker hold, so the places are the nearest', () => {
  const item = fc.record({
    wanted: fc.integer({ min: -50, max: 50 }),
    weight: fc.integer({ min: 1, max: 200 }),
    distance: fc.integer({ min: 0, max: 30 }),
  })
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 30 }), (items) => {
      const places = nearestPlaces(
        items.map(({ wanted }) => wanted),
        items.map(({ weight }) => weight),
        items.slice(1).map(({ distance }) => distance),
      )
      // The force on everything up to place k is taken up by the distance after it: a push, and only if that distance is used up.
      let force = 0
      items.forEach(({ wanted, weight }, k) => {
        force += weight * (wanted - places[k]!)
        const next = items[k + 1]
        if (next === undefined) return expect(Math.abs(force)).toBeLessThan(1e-6)
        const slack = places[k + 1]! - places[k]! - next.distance
        expect(slack).toBeGreaterThan(-1e-9)
        expect(force).toBeGreaterThan(-1e-6)
        expect(Math.min(slack, force)).toBeLessThan(1e-6)
      })
    }),
  )
})
