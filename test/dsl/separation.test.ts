import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { bloom } from '../../dsl/bloom.js'
import {
  box,
  copy,
  type Diagram,
  diagramOf,
  discard,
  equal,
  finite,
  id,
  par,
  seq,
  state,
  swap,
  wiringOf,
} from '../../dsl/index.js'
import { separated, type Separation, type SeparationQuestion, showPath } from '../../dsl/separation.js'
import { type CausalGraph, diagramOfGraph } from '../support/causal-graph.js'
import { expectRealCut, expectRealPath } from '../support/separation-evidence.js'
import { valueOf } from '../support/value-of.js'

interface NumberedQuestion {
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly given?: readonly number[]
}

/** The answer, after its evidence has been checked. */
const answer = (diagram: Diagram, { x, y, given = [] }: NumberedQuestion): Separation => {
  const separation = valueOf(separated(diagram, { x, y, given }))
  if (separation.kind === 'connected') expectRealPath(diagram, { x, y, given }, separation.path)
  else expectRealCut(diagram, { x, y, given }, separation)
  return separation
}
const pathOf = (separation: Separation): string =>
  separation.kind === 'connected' ? showPath(separation.path) : 'separated'

interface Named {
  readonly names: readonly string[]
  readonly parents: CausalGraph
}
const graphs = {
  fork: { names: ['a', 'c', 'b'], parents: [[], [0], [0]] },
  chain: { names: ['a', 'b', 'c'], parents: [[], [0], [1]] },
  collider: { names: ['a', 'b', 'c', 'd'], parents: [[], [], [0, 1], [2]] },
  // u -> a, u -> m, v -> m, v -> b
  m: { names: ['u', 'v', 'a', 'm', 'b'], parents: [[], [], [0], [0, 1], [1]] },
  // u -> x, x -> m, m -> y, u -> y
  frontDoor: { names: ['u', 'x', 'm', 'y'], parents: [[], [0], [1], [2, 0]] },
  // i -> x, u -> x, x -> y, u -> y
  instrument: { names: ['i', 'u', 'x', 'y'], parents: [[], [], [0, 1], [2, 1]] },
  // w -> x, w -> y, x -> y
  backDoor: { names: ['w', 'x', 'y'], parents: [[], [0], [1, 0]] },
  // a -> b -> c -> d, and u -> b, u -> d: Verma's graph
  verma: { names: ['a', 'u', 'b', 'c', 'd'], parents: [[], [], [0, 1], [2], [3, 1]] },
} satisfies Record<string, Named>

