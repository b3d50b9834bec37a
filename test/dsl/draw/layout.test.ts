import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { type Layout, layout, type LayoutOptions, type Point, type WireEnd } from '../../../dsl/draw/index.js'
import { box, copy, type Diagram, discard, finite, id, par, seq, state } from '../../../dsl/index.js'
import { wiringOf } from '../../../dsl/wiring.js'
import { chain, comb, drawnDiagram, grid } from './drawn-diagram.js'
import { coincide, crossingCount, distanceTo, endOf, overlap, passesThrough, segmentsOf } from './geometry.js'

const options: fc.Arbitrary<LayoutOptions> = fc.record({
  direction: fc.constantFrom('left-to-right', 'bottom-to-top'),
  wires: fc.constantFrom('curved', 'orthogonal'),
  labels: fc.boolean(),
})

const A = finite('A', 2)
const B = finite('B', 2)
const f = box('f', [A], [B])

/** Holds of the layouts of random diagrams, whatever the options are. */
const always = (claim: (drawing: Layout, diagram: Diagram) => void, runs = 150): void =>
  fc.assert(
    fc.property(drawnDiagram, options, (diagram, chosen) => claim(layout(diagram, chosen), diagram)),
    { numRuns: runs },
  )

/** The place that a wire starts or ends at. */
const portOf = ({ boxes, dots, grounds }: Layout, end: WireEnd, side: 'inputs' | 'outputs'): Point | undefined => {
  switch (end.kind) {
    case 'box':
      return boxes[end.box]?.[side][end.port]
    case 'copy':
      return dots[end.dot]
    case 'discard':
      return grounds[end.ground]
    case 'input':
    case 'output':
      return undefined
  }
}
const near = (a: Point, b: Point): boolean => Math.hypot(a.x - b.x, a.y - b.y) < 1e-6

describe('what is connected', () => {
  test('every consumer of every wire is reached by one path, from its producer, through its copies', () => {
    always(({ wires, dots, grounds }, diagram) => {
      const wiring = wiringOf(diagram)
      const readers = new Map<string, number>()
      wiring.boxes.forEach(({ inputs }, index) =>
        inputs.forEach((wire, port) => readers.set(JSON.stringify({ kind: 'box', box: index, port }), wire)),
      )
      wiring.outputs.forEach((wire, output) => readers.set(JSON.stringify({ kind: 'output', output }), wire))

      const reached = wires.filter(({ to }) => to.kind === 'box' || to.kind === 'output')
      expect(reached.length).toBe(readers.size)
      for (const { wire, to } of reached) {
        expect(readers.get(JSON.stringify(to))).toBe(wire)
        readers.delete(JSON.stringify(to))
      }
      expect(readers.size).toBe(0)

      // One piece starts at the producer; a copy has one piece that arrives and two or more that go on.
      const consumers = new Int32Array(wiring.wires.length)
      for (const { wire } of reached) consumers[wire]! += 1
      wiring.wires.forEach((_, wire) => {
        const pieces = wires.filter((piece) => piece.wire === wire)
        const starts = pieces.filter(({ from }) => from.kind !== 'copy')
        expect(starts.length).toBe(1)
        const producer = wiring.boxes.findIndex(
          ({ box: generator, firstOutput }) => wire >= firstOutput && wire < firstOutput + generator.outputs.length,
        )
        expect(starts[0]!.from).toEqual(
          producer === -1
            ? { kind: 'input', input: wire }
            : { kind: 'box', box: producer, port: wire - wiring.boxes[producer]!.firstOutput },
        )
        expect(pieces.filter(({ to }) => to.kind === 'discard').length).toBe(consumers[wire] === 0 ? 1 : 0)
      })
      dots.forEach((_, dot) => {
        expect(wires.filter(({ to }) => to.kind === 'copy' && to.dot === dot).length).toBe(1)
        expect(wires.filter(({ from }) => from.kind === 'copy' && from.dot === dot).length).toBeGreaterThanOrEqual(2)
      })
      expect(grounds.length).toBe(consumers.filter((count) => count === 0).length)
    })
  })

  test('paths start and end where they say, and advance in the direction of the drawing', () => {
    always((drawing) => {
      for (const path of drawing.wires) {
        const from = portOf(drawing, path.from, 'outputs')
        const to = portOf(drawing, path.to, 'inputs')
        if (from !== undefined) expect(near(path.start, from)).toBe(true)
        if (to !== undefined) expect(near(endOf(path), to)).toBe(true)
        for (const { from: a, to: b } of segmentsOf(path))
          if (drawing.direction === 'left-to-right') expect(b.x).toBeGreaterThanOrEqual(a.x - 1e-6)
          else expect(b.y).toBeLessThanOrEqual(a.y + 1e-6)
      }
    })
  })

  test('inputs and outputs are in order', () => {
    always(({ direction, wires }, diagram) => {
      const across = ({ x, y }: Point): number => (direction === 'left-to-right' ? y : x)
      const inputs = wires.flatMap(({ from, start }) =>
        from.kind === 'input' ? [{ number: from.input, at: across(start) }] : [],
      )
      const outputs = wires.flatMap((path) =>
        path.to.kind === 'output' ? [{ number: path.to.output, at: across(endOf(path)) }] : [],
      )
      expect(inputs.length).toBe(diagram.inputs.length)
      expect(outputs.length).toBe(diagram.outputs.length)
      for (const side of [inputs, outputs]) {
        const places = [...side].sort((a, b) => a.number - b.number).map(({ at }) => at)
        places.forEach((place, k) => expect(k === 0 || places[k - 1]! + 10 <= place).toBe(true))
      }
    })
  })
})

