/** Faulty documents: the first line of what is said of each. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'

import { decodeDiagram, showProblem, showWires } from '../../dsl/index.js'
import { valueOf } from '../support/value-of.js'

const bit = { kind: 'finite', name: 'Bit', elements: 2 }
const document = (wires: readonly unknown[], nodes: readonly unknown[], root: unknown = 0): unknown => ({
  format: 'markovcat-diagram',
  version: 1,
  wires,
  nodes,
  root,
})
const faultOf = (wires: readonly unknown[], nodes: readonly unknown[] = [], root: unknown = 0): string => {
  const result = decodeDiagram(document(wires, nodes, root))
  if (!isLeft(result)) return 'no fault'
  expect(['malformed', 'wire-mismatch']).toContain(result.left.kind)
  return showProblem(result.left)
}
const box = { kind: 'box', name: 'f', inputs: [0], outputs: [0], deterministic: false }

test('wires are told apart by their kinds, names and shapes', () => {
  const real = { kind: 'real', name: 'X', dimension: 2 }
  const sequence = { kind: 'sequence', name: 'S', symbols: 0, length: 2 }
  const wires = [
    bit,
    { ...bit, elements: 3 },
    real,
    { ...real, dimension: 3 },
    { ...bit, name: 'X' },
    sequence,
    { ...sequence, length: 3 },
    { ...sequence, symbols: 1 },
  ]
  const everything = { kind: 'identity', wires: wires.map((_, index) => index) }
  expect(showWires(valueOf(decodeDiagram(document(wires, [everything]))).inputs)).toBe(
    'Bit ⊗ Bit ⊗ X ⊗ X ⊗ X ⊗ S ⊗ S ⊗ S',
  )
  for (const again of wires)
    expect(faultOf([...wires, again])).toBe(
      `wire 8: it is wire ${wires.indexOf(again)} again; list each wire once, and name it by number`,
    )
})

test('what is said of a fault names its place, what is there, and what would do', () => {
  const said: readonly (readonly [string, string])[] = [
    [
      faultOf([{ ...bit, elements: -1 }]),
      "wire 0, finite('Bit', n): the size must be a whole number of at least 0, not -1; give a count",
    ],
    [
      faultOf([{ kind: 'sequence', name: 'S', symbols: 0, length: 1 }]),
      'wire 0, symbols: there is no wire 0 before this; there are no wires to name here',
    ],
    [
      faultOf([
        { kind: 'real', name: 'X', dimension: 1 },
        { kind: 'sequence', name: 'S', symbols: 0, length: 1 },
      ]),
      'wire 1, symbols: wire 0 is no finite set; name a finite wire',
    ],
    [
      faultOf([bit], [{ ...box, inputs: [0, 1] }]),
      'node 0, inputs[1]: there is no wire 1 before this; name wires from 0 to 0 here',
    ],
    [
      faultOf([bit], [{ ...box, outputs: [7] }]),
      'node 0, outputs[0]: there is no wire 7 before this; name wires from 0 to 0 here',
    ],
    [
      faultOf([bit], [{ ...box, body: 0 }]),
      'node 0, body: there is no node 0 before this; there are no nodes to name here',
    ],
    [
      faultOf([bit], [{ kind: 'copy', wires: [0, 0, 5] }]),
      'node 0, wires[2]: there is no wire 5 before this; name wires from 0 to 0 here',
    ],
    [
      faultOf([bit, { ...bit, name: 'B' }], [{ kind: 'permute', wires: [2], order: [0] }]),
      'node 0, wires[0]: there is no wire 2 before this; name wires from 0 to 1 here',
    ],
    [
      faultOf([bit], [box, { kind: 'par', parts: [0, 1] }]),
      'node 1, parts[1]: there is no node 1 before this; name nodes from 0 to 0 here',
    ],
    [
      faultOf([bit], [box, { kind: 'program', inputs: [1], steps: [], returns: [] }]),
      'node 1, inputs[0]: there is no wire 1 before this; name wires from 0 to 0 here',
    ],
    [
      faultOf([bit], [box, { kind: 'program', inputs: [0], steps: [{ diagram: 4, reads: [] }], returns: [] }]),
      'node 1, steps[0].diagram: there is no node 4 before this; name nodes from 0 to 0 here',
    ],
    [faultOf([bit], [box], 1), 'document, root: there is no node 1 before this; name nodes from 0 to 0 here'],
    [
      faultOf([bit], [{ ...box, deterministic: 'no' }]),
      "node 0, deterministic: found the text 'no'; give true or false",
    ],
    [
      faultOf([bit], [box, { kind: 'program', inputs: [0], steps: 3, returns: [] }]),
      'node 1, steps: found 3; give a list of steps',
    ],
    [faultOf([bit], [{ ...box, inputs: [0, 'x'] }]), "node 0, inputs[1]: found the text 'x'; give a number"],
    [
      faultOf([bit], [{ ...box, '1a': 1 }]),
      'node 0, 1a: found 1; give no such field; the fields are kind, name, inputs, outputs, deterministic, body',
    ],
    [
      faultOf([bit], [{ ...box, a1: 1 }]),
      'node 0, a1: found 1; give no such field; the fields are kind, name, inputs, outputs, deterministic, body',
    ],
    [
      faultOf([bit], [{ kind: 4 }]),
      'node 0, kind: found 4; give one of box, identity, copy, discard, permute, seq, par, program',
    ],
    [faultOf([7]), 'wire 0: found 7; give a record'],
  ]
  expect(said.map(([fault]) => fault)).toEqual(said.map(([, expected]) => expected))
})
