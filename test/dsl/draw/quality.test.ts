/**
 * How good the drawings of a fixed sample of circuits are, in numbers: a change of the layout shows here, and says whether it is an
 * improvement. What a drawing must be whatever its quality is in layout.test.ts.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { drawText, type Layout, layout, type Point } from '../../../dsl/draw/index.js'
import { layeredGraph } from '../../../dsl/draw/layering.js'
import { layoutWith } from '../../../dsl/draw/layout.js'
import { crossingsOf, orderLayers } from '../../../dsl/draw/ordering.js'
import { textMeasures } from '../../../dsl/draw/style.js'
import { type Diagram, wiringOf } from '../../../dsl/index.js'
import { circuit, comb, grid } from './drawn-diagram.js'

const sample: readonly Diagram[] = [...fc.sample(circuit, { seed: 1, numRuns: 40 }), comb(5), grid(3)]

interface Quality {
  readonly width: number
  readonly height: number
  /** How far the wires go, along the axes, and in how many lines and curves. */
  readonly wireLength: number
  readonly pieces: number
  readonly straightWires: number
  /** The sum of all places: two different drawings hardly agree in it. */
  readonly places: number
}

const qualityOf = ({ width, height, wires, boxes, dots, grounds, labels }: Layout): Quality => {
  const points = wires.map(({ start, steps }) => [
    start,
    ...steps.flatMap((step) => (step.kind === 'line' ? [step.to] : [step.first, step.second, step.to])),
  ])
  const length = (path: readonly Point[]): number =>
    path.slice(1).reduce((sum, { x, y }, k) => sum + Math.abs(x - path[k]!.x) + Math.abs(y - path[k]!.y), 0)
  const places = [
    ...points.flat(),
    ...boxes.flatMap(({ bounds, outline, inputs, outputs, text }) => [bounds, ...outline, ...inputs, ...outputs, text]),
    ...grounds.flatMap(({ bars }) => bars.flatMap(({ from, to }) => [from, to])),
    ...dots,
    ...labels,
  ]
  return {
    width,
    height,
    wireLength: points.reduce((sum, path) => sum + length(path), 0),
    pieces: wires.reduce((sum, { steps }) => sum + steps.length, 0),
    straightWires: wires.filter(({ steps }) => steps.length === 1 && steps[0]!.kind === 'line').length,
    // Places that change theirs with each other count differently.
    places: places.reduce((sum, { x, y }, k) => sum + x * (1 + (k % 7)) + y * (1 + (k % 11)), 0),
  }
}

const total = (draw: (diagram: Diagram) => Layout): Quality => {
  const all = sample.map((diagram) => qualityOf(draw(diagram)))
  const sum = (key: keyof Quality): number => Math.round(all.reduce((before, quality) => before + quality[key], 0))
  return {
    width: sum('width'),
    height: sum('height'),
    wireLength: sum('wireLength'),
    pieces: sum('pieces'),
    straightWires: sum('straightWires'),
    places: sum('places'),
  }
}

test('layers and crossings', () => {
  const graphs = sample.map((diagram) => layeredGraph(wiringOf(diagram)))
  const sum = (of: (graph: (typeof graphs)[number]) => number): number =>
    graphs.reduce((before, graph) => before + of(graph), 0)
  expect({
    layers: sum(({ layers }) => layers.length),
    passing: sum(({ layerOf, firstPassing }) => layerOf.length - firstPassing),
    crossingsAsMade: sum((graph) => crossingsOf(graph, graph.layers)),
    crossings: sum((graph) => crossingsOf(graph, orderLayers(graph))),
  }).toEqual({ layers: 191, passing: 172, crossingsAsMade: 627, crossings: 240 })
})

const drawings: readonly (readonly [string, (diagram: Diagram) => Layout, Quality])[] = [
  [
    'curved',
    (diagram) => layout(diagram),
    { width: 37_109, height: 11_757, wireLength: 146_998, pieces: 1264, straightWires: 394, places: 19_282_685 },
  ],
  [
    'orthogonal, from bottom to top',
    (diagram) => layout(diagram, { wires: 'orthogonal', direction: 'bottom-to-top' }),
    { width: 22_779, height: 13_359, wireLength: 78_879, pieces: 1714, straightWires: 532, places: 16_019_391 },
  ],
  [
    'text',
    (diagram) => layoutWith(diagram, textMeasures({})),
    { width: 4670, height: 488, wireLength: 14_663, pieces: 1246, straightWires: 535, places: 1_717_694 },
  ],
]
test.each(drawings)('%s', (_, draw, quality) => {
  expect(total(draw)).toEqual(quality)
})

test('signs of text drawings', () => {
  const counts = new Map<string, number>()
  let columns = 0
  for (const line of sample.flatMap((diagram) => drawText(diagram).split('\n')))
    [...line].forEach((sign, column) => {
      counts.set(sign, (counts.get(sign) ?? 0) + 1)
      if (sign !== ' ') columns += column
    })
  const signs = [...'─│┌┐└┘┼├┤╭╮╰╯●⏚[]() '].map((sign) => `${sign}${counts.get(sign) ?? 0}`)
  expect([signs.join(' '), columns]).toEqual([
    '─13176 │903 ┌237 ┐128 └217 ┘147 ┼186 ├254 ┤342 ╭71 ╮71 ╰71 ╯71 ●222 ⏚129 [31 ]31 (28 )28  34865',
    1_561_703,
  ])
})
