import { describe, expect, test } from 'vitest'

import {
  cardinality,
  finite,
  real,
  sameWire,
  sameWires,
  sequence,
  showWire,
  showWires,
  sizeOf,
  type Wire,
  wireKey,
} from '../../dsl/index.js'

const weather = finite('Weather', ['sun', 'rain'])

describe('wires', () => {
  test('know how many elements they have', () => {
    expect(sizeOf(weather)).toBe(2)
    expect(cardinality(weather)).toBe(2)
    expect(cardinality(finite('Die', 6))).toBe(6)
    expect(cardinality(finite('Empty', 0))).toBe(0)
    expect(cardinality(finite('One', []))).toBe(0)
    expect(cardinality(sequence('Week', weather, 7))).toBe(128)
    expect(cardinality(sequence('Nothing', finite('Empty', 0), 0))).toBe(1)
    expect(cardinality(real('Hidden', 8))).toBeUndefined()
  })

  test('refuse shapes that are none', () => {
    expect(() => finite('Die', -1)).toThrow("finite('Die', n): the size must be a whole number of at least 0, not -1")
    expect(() => finite('Die', 1.5)).toThrow('not 1.5')
    expect(() => finite('Die', Number.NaN)).toThrow('not NaN')
    expect(() => finite('Coin', ['heads', 'heads'])).toThrow('an element is named twice')
    expect(() => real('Hidden', -3)).toThrow("real('Hidden', d): the dimension must be a whole number")
    expect(() => sequence('Word', weather, 0.5)).toThrow("sequence('Word', symbols, n): the length must be")
  })

  // Each differs from the others in one respect.
  const different: readonly Wire[] = [
    weather,
    finite('Weather', ['rain', 'sun']),
    finite('Weather', 2),
    finite('Weather', 3),
    finite('Climate', ['sun', 'rain']),
    finite('Weather', ['sun,rain']),
    finite('Weather', ['sun', 'rain', '']),
    real('Weather', 2),
    real('Weather', 3),
    sequence('Weather', finite('Weather', 2), 1),
    sequence('Weather', finite('Weather', 2), 2),
    sequence('Weather', finite('Climate', 2), 2),
    finite('Weather","x', 2),
  ]

  test('are the same by name and shape, never by identity', () => {
    for (const wire of different) {
      const again: Wire = JSON.parse(JSON.stringify(wire))
      expect(sameWire(wire, again)).toBe(true)
      expect(wireKey(wire)).toBe(wireKey(again))
    }
  })

  test('differ in any of these', () => {
    expect(new Set(different.map(wireKey)).size).toBe(different.length)
    different.forEach((a, i) => different.forEach((b, j) => expect(sameWire(a, b)).toBe(i === j)))
  })

  test('are shown with their shape', () => {
    expect(showWire(weather)).toBe('Weather (2 elements)')
    expect(showWire(real('Hidden', 8))).toBe('Hidden (R^8)')
    expect(showWire(sequence('Week', weather, 7))).toBe('Week (Weather^7)')
  })
})

test('the text of a wire is pinned: it is part of the keys of diagrams', () => {
  expect([weather, finite('Die', 6), real('Hidden', 8), sequence('Days', weather, 3)].map(wireKey)).toEqual([
    '["finite","Weather",["sun","rain"]]',
    '["finite","Die",6]',
    '["real","Hidden",8]',
    '["sequence","Days","[\\"finite\\",\\"Weather\\",[\\"sun\\",\\"rain\\"]]",3]',
  ])
  expect([weather, real('Hidden', 8), sequence('Days', weather, 3)].map(showWire)).toEqual([
    'Weather (2 elements)',
    'Hidden (R^8)',
    'Days (Weather^3)',
  ])
})

describe('objects', () => {
  test('are the same wires in the same order', () => {
    const die = finite('Die', 6)
    expect(sameWires([], [])).toBe(true)
    expect(sameWires([weather, die], [finite('Weather', ['sun', 'rain']), finite('Die', 6)])).toBe(true)
    expect(sameWires([weather, die], [die, weather])).toBe(false)
    expect(sameWires([weather], [weather, die])).toBe(false)
    expect(sameWires([weather, die], [weather])).toBe(false)
  })

  test('are shown by name', () => {
    expect(showWires([])).toBe('I')
    expect(showWires([weather, real('Hidden', 8)])).toBe('Weather ⊗ Hidden')
  })
})
