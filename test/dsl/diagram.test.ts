import { describe, expect, test } from 'vitest'

import {
  box,
  copy,
  dataOf,
  type Diagram,
  discard,
  finite,
  id,
  par,
  permute,
  seq,
  showWires,
  state,
  swap,
  type Wires,
} from '../../dsl/index.js'

const [A, B, C] = [finite('A', 2), finite('B', 3), finite('C', 4)]
const f = box('f', [A], [B])
const ends = ({ inputs, outputs }: Diagram): string => `${showWires(inputs)} -> ${showWires(outputs)}`

describe('boundaries', () => {
  test.each<[string, Diagram]>([
    ['A -> B', f],
    ['I -> A ⊗ B', state('s', [A, B])],
    ['A ⊗ B -> A ⊗ B', id(A, B)],
    ['I -> I', id()],
    ['A ⊗ B -> A ⊗ B ⊗ A ⊗ B', copy(A, B)],
    ['I -> I', copy()],
    ['A ⊗ B -> I', discard(A, B)],
    ['A ⊗ B -> B ⊗ A', swap(A, B)],
    ['A ⊗ B ⊗ C -> C ⊗ A ⊗ B', swap([A, B], C)],
    ['A ⊗ B ⊗ C -> B ⊗ C ⊗ A', swap(A, [B, C])],
    ['A -> A', swap(A, [])],
    ['A ⊗ B ⊗ C -> C ⊗ A ⊗ B', permute([A, B, C], [2, 0, 1])],
    ['A -> B', seq(f)],
    ['A -> B ⊗ B', seq(f, copy(B))],
    ['I -> I', par()],
    ['A ⊗ C -> B ⊗ C', par(f, id(C))],
    ['A ⊗ A ⊗ C -> B ⊗ B', par(f, f, discard(C))],
  ])('%s', (text, diagram) => expect(ends(diagram)).toBe(text))
})

describe('diagrams are data', () => {
  const diagram = seq(copy(A), par(f, id(A)), par(copy(B), f), swap([B, B], B), par(discard(B), id(B, B)))

  test('JSON and back', () => {
    expect(JSON.parse(JSON.stringify(diagram))).toEqual(diagram)
    expect(JSON.stringify(diagram)).toContain('"kind":"permute","order":[2,0,1]')
  })

  test('a box inside another diagram is a plain record', () => {
    expect(typeof f).toBe('function')
    expect(seq(f).parts[0]).toBe(dataOf(f))
    expect(seq(f).parts[0]).toEqual({
      kind: 'box',
      name: 'f',
      deterministic: false,
      inputs: [A],
      outputs: [B],
    })
  })

  test('composition refers to its parts', () => {
    const once = seq(f, copy(B))
    expect(par(once, once).parts[0]).toBe(once)
  })

  test('composing many times is linear: a tower of 2^60 boxes has 61 nodes', () => {
    let tower: Diagram = box('g', [A], [A])
    for (let level = 0; level < 60; level++) tower = seq(tower, tower)
    expect(ends(tower)).toBe('A -> A')
  })
})

describe('what TypeScript cannot see is checked when it runs', () => {
  const loose = (diagram: Diagram): Diagram => diagram

  test('composites that do not fit', () => {
    expect(() => seq(loose(f), loose(f))).toThrow(
      'seq: part 2 takes A, but the part before it gives B; they must be the same wires',
    )
    expect(() => seq(loose(f), loose(copy(B)), loose(copy(B)))).toThrow(
      'part 3 takes B, but the part before it gives B ⊗ B',
    )
    expect(() => seq(loose(f), loose(discard(finite('B', 4))))).toThrow('seq: part 2')
    expect(() => seq(loose(discard(A)), loose(f))).toThrow('gives I')
  })

  test('the same name and shape fits, whichever object it is', () => {
    const again: Wires = [{ kind: 'finite', name: 'B', elements: 3 }]
    expect(ends(seq(loose(f), discard(...again)))).toBe('A -> I')
  })

  test('orders that are none', () => {
    const no = /is no order of 2 wires; name each from 0 to 1 once/
    for (const order of [[0], [0, 0], [0, 2], [0, 1, 1], [-1, 0], [0.5, 0]])
      expect(() => permute([A, B], order)).toThrow(no)
  })

  test('a body of another type', () => {
    const body: Diagram<[typeof A], [typeof B]> = f
    expect(box('g', [A], [B], { body }).body).toBe(dataOf(f))
    const wires: Wires = [A]
    expect(() => box('g', wires, wires, { body: loose(f) })).toThrow(
      "box 'g': its body goes from A to B; it must have the box's own wires",
    )
  })
})
