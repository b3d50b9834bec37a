/** Wiring graphs: every structural diagram is wires only, and each law of copy and discard is one picture. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  box,
  copy,
  type Diagram,
  discard,
  finite,
  id,
  par,
  permute,
  seq,
  state,
  swap,
  wiringOf,
} from '../../dsl/index.js'
import { diagrams } from '../../laws/index.js'
import { outputsOf } from '../../dsl/wiring.js'

const [A, B, C] = [finite('A', 2), finite('B', 3), finite('C', 4)]
const f = box('f', [A], [B])
const g = box('g', [B, A], [C, A])

/** Boxes with what they read and write, and the outputs. */
const graph = (diagram: Diagram): string => {
  const wiring = wiringOf(diagram)
  const boxes = wiring.boxes.map(
    (wired) => `${wired.box.name}(${wired.inputs.join(' ')}) = ${outputsOf(wired).join(' ')}`,
  )
  return [...boxes, `gives ${wiring.outputs.join(' ')}`].join('; ')
}

describe('structure is wiring', () => {
  test.each<[string, Diagram, string]>([
    ['identity', id(A, B), 'gives 0 1'],
    ['copy of a product goes (a, b, a, b)', copy(A, B), 'gives 0 1 0 1'],
    ['discard', par(discard(A), id(B)), 'gives 1'],
    ['swap of products', swap([A, B], [C]), 'gives 2 0 1'],
    ['output k is input order[k]', permute([A, B, C], [2, 0, 1]), 'gives 2 0 1'],
    ['nothing', id(), 'gives '],
    ['a parallel composite of nothing', par(), 'gives '],
    ['a box', f, 'f(0) = 1; gives 1'],
    ['a state', state('s', [A, B]), 's() = 0 1; gives 0 1'],
    ['f ; copy', seq(f, copy(B)), 'f(0) = 1; gives 1 1'],
    ['copy ; (f ⊗ f)', seq(copy(A), par(f, f)), 'f(0) = 1; f(0) = 2; gives 1 2'],
    ['two inputs', seq(par(f, id(A)), g), 'f(0) = 2; g(2 1) = 3 4; gives 3 4'],
    ['across a swap', seq(swap(A, A), par(f, id(A)), g, swap(C, A)), 'f(1) = 2; g(2 0) = 3 4; gives 4 3'],
    ['a discarded box stays', seq(f, discard(B)), 'f(0) = 1; gives '],
  ])('%s', (_, diagram, text) => expect(graph(diagram)).toBe(text))
})

describe('the invariant', () => {
  const signature = [f, g, box('h', [C], [A, B, A]), state('s', [C])]

  test('every wire has one producer, and boxes come after what they read', () => {
    fc.assert(
      fc.property(diagrams(signature, [A, B], [C, A, A]), (diagram) => {
        const { wires, inputCount, boxes, outputs } = wiringOf(diagram)
        expect(wires.slice(0, inputCount)).toEqual(diagram.inputs)
        let produced = inputCount
        for (const wired of boxes) {
          expect(wired.inputs.map((wire) => wires[wire])).toEqual(wired.box.inputs)
          expect(wired.inputs.every((wire) => wire < produced)).toBe(true)
          expect(wired.firstOutput).toBe(produced)
          produced += wired.box.outputs.length
          expect(outputsOf(wired).map((wire) => wires[wire])).toEqual(wired.box.outputs)
        }
        expect(produced).toBe(wires.length)
        expect(outputs.map((wire) => wires[wire])).toEqual(diagram.outputs)
      }),
    )
  })
})

describe('deep diagrams', () => {
  const step = box('step', [A], [A])

  test.each(['left', 'right'] as const)('100,000 boxes bracketed to the %s', (side) => {
    let chain: Diagram = step
    for (let k = 1; k < 100_000; k++) chain = side === 'left' ? seq(chain, step) : seq(step, chain)
    const { boxes, outputs } = wiringOf(chain)
    expect(boxes.length).toBe(100_000)
    expect(boxes[99_999]!.inputs).toEqual([99_999])
    expect(outputs).toEqual([100_000])
  })

  test('parallel composites 20,000 deep', () => {
    let tower: Diagram = id()
    for (let k = 0; k < 20_000; k++) tower = par(tower, id())
    expect(wiringOf(tower)).toEqual({ wires: [], inputCount: 0, boxes: [], outputs: [] })
  })
})
