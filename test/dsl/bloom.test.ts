import fc from 'fast-check'
import { expect, test } from 'vitest'

import { bloom } from '../../dsl/bloom.js'
import { box, copy, diagramOf, discard, equal, finite, id, par, seq, state, wiringOf } from '../../dsl/index.js'
import { wiringGraph } from '../support/wired-diagram.js'

const [A, B] = [finite('A', 2), finite('B', 2)]
const f = box('f', [A], [A])

test('every wire is an output once, inputs first, discarded wires included', () => {
  const pair = box('pair', [A], [A, B])
  const { diagram, names, outputs } = bloom(seq(copy(A), par(seq(f, discard(A)), pair)))
  expect(diagram.outputs.map(({ name }) => name)).toEqual(['A', 'A', 'A', 'B'])
  expect(names).toEqual(['input/0', 'f/0', 'pair/0', 'pair/1'])
  expect(outputs).toEqual([2, 3])
})

test('names differ, whatever the boxes are called', () => {
  const hostile = ['f', 'f', 'f#2', 'f', 'input', 'f/0', 'f#2', 'f']
  const boxes = hostile.map((name) => state(name, [A]))
  const { names } = bloom(par(id(A), ...boxes))
  expect(names).toEqual(
    ['input', 'f', 'f#2', 'f#2#2', 'f#3', 'input#2', 'f/0', 'f#2#3', 'f#4'].map((name) => `${name}/0`),
  )
})

test('names differ on random diagrams of boxes with hostile names', () => {
  const name = fc.constantFrom('f', 'f#2', 'f#3', 'f#2#2', 'input', 'input#2', 'f/0', '')
  fc.assert(
    fc.property(fc.array(name, { maxLength: 12 }), (chosen) => {
      const { names } = bloom(par(id(A), ...chosen.map((each) => state(each, [A]))))
      expect(names.length).toBe(chosen.length + 1)
      expect(new Set(names).size).toBe(names.length)
    }),
  )
})

test('the original is what is left when the other outputs are discarded', () => {
  fc.assert(
    fc.property(wiringGraph({ mostBoxes: 6, generic: false, mostOutputs: 5 }), (wiring) => {
      const original = diagramOf(wiring)
      const { diagram, names, outputs } = bloom(original)
      expect(names.length).toBe(diagram.outputs.length)
      const back = wiringOf(diagram)
      expect(back.outputs).toEqual(back.wires.map((_, wire) => wire))
      expect(equal(diagramOf({ ...back, outputs: outputs.map((port) => back.outputs[port]!) }), original)).toBe(true)
    }),
  )
})