describe('textbook graphs', () => {
  test.each([
    ['fork', 'c', 'b', '', 'C - [c] - A - [b] - B'],
    ['fork', 'c', 'b', 'a', 'separated'],
    ['chain', 'a', 'c', '', 'A - [b] - B - [c] - C'],
    ['chain', 'a', 'c', 'b', 'separated'],
    ['chain', 'a', 'b', 'c', 'A - [b] - B'],
    ['collider', 'a', 'b', '', 'separated'],
    ['collider', 'a', 'b', 'c', 'A - [c] - B'],
    ['collider', 'a', 'b', 'd', 'A - [c] - B'],
    ['collider', 'a', 'b', 'c d', 'A - [c] - B'],
    ['collider', 'a', 'd', '', 'A - [c] - C - [d] - D'],
    ['collider', 'a', 'd', 'c', 'separated'],
    ['collider', 'a b', 'd', 'c', 'separated'],
    ['m', 'a', 'b', '', 'separated'],
    ['m', 'a', 'b', 'm', 'A - [a] - U - [m] - V - [b] - B'],
    ['m', 'a', 'b', 'm u', 'separated'],
    ['m', 'a', 'b', 'm v', 'separated'],
    ['m', 'a', 'm', '', 'A - [a] - U - [m] - M'],
    ['frontDoor', 'u', 'm', 'x', 'separated'],
    ['frontDoor', 'u', 'm', '', 'U - [x] - X - [m] - M'],
    ['frontDoor', 'x', 'y', 'm', 'X - [x] - U - [y] - Y'],
    ['frontDoor', 'x', 'y', 'm u', 'separated'],
    ['frontDoor', 'm', 'y', 'x', 'M - [y] - Y'],
    ['instrument', 'i', 'u', '', 'separated'],
    ['instrument', 'i', 'u', 'y', 'I - [x] - U'],
    ['instrument', 'i', 'y', 'x', 'I - [x] - U - [y] - Y'],
    ['instrument', 'i', 'y', 'x u', 'separated'],
    ['backDoor', 'x', 'y', 'w', 'X - [y] - Y'],
    ['verma', 'a', 'c', 'b', 'separated'],
    ['verma', 'a', 'd', 'b', 'A - [b] - U - [d] - D'],
    ['verma', 'a', 'd', 'b c', 'A - [b] - U - [d] - D'],
    ['verma', 'a', 'd', 'u b', 'separated'],
    ['verma', 'a', 'u', 'd', 'A - [b] - U'],
  ] as const)('%s: %s and %s given {%s}: %s', (graph, x, y, given, expected) => {
    const { names, parents }: Named = graphs[graph]
    const ports = (text: string): readonly number[] =>
      text.split(' ').flatMap((name) => (name === '' ? [] : [names.indexOf(name)]))
    const question = { x: ports(x), y: ports(y), given: ports(given) }
    expect(pathOf(answer(diagramOfGraph(parents, names), question))).toBe(expected)
    const reversed = valueOf(separated(diagramOfGraph(parents, names), { ...question, x: question.y, y: question.x }))
    expect(reversed.kind === 'separated').toBe(expected === 'separated')
  })

  test('an unobserved cause is no output and still connects', () => {
    const { names, parents } = graphs.frontDoor
    const whole = wiringOf(diagramOfGraph(parents, names))
    const observed = diagramOf({ ...whole, outputs: [1, 2, 3] })
    expect(pathOf(answer(observed, { x: [0], y: [2], given: [1] }))).toBe('X - [x] - U - [y] - Y')
    // The collider alone joins its causes only if it is reached from the question.
    const collider = wiringOf(diagramOfGraph(graphs.collider.parents, graphs.collider.names))
    expect(answer(diagramOf({ ...collider, outputs: [0, 1] }), { x: [0], y: [1] }).kind).toBe('separated')
  })
})

const A = finite('A', 2)
const B = finite('B', 2)
const f = box('f', [A], [A])

describe('what counts as a path', () => {
  test('a box with several outputs joins them, whatever is given before it', () => {
    const pair = box('pair', [A], [A, B])
    const diagram = seq(copy(A), par(id(A), pair))
    expect(pathOf(answer(diagram, { x: [1], y: [2] }))).toBe('A - [pair] - B')
    expect(pathOf(answer(diagram, { x: [1], y: [2], given: [0] }))).toBe('A - [pair] - B')
    const twoBoxes = seq(copy(A), par(id(A), copy(A)), par(id(A), f, box('g', [A], [B])))
    expect(answer(twoBoxes, { x: [1], y: [2], given: [0] }).kind).toBe('separated')
  })

  test('open inputs are wires: two are joined only by a box', () => {
    const g = box('g', [A, B], [A])
    const apart = par(f, box('h', [B], [B]))
    expect(answer(apart, { x: [0], y: [1] }).kind).toBe('separated')
    const shared = seq(copy(A), par(f, f))
    expect(pathOf(answer(shared, { x: [0], y: [1] }))).toBe('A - [f] - A - [f] - A')
    // Inputs that are outputs themselves.
    const kept = seq(par(copy(A), copy(B)), par(id(A), swap(A, B), id(B)), par(id(A, B), g))
    expect(answer(kept, { x: [0], y: [1] }).kind).toBe('separated')
    expect(pathOf(answer(kept, { x: [0], y: [1], given: [2] }))).toBe('A - [g] - B')
    expect(pathOf(answer(kept, { x: [0], y: [2], given: [1] }))).toBe('A - [g] - A')
  })

  test('outputs that share a wire are connected by it, unless it is given', () => {
    const diagram = seq(state('s', [A]), copy(A), par(id(A), copy(A)), par(id(A), id(A), f))
    expect(pathOf(answer(diagram, { x: [0], y: [1] }))).toBe('A')
    expect(pathOf(answer(diagram, { x: [0], y: [0] }))).toBe('A')
    expect(answer(diagram, { x: [0], y: [1], given: [1] }).kind).toBe('separated')
    expect(answer(diagram, { x: [0], y: [0], given: [1] }).kind).toBe('separated')
    // Output 0 carries the wire that is given as output 1.
    expect(answer(diagram, { x: [0], y: [2], given: [1] }).kind).toBe('separated')
    expect(pathOf(answer(diagram, { x: [2], y: [2], given: [1] }))).toBe('A')
  })

  test('lists that overlap with what is given, and empty lists', () => {
    const diagram = bloom(seq(state('s', [A]), f, f)).diagram
    expect(answer(diagram, { x: [0, 1], y: [2], given: [1] }).kind).toBe('separated')
    expect(answer(diagram, { x: [0, 1], y: [1, 2], given: [1] }).kind).toBe('separated')
    expect(answer(diagram, { x: [0, 1], y: [2], given: [0] }).kind).toBe('connected')
    expect(answer(diagram, { x: [], y: [2], given: [] }).kind).toBe('separated')
    expect(answer(diagram, { x: [], y: [], given: [] }).kind).toBe('separated')
  })

  test('a deterministic box is a box like any other, but equal ones are one', () => {
    const d = box('d', [A], [A], { deterministic: true })
    // Given the value, a function of it is known; the wiring does not say so of a wire and itself.
    const twice = seq(copy(A), par(id(A), seq(copy(A), par(d, d))))
    expect(pathOf(answer(twice, { x: [1], y: [2], given: [0] }))).toBe('A')
    // Two boxes that compute the same given wire are one box, so cutting one cuts both.
    const common = seq(copy(A), par(d, seq(copy(A), par(seq(d, f), f))))
    expect(answer(common, { x: [1], y: [2], given: [0] }).kind).toBe('separated')
    const random = seq(copy(A), par(f, seq(copy(A), par(seq(f, f), f))))
    expect(pathOf(answer(random, { x: [1], y: [2], given: [0] }))).toBe('A - [f] - A - [f] - A - [f] - A')
  })

  test('a box that contains a diagram is one box until it is opened', () => {
    const inside = par(f, box('h', [B], [B]))
    const closed = box('both', [A, B], [A, B], { body: inside })
    expect(answer(closed, { x: [0], y: [1] }).kind).toBe('connected')
    expect(answer(inside, { x: [0], y: [1] }).kind).toBe('separated')
  })
})