describe('what lies where', () => {
  test('everything is inside', () => {
    always(({ width, height, boxes, wires, dots, grounds, labels }) => {
      const points = [
        ...boxes.flatMap(({ outline, bounds, text }) => [...outline, bounds, text]),
        ...boxes.map(({ text }) => ({ x: text.x + text.width, y: text.y + text.height })),
        ...labels.flatMap((label) => [label, { x: label.x + label.width, y: label.y + label.height }]),
        ...wires.flatMap((path) => segmentsOf(path, 4).flatMap(({ from, to }) => [from, to])),
        ...dots,
        ...grounds.flatMap(({ bars }) => bars.flatMap(({ from, to }) => [from, to])),
      ]
      for (const { x, y } of points) {
        expect(x).toBeGreaterThanOrEqual(0)
        expect(y).toBeGreaterThanOrEqual(0)
        expect(x).toBeLessThanOrEqual(width)
        expect(y).toBeLessThanOrEqual(height)
      }
    })
  })

  test('boxes, labels, copies and discards do not lie on each other', () => {
    always(({ boxes, labels, dots, grounds }) => {
      const around = ({ x, y }: Point) => ({ x: x - 3, y: y - 3, width: 6, height: 6 })
      const things = [
        ...boxes.map(({ bounds }) => bounds),
        ...labels,
        ...dots.map(around),
        ...grounds.flatMap(({ bars }) =>
          bars.slice(0, 1).map(({ from, to }) => ({
            x: Math.min(from.x, to.x) - 0.5,
            y: Math.min(from.y, to.y) - 0.5,
            width: Math.abs(from.x - to.x) + 1,
            height: Math.abs(from.y - to.y) + 1,
          })),
        ),
      ]
      things.forEach((thing, k) => things.slice(0, k).forEach((other) => expect(overlap(thing, other)).toBe(false)))
    })
  })

  test('names fit into their boxes', () => {
    always(({ boxes }) => {
      for (const { bounds, text } of boxes) {
        expect(text.x).toBeGreaterThanOrEqual(bounds.x)
        expect(text.y).toBeGreaterThanOrEqual(bounds.y)
        expect(text.x + text.width).toBeLessThanOrEqual(bounds.x + bounds.width)
        expect(text.y + text.height).toBeLessThanOrEqual(bounds.y + bounds.height)
      }
    })
  })

  test('no wire passes through a box or a label, or through a copy of another wire', () => {
    always(({ boxes, labels, dots, wires }) => {
      for (const path of wires)
        for (const segment of segmentsOf(path)) {
          for (const { bounds } of boxes) expect(passesThrough(segment, bounds)).toBe(false)
          for (const label of labels) expect(passesThrough(segment, label)).toBe(false)
          for (const dot of dots) if (dot.wire !== path.wire) expect(distanceTo(dot, segment)).toBeGreaterThan(3.5)
        }
    }, 100)
  })

  test('orthogonal wires are horizontal and vertical, and never lie on each other', () => {
    fc.assert(
      fc.property(drawnDiagram, options, (diagram, chosen) => {
        const { wires } = layout(diagram, { ...chosen, wires: 'orthogonal' })
        const pieces = wires.flatMap((path) =>
          segmentsOf({ ...path, steps: path.steps }, 1).map((segment) => ({ wire: path.wire, segment })),
        )
        for (const { steps, start } of wires) {
          let here = start
          for (const step of steps) {
            if (step.kind === 'line') expect(here.x === step.to.x || here.y === step.to.y).toBe(true)
            here = step.to
          }
        }
        pieces.forEach((a, k) =>
          pieces.slice(0, k).forEach((b) => {
            if (a.wire !== b.wire) expect(coincide(a.segment, b.segment)).toBe(false)
          }),
        )
      }),
      { numRuns: 150 },
    )
  })
})

