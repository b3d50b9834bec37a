import { describe, expect, test } from 'vitest'

import { box, finite } from '../../dsl/index.js'
import { newSketch } from '../../dsl/sketch.js'

const [A, B, C] = [finite('A', 2), finite('B', 3), finite('C', 5)]
const f = box('f', [A], [B, C])
const g = box('g', [B], [A])
const s = box('s', [], [B])

describe('a sketch', () => {
  test('puts boxes into an order of evaluation, and numbers their outputs anew', () => {
    const sketch = newSketch([A, C])
    // Written down from the last box to the first: g reads what f gives.
    const [ofG, ofS, ofF] = [sketch.add(g), sketch.add(s), sketch.add(f)]
    expect([ofG, ofS, ofF]).toEqual([2, 3, 4])
    sketch.connect(ofG, [ofF])
    sketch.connect(ofF, [0])
    expect(sketch.finish([ofG, ofS, 1, ofF + 1])).toEqual({
      wires: [A, C, B, C, A, B],
      inputCount: 2,
      boxes: [
        { box: f, inputs: [0], firstOutput: 2 },
        { box: g, inputs: [2], firstOutput: 4 },
        { box: s, inputs: [], firstOutput: 5 },
      ],
      outputs: [4, 5, 1, 3],
    })
  })

  test('leaves out boxes from which no output is reached, and takes shared ones once', () => {
    const sketch = newSketch([])
    const [kept, , both] = [sketch.add(s), sketch.add(s), sketch.add(box('h', [B, B], [A]))]
    sketch.connect(both, [kept, kept])
    expect(sketch.finish([both, kept])).toEqual({
      wires: [B, A],
      inputCount: 0,
      boxes: [
        { box: s, inputs: [], firstOutput: 0 },
        { box: box('h', [B, B], [A]), inputs: [0, 0], firstOutput: 1 },
      ].map((wired) => expect.objectContaining({ inputs: wired.inputs, firstOutput: wired.firstOutput })),
      outputs: [1, 0],
    })
  })

  test('of boxes that read each other in a circle is none', () => {
    const sketch = newSketch([A])
    const [ofF, ofG] = [sketch.add(f), sketch.add(g)]
    sketch.connect(ofF, [ofG])
    sketch.connect(ofG, [ofF])
    expect(sketch.finish([ofF])).toBeUndefined()
    expect(sketch.finish([0])).toEqual({ wires: [A], inputCount: 1, boxes: [], outputs: [0] })
  })
})