describe('the cut diagram', () => {
  test('a given wire keeps a loose end, and each reader gets an input of its own', () => {
    const [Season, Rain, Sprinkler] = [finite('Season', 4), finite('Rain', 2), finite('Sprinkler', 2)]
    const season = state('season', [Season])
    const [rain, sprinkler] = [box('rain', [Season], [Rain]), box('sprinkler', [Season], [Sprinkler])]
    const { diagram } = bloom(seq(season, copy(Season), par(rain, sprinkler)))
    const separation = answer(diagram, { x: [1], y: [2], given: [0] })
    if (separation.kind !== 'separated') throw new Error('connected')
    expect(separation.outputs).toEqual([0, 1, 2])
    expect(separation.severed).toEqual([
      { given: 0, reader: 'rain', port: 0 },
      { given: 0, reader: 'sprinkler', port: 0 },
    ])
    expect(equal(separation.cut, par(season, rain, sprinkler))).toBe(true)
  })

  test('a given input goes straight to its output, and a box that reads it twice gets two inputs', () => {
    const g = box('g', [A, A], [B])
    const diagram = seq(copy(A), par(id(A), copy(A)), par(id(A), g))
    const separation = answer(diagram, { x: [0], y: [1], given: [0] })
    if (separation.kind !== 'separated') throw new Error('connected')
    expect(separation.severed).toEqual([
      { given: 0, reader: 'g', port: 0 },
      { given: 0, reader: 'g', port: 1 },
    ])
    expect(equal(separation.cut, par(id(A), g))).toBe(true)
  })

  test('boxes that only other outputs need are gone, unused inputs stay', () => {
    const { diagram } = bloom(par(f, discard(B), seq(box('h', [B], [B]), box('k', [B], [B]))))
    const separation = answer(diagram, { x: [0], y: [2] })
    if (separation.kind !== 'separated') throw new Error('connected')
    expect(separation.outputs).toEqual([0, 2])
    expect(equal(separation.cut, par(id(A), discard(B), id(B)))).toBe(true)
  })
})