describe('how it looks', () => {
  test('chains are straight', () => {
    const { wires, boxes } = layout(chain(12))
    expect(new Set(wires.flatMap(({ start, steps }) => [start.y, ...steps.map(({ to }) => to.y)])).size).toBe(1)
    expect(wires.every(({ steps }) => steps.length === 1)).toBe(true)
    expect(boxes.length).toBe(12)
  })

  test.each(['curved', 'orthogonal'] as const)('combs and grids need no crossing: %s', (wires) => {
    for (const direction of ['left-to-right', 'bottom-to-top'] as const)
      for (const diagram of [comb(1), comb(2), comb(6), comb(15), grid(2), grid(5)])
        expect(crossingCount(layout(diagram, { wires, direction }).wires)).toBe(0)
  })

  test('in a comb the hidden chain and every output is straight', () => {
    const { boxes, wires } = layout(comb(6))
    const steps = boxes.filter(({ name }) => name === 'step').slice(0, 5)
    expect(new Set(steps.map(({ bounds }) => bounds.y)).size).toBe(1)
    for (const { start, steps: pieces, to } of wires)
      if (to.kind === 'output')
        expect(pieces.every((piece) => piece.kind === 'line' && piece.to.y === start.y)).toBe(true)
  })

  test('a fork of equals is symmetric', () => {
    const { boxes, dots } = layout(seq(state('p', [A]), copy(A), par(f, box('g', [A], [B]))))
    const middle = ({ bounds }: (typeof boxes)[number]): number => bounds.y + bounds.height / 2
    expect(dots.length).toBe(1)
    expect((middle(boxes[1]!) + middle(boxes[2]!)) / 2).toBe(middle(boxes[0]!))
    expect(dots[0]!.y).toBe(middle(boxes[0]!))
  })

  test('shapes', () => {
    const shapes = layout(par(state('p', [A]), f, box('e', [A], []), box('s', [], []))).boxes
    expect(shapes.map(({ shape }) => shape)).toEqual(['state', 'rectangle', 'effect', 'scalar'])
    expect(shapes.map(({ outline }) => outline.length)).toEqual([3, 4, 3, 6])
  })

  test('discarded boxes stay', () => {
    const drawing = layout(seq(f, discard(B)))
    expect(drawing.boxes.length).toBe(1)
    expect(drawing.grounds.length).toBe(1)
  })

  test('a name is shown once: at the boundary, or on the wire', () => {
    const kinds = (diagram: Diagram, labels = true) =>
      layout(diagram, { labels }).labels.map(({ kind, text }) => [kind, text])
    expect(kinds(seq(f, box('g', [B], [A])))).toEqual([
      ['input', 'A'],
      ['wire', 'B'],
      ['output', 'A'],
    ])
    expect(kinds(seq(f, box('g', [B], [A])), false)).toEqual([])
  })

  test('empty diagrams', () => {
    for (const diagram of [id(), discard(), par()]) {
      const { wires, boxes, width, height } = layout(diagram)
      expect([wires.length, boxes.length]).toEqual([0, 0])
      expect(width).toBeGreaterThan(0)
      expect(height).toBeGreaterThan(0)
    }
    expect(layout(discard(A, B)).grounds.length).toBe(2)
  })

  test('the same diagram has the same layout', () => {
    expect(layout(comb(4))).toEqual(layout(comb(4)))
  })
})

describe('large diagrams', () => {
  test('5,000 boxes in a row, 5,000 side by side, a grid of 900, a comb of 400', () => {
    expect(layout(chain(5000)).boxes.length).toBe(5000)
    expect(layout(par(...Array.from({ length: 5000 }, () => f))).wires.length).toBe(10_000)
    expect(layout(grid(30), { wires: 'orthogonal' }).boxes.length).toBe(900)
    const { boxes, dots, wires } = layout(comb(200))
    expect([boxes.length, dots.length, wires.length]).toEqual([401, 200, 801])
  })
})
