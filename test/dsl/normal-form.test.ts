/** Equality of diagrams: it is the equality of the free Markov category, no finer and no coarser. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  box,
  canonicalKey,
  checkedBox,
  checkedProgram,
  copy,
  type Diagram,
  discard,
  equal,
  finite,
  id,
  normalForm,
  par,
  permute,
  program,
  real,
  seq,
  sequence,
  state,
  swap,
  type Wires,
} from '../../dsl/index.js'
import { diagrams, equalDiagrams, type Signature } from '../../laws/index.js'
import { distance, FinStoch } from '../../src/category/fin-stoch.js'
import { interpret } from '../../src/interpret.js'
import { genericMeanings } from '../support/generic-meaning.js'
import { valueOf } from '../support/value-of.js'

const [A, B] = [finite('A', 2), finite('B', 2)]
const f = box('f', [A], [A])
const g = box('g', [A], [A])
const u = box('u', [A], [A], { deterministic: true })
const pair = box('pair', [A], [A, A])

describe('equal', () => {
  test.each<[string, Diagram, Diagram]>([
    ['brackets', seq(f, seq(g, f)), seq(seq(f, g), f)],
    ['discard is natural', seq(f, discard(A)), discard(A)],
    ['a closed scalar is nothing', seq(state('s', [A]), discard(A)), id()],
    ['an effect is a discard', box('e', [A], []), discard(A)],
    ['a chain into a discard goes at once', seq(copy(A), par(seq(f, g, discard(A)), f)), f],
    ['copy is natural for a deterministic box', seq(u, copy(A)), seq(copy(A), par(u, u))],
    ['and for what is made of such', seq(u, u, copy(A)), seq(copy(A), par(seq(u, u), seq(u, u)))],
    ['and after a random box', seq(f, copy(A), par(u, u)), seq(f, u, copy(A))],
    ['independent boxes in either order', seq(par(f, id(A)), par(id(A), g)), seq(par(id(A), g), par(f, id(A)))],
    ['a permutation and swaps', permute([A, A, A], [1, 2, 0]), seq(par(swap(A, A), id(A)), par(id(A), swap(A, A)))],
    [
      'a box with an unread output, as a program',
      seq(pair, par(id(A), discard(A)), f),
      program([A], (a) => {
        const [left] = pair(a)
        return f(left)
      }),
    ],
  ])('%s', (_, left, right) => {
    expect(equal(left, right)).toBe(true)
    expect(canonicalKey(left)).toBe(canonicalKey(right))
  })
})

describe('not equal', () => {
  test.each<[string, Diagram, Diagram]>([
    ['copy is not natural for a random box', seq(f, copy(A)), seq(copy(A), par(f, f))],
    ['nor where a deterministic box follows', seq(copy(A), par(seq(f, u), seq(f, u))), seq(f, u, copy(A))],
    ['two tosses and one', par(state('s', [A]), state('s', [A])), seq(state('s', [A]), copy(A))],
    ['names', f, g],
    ['order', seq(f, g), seq(g, f)],
    ['legs', seq(copy(A), par(f, g)), seq(copy(A), par(g, f))],
    ['a swap', swap(A, A), id(A, A)],
    ['which input is discarded', par(discard(A), id(A)), par(id(A), discard(A))],
    ['which output is discarded', seq(pair, par(id(A), discard(A))), seq(pair, par(discard(A), id(A)))],
    ['one name, deterministic or not', f, box('f', [A], [A], { deterministic: true })],
    ['wires of one name and size', state('h', [finite('A', 2)]), state('h', [finite('A', ['x', 'y'])])],
    ['wires of one size', discard(A), discard(finite('C', 2))],
    ['a box and what it contains', box('f', [A], [A], { body: seq(g, g) }), seq(g, g)],
    ['what boxes contain', box('f', [A], [A], { body: seq(g, g) }), box('f', [A], [A], { body: g })],
  ])('%s', (_, left, right) => expect(equal(left, right)).toBe(false))

  test('a generator is its name and its type', () => {
    // Two boxes of one name: f : A -> A and f : B -> A, one after the other in either order of the wires.
    const fromA = seq(par(f, box('f', [B], [A])), box('join', [A, A], [A]))
    const fromB = seq(swap(A, B), par(box('f', [B], [A]), f), box('join', [A, A], [A]))
    expect(equal(fromA, fromB)).toBe(false)
    expect(equal(fromB, seq(swap(A, B), fromB.parts[1]!, fromB.parts[2]!))).toBe(true)
  })
})

describe('the normal form', () => {
  test('keeps what an output depends on, in the order in which it is needed', () => {
    const form = normalForm(seq(copy(A), par(seq(g, f), seq(u, copy(A))), par(id(A, A), seq(f, discard(A)))))
    expect(form.boxes.map((wired) => `${wired.box.name}(${wired.inputs.join(' ')}) = ${wired.firstOutput}`)).toEqual([
      'g(0) = 1',
      'f(1) = 2',
      'u(0) = 3',
    ])
    expect(form.outputs).toEqual([2, 3])
  })

  test('the key is stable: this text may be stored', () => {
    const wire = '["finite","A",2]'
    expect(JSON.parse(canonicalKey(seq(par(id(A), f), swap(A, A), par(u, id(A)))))).toEqual([
      [wire, wire],
      [JSON.stringify(['f', false, [wire], [wire]]), JSON.stringify(['u', true, [wire], [wire]])],
      [
        [0, 1],
        [1, 2],
      ],
      [3, 0],
    ])
  })

  test('of the normal form is itself', () => {
    fc.assert(
      fc.property(diagrams(mixed, [A, B], [B, A, A]), (diagram) => {
        const form = normalForm(diagram)
        const again = normalForm({
          kind: 'program',
          steps: form.boxes.map((wired) => ({ diagram: wired.box, reads: wired.inputs })),
          returns: form.outputs,
          inputs: diagram.inputs,
          outputs: diagram.outputs,
        })
        expect(again).toEqual(form)
      }),
    )
  })
})

const mixed: Signature = [
  state('coin', [A]),
  box('noise', [A], [B]),
  box('split', [B], [A, B]),
  box('map', [A], [B], { deterministic: true }),
  box('choose', [B, A], [A], { deterministic: true }),
]
const random: Signature = [state('coin', [A]), box('noise', [A], [A]), box('join', [A, A], [A]), pair]
const ends = fc.constantFrom<readonly [Wires, Wires]>([[A], [A]], [[], [A]], [[A, A], [A]], [[A], [A, A]], [[], [A, A]])

describe('random diagrams', () => {
  test('two layouts of one program are equal', () => {
    fc.assert(
      fc.property(equalDiagrams(mixed, [A, B], [B, A, A]), ([left, right]) => {
        expect(canonicalKey(left)).toBe(canonicalKey(right))
      }),
      { numRuns: 500 },
    )
  })

  test('equal diagrams have equal meanings, deterministic boxes included', () => {
    const meanings = genericMeanings(mixed, [A, B], 1)
    fc.assert(
      fc.property(equalDiagrams(mixed, [A], [B, A]), ([left, right]) => {
        const [p, q] = [left, right].map((diagram) => valueOf(interpret(FinStoch, meanings)(diagram)))
        expect(distance(p!, q!)).toBeLessThan(1e-12)
      }),
      { numRuns: 200 },
    )
  })

  test('are equal exactly when their generic meanings are', () => {
    // Not only sound: stochastic matrices without accidents tell all diagrams apart that equality tells apart.
    const meanings = [2, 3].map((seed) => interpret(FinStoch, genericMeanings(random, [A], seed)))
    const signature = fc.constantFrom(random, random.slice(0, 2), random.slice(1, 3))
    const pairs = fc
      .tuple(signature, ends)
      .chain(([boxes, [inputs, outputs]]) =>
        fc.tuple(diagrams(boxes, inputs, outputs), diagrams(boxes, inputs, outputs)),
      )
    const seen = { equal: 0, different: 0 }
    fc.assert(
      fc.property(pairs, ([left, right]) => {
        const agree = meanings.every((meaning) => distance(valueOf(meaning(left)), valueOf(meaning(right))) < 1e-9)
        seen[agree ? 'equal' : 'different'] += 1
        expect(equal(left, right)).toBe(agree)
      }),
      { numRuns: 1000 },
    )
    expect(seen.equal).toBeGreaterThan(100)
    expect(seen.different).toBeGreaterThan(100)
  })
})

describe('large diagrams', () => {
  test.each(['left', 'right'] as const)('100,000 boxes bracketed to the %s', (side) => {
    let chain: Diagram = f
    for (let k = 1; k < 100_000; k++) chain = side === 'left' ? seq(chain, f) : seq(f, chain)
    expect(normalForm(chain).boxes.length).toBe(100_000)
    expect(equal(chain, seq(f, ...new Array<typeof f>(99_999).fill(f)))).toBe(true)
    expect(equal(chain, seq(f, chain))).toBe(false)
  })

  test('2^12 copies of a deterministic box are one', () => {
    let fan: Diagram = u
    for (let level = 0; level < 12; level++) fan = seq(copy(A), par(fan, fan))
    const { boxes, outputs } = normalForm(fan)
    expect([boxes.length, outputs.length]).toEqual([1, 4096])
  })

  test('boxes in boxes: the key grows with the depth, not with what it would be when opened', () => {
    const nest = (depth: number): Diagram => {
      let inner: Diagram<[typeof A], [typeof A]> = f
      for (let level = 0; level < depth; level++) inner = box(`level ${level}`, [A], [A], { body: seq(inner, inner) })
      return inner
    }
    const lengths = [50, 100, 150].map((depth) => canonicalKey(nest(depth)).length)
    expect(lengths[2]! - lengths[1]!).toBeLessThan(1.1 * (lengths[1]! - lengths[0]!))
    expect(equal(nest(100), nest(100))).toBe(true)
    expect(equal(nest(100), nest(99))).toBe(false)
  })

  test('a difference at the bottom of boxes in boxes is seen at the top', () => {
    const nest = (bottom: Diagram<[typeof A], [typeof A]>): Diagram => {
      let inner = bottom
      for (let level = 0; level < 10; level++) inner = box('level', [A], [A], { body: seq(inner, inner) })
      return inner
    }
    expect(equal(nest(f), nest(seq(f, id(A))))).toBe(true)
    expect(equal(nest(f), nest(g))).toBe(false)
    expect(equal(nest(seq(f, g)), nest(seq(g, f)))).toBe(false)
  })
})

describe('the canonical key', () => {
  test('is pinned, for hashes of it are stored', () => {
    const [X, S] = [real('X', 3), sequence('S', finite('Bit', ['off', 'on']), 2)]
    const inside = box('inside', [X], [S], { body: seq(box('one', [X], [A, A]), box('two', [A, A], [S])) })
    const [x, a, sequences] = [
      '["real","X",3]',
      '["finite","A",2]',
      '["sequence","S","[\\"finite\\",\\"Bit\\",[\\"off\\",\\"on\\"]]",2]',
    ]
    expect(JSON.parse(canonicalKey(seq(par(inside, u), swap(S, A))))).toEqual([
      [x, a],
      [
        JSON.stringify(['u', true, [a], [a]]),
        JSON.stringify(['one', false, [x], [a, a]]),
        JSON.stringify(['two', false, [a, a], [sequences]]),
        JSON.stringify([
          'inside',
          false,
          [x],
          [sequences],
          [
            [1, 0],
            [2, 1, 2],
          ],
          [3],
        ]),
      ],
      [
        [0, 1],
        [3, 0],
      ],
      [2, 3],
    ])
  })

  const wide = new Array<typeof A>(24).fill(A)
  const two = box('two', [A, A], [A])
  const reads = (reader: Diagram, returns: readonly number[], ...read: readonly (readonly number[])[]): Diagram =>
    valueOf(
      checkedProgram(
        wide,
        read.map((numbers) => ({ diagram: reader, reads: numbers })),
        returns,
      ),
    )
  const boxed = (body: Diagram): Diagram => valueOf(checkedBox('boxed', body.inputs, body.outputs, { body }))

  test('tells numbers of several digits apart: those that a box reads, and those of the outputs', () => {
    for (const form of [(diagram: Diagram) => diagram, boxed]) {
      expect(canonicalKey(form(reads(two, [24], [1, 23])))).not.toBe(canonicalKey(form(reads(two, [24], [12, 3]))))
      expect(canonicalKey(form(reads(two, [1, 23])))).not.toBe(canonicalKey(form(reads(two, [12, 3]))))
      expect(equal(form(reads(two, [24], [1, 23])), form(reads(two, [24], [12, 3])))).toBe(false)
    }
  })

  test('deterministic boxes that read the wires 1, 23 and 12, 3 are not one', () => {
    const sure = box('sure', [A, A], [A], { deterministic: true })
    expect(normalForm(reads(sure, [24, 25, 26], [1, 23], [12, 3], [1, 23])).boxes.map(({ inputs }) => inputs)).toEqual([
      [1, 23],
      [12, 3],
    ])
  })
})