describe('references and names', () => {
  const { diagram, names } = bloom(seq(state('s', [A]), f, box('g', [A], [B])))
  const ask = (question: SeparationQuestion): Separation => valueOf(separated(diagram, question))

  test('outputs by the names of their wires, or by given names', () => {
    expect(pathOf(ask({ x: ['B'], y: [1] }))).toBe('B - [g] - A')
    expect(names).toEqual(['s/0', 'f/0', 'g/0'])
    expect(pathOf(ask({ x: ['s/0'], y: ['g/0'], names }))).toBe('s/0 - [f] - f/0 - [g] - g/0')
    expect(ask({ x: ['s/0'], y: ['g/0'], given: ['f/0'], names }).kind).toBe('separated')
  })

  test('a wire on several outputs is named by the first of them, a wire on none by itself', () => {
    const inside = seq(state('s', [A]), f, copy(A), par(id(A), seq(f, copy(A))))
    const path = pathOf(valueOf(separated(inside, { x: ['p'], y: ['r'], names: ['p', 'q', 'r'] })))
    expect(path).toBe('p - [f] - q')
    const hidden = seq(state('s', [A]), copy(A), par(f, f))
    expect(pathOf(valueOf(separated(hidden, { x: ['p'], y: ['q'], names: ['p', 'q'] })))).toBe('p - [f] - A - [f] - q')
  })

  test.each([
    [
      'an unknown name',
      { x: ['C'], y: [0] },
      'unknown-name',
      "output 'C': no output has this name; the names are A, A, B",
    ],
    ['an ambiguous name', { x: [0], y: ['A'] }, 'unknown-name', "output 'A': the outputs 0, 1 have this name"],
    [
      'a number that is too large',
      { x: [0], y: [1], given: [3] },
      'out-of-range',
      'output 3: the diagram has 3 outputs',
    ],
    ['a negative number', { x: [-1], y: [1] }, 'out-of-range', 'give a whole number from 0 to 2'],
    ['a fraction', { x: [0.5], y: [1] }, 'out-of-range', 'output 0.5'],
    [
      'too few names',
      { x: [0], y: [1], names: ['a'] },
      'invalid-value',
      'there are 1; give one for each of the 3 outputs',
    ],
  ] as const)('%s is a problem', (_, question, kind, text) => {
    const result = separated(diagram, question)
    if (!isLeft(result)) throw new Error('answered')
    expect(result.left.kind).toBe(kind)
    expect(`${result.left.where}: ${result.left.what}; ${result.left.remedy}`).toContain(text)
  })
})

test('100,000 boxes in a row', () => {
  const length = 100_000
  const chain = diagramOf({
    wires: new Array<typeof A>(length + 1).fill(A),
    inputCount: 1,
    boxes: Array.from({ length }, (_, index) => ({ box: f, inputs: [index], firstOutput: index + 1 })),
    outputs: [length],
  })
  const { diagram, names, outputs } = bloom(chain)
  expect(outputs).toEqual([length])
  expect([names[0], names[1], names[length]]).toEqual(['input/0', 'f/0', `f#${length}/0`])
  const far = valueOf(separated(diagram, { x: [0], y: [length] }))
  if (far.kind !== 'connected') throw new Error('separated')
  expect(far.path.length).toBe(2 * length + 1)
  expect(far.path[length]).toMatchObject({ kind: 'wire', number: length / 2 })
  const near = valueOf(separated(diagram, { x: ['input/0'], y: [`f#${length}/0`], given: ['f#50000/0'], names }))
  if (near.kind !== 'separated') throw new Error('connected')
  expect(near.severed).toEqual([{ given: 50_000, reader: 'f', port: 0 }])
  expect(wiringOf(near.cut).boxes.length).toBe(length)
})

test('only given wires are cut', () => {
  const { diagram, names } = bloom(seq(f, f, f))
  const separation = valueOf(separated(diagram, { x: ['f/0'], y: ['f#3/0'], given: ['f#2/0'], names }))
  if (separation.kind !== 'separated') throw new Error('connected')
  expect([separation.outputs, separation.severed]).toEqual([[1, 2, 3], [{ given: 2, reader: 'f', port: 0 }]])
  // The second box reads the first one still, and the third one reads an input of its own.
  expect(wiringOf(separation.cut)).toMatchObject({ inputCount: 2, outputs: [2, 3, 4] })
  expect(wiringOf(separation.cut).boxes.map(({ inputs }) => inputs)).toEqual([[0], [2], [1]])
})
