import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  apply,
  box,
  canonicalKey,
  copy,
  dataOf,
  type Diagram,
  discard,
  equal,
  finite,
  fold,
  id,
  open,
  par,
  program,
  seq,
  swap,
  type Variable,
  wiringOf,
} from '../../dsl/index.js'

const A = finite('A', 2)
const B = finite('B', 3)
const f = box('f', [A], [B])
const g = box('g', [A, B], [A])
const two = box('two', [], [A, B])

describe('program gives the same diagram as the combinators', () => {
  test.each([
    ['the identity', program([A, B], (a, b) => [a, b]), id(A, B)],
    ['reuse is copy', program([A], (a) => [a, a]), copy(A)],
    ['non-use is discard', program([A], () => []), discard(A)],
    ['order is swap', program([A, B], (a, b) => [b, a]), swap(A, B)],
    ['application is composition', program([A], (a) => f(a)), f],
    ['tuples are tensors', program([A, A], (a, b) => [...f(a), ...f(b)]), par(f, f)],
    ['states need no variables', program([], () => two()), two],
    [
      'all at once',
      program([A], (a) => {
        const [b] = f(a)
        const [c] = g(a, b)
        return [b, c, b]
      }),
      seq(
        copy(A),
        par(id(A), f),
        par(id(A), copy(B)),
        par(id(A), id(B), copy(B)),
        par(g, id(B), id(B)),
        par(swap(A, B), id(B)),
      ),
    ],
  ])('%s', (_, written, composed) => expect(equal(written, composed)).toBe(true))

  test('programs nest: an inner program is applied like a box', () => {
    const both = program([A], (a) => [a, ...f(a)])
    const nested = program([A], (a) => {
      const [x, y] = both(a)
      return g(x, y)
    })
    expect(equal(nested, seq(both, g))).toBe(true)
    const applied = program([A], (a) => apply(seq(copy(A), par(id(A), f)), a))
    expect(equal(applied, both)).toBe(true)
  })

  test('desugared, it is the same diagram', () => {
    const steps = fc.array(fc.record({ kind: fc.constantFrom('f', 'g', 'two'), a: fc.nat(50), b: fc.nat(50) }), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(steps, fc.array(fc.nat(50), { maxLength: 5 }), (plan, returned) => {
        const written = program([A, B], (a, b) => {
          const as: Variable<typeof A>[] = [a]
          const bs: Variable<typeof B>[] = [b]
          for (const { kind, a: x, b: y } of plan) {
            if (kind === 'f') bs.push(...f(as[x % as.length]!))
            else if (kind === 'g') as.push(...g(as[x % as.length]!, bs[y % bs.length]!))
            else {
              const [newA, newB] = two()
              as.push(newA)
              bs.push(newB)
            }
          }
          const all: readonly Variable[] = [...as, ...bs]
          return returned.map((place) => all[place % all.length]!)
        })
        // A fold sees the composites that the program abbreviates; its boxes are those of the program.
        const boxes = fold(written, {
          leaf: ({ kind }) => (kind === 'box' ? 1 : 0),
          join: (_, before: number | undefined, part) => (before ?? 0) + part,
          empty: () => 0,
        })
        expect(boxes).toBe(plan.length)
        expect(wiringOf(written).boxes.length).toBe(plan.length)
      }),
    )
  })
})

describe('what a program is', () => {
  const both = program([A], (a) => [a, ...f(a)])

  test('plain data: its JSON says all of it', () => {
    expect(JSON.parse(JSON.stringify(both))).toEqual(JSON.parse(JSON.stringify(dataOf(both))))
    expect(JSON.parse(JSON.stringify(seq(f, discard(B))))).toEqual({
      kind: 'seq',
      parts: [
        { kind: 'box', name: 'f', deterministic: false, inputs: [A], outputs: [B] },
        { kind: 'discard', inputs: [B], outputs: [] },
      ],
      inputs: [A],
      outputs: [],
    })
  })

  test('composites hold data, never a function', () => {
    const nodes = [seq(f, discard(B)), par(f, f), program([A], (a) => f(a))].map(dataOf)
    for (const node of nodes) expect(() => structuredClone(node)).not.toThrow()
  })

  test('used outside, with variables of another program or with the wrong number of them it throws', () => {
    const escaped: Variable<typeof A>[] = []
    program([A], (a) => {
      escaped.push(a)
      return [a]
    })
    expect(() => f(escaped[0]!)).toThrow('inside program(...) only')
    expect(() => program([A], () => f(escaped[0]!))).toThrow('belongs to another program')
    expect(() => program([A], () => [escaped[0]!])).toThrow('belongs to another program')
  })

  test('diagrams whose wires are only known at run time are applied to what they take, or it throws', () => {
    const loose: Diagram = g
    expect(
      equal(
        program([A, B], (a, b) => apply(loose, a, b)),
        g,
      ),
    ).toBe(true)
    expect(() => program([A], (a) => apply(loose, a))).toThrow('apply: the diagram takes 2 variables, not 1')
    expect(() => program([A, B], (a, b) => apply(loose, a, b, b))).toThrow(
      'apply: the diagram takes 2 variables, not 3',
    )
    expect(() => program([A, B], (a, b) => apply(loose, b, a))).toThrow(
      'apply: input 0 takes A (2 elements), not B (3 elements)',
    )
  })

  test('a box that can be called has the fields of a box', () => {
    expect({ ...f }).toEqual({ kind: 'box', name: 'f', deterministic: false, inputs: [A], outputs: [B] })
    expect({ ...box('h', [A], [A], { deterministic: true, body: id(A) }) }).toEqual({
      kind: 'box',
      name: 'h',
      deterministic: true,
      inputs: [A],
      outputs: [A],
      body: id(A),
    })
  })

  test('an error inside leaves no program open', () => {
    expect(() =>
      program([A], () => {
        throw new Error('mine')
      }),
    ).toThrow('mine')
    expect(
      equal(
        program([A], (a) => f(a)),
        f,
      ),
    ).toBe(true)
  })
})

describe('boxes that contain diagrams', () => {
  const inner = box('inner', [A], [A], { body: seq(f, box('back', [B], [A])) })
  const outer = box('outer', [A], [A], { body: seq(inner, inner) })

  test('are opened to a depth', () => {
    const names = (depth: number): readonly string[] => wiringOf(open(outer, depth)).boxes.map(({ box }) => box.name)
    expect(names(0)).toEqual(['outer'])
    expect(names(1)).toEqual(['inner', 'inner'])
    expect(names(2)).toEqual(['f', 'back', 'f', 'back'])
    expect(names(Infinity)).toEqual(names(2))
  })

  test('kept closed they are generators, told apart by what they contain', () => {
    const other = box('inner', [A], [A], { body: id(A) })
    expect(equal(inner, other)).toBe(false)
    expect(equal(inner, box('inner', [A], [A], { body: seq(id(A), f, box('back', [B], [A])) }))).toBe(true)
    expect(equal(open(other), id(A))).toBe(true)
    expect(canonicalKey(open(outer))).toBe(canonicalKey(seq(open(inner), open(inner))))
  })

  test('a body of another type throws', () => {
    // @ts-expect-error the body goes to B
    expect(() => box('wrong', [A], [A], { body: f })).toThrow('wrong')
  })
})
