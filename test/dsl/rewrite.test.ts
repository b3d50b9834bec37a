import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  box,
  copy,
  type Diagram,
  discard,
  equal,
  finite,
  id,
  normalForm,
  par,
  program,
  seq,
  showProblem,
  state,
  swap,
} from '../../dsl/index.js'
import { matches } from '../../dsl/match.js'
import { equation, rewrite, rewriteAll } from '../../dsl/rewrite.js'
import { distance, FinStoch, type Rows } from '../../src/category/fin-stoch.js'
import { interpret, type Meanings } from '../../src/interpret.js'
import { valueOf } from '../support/value-of.js'
import { A, B, vocabulary } from '../support/vocabulary-diagram.js'

const { s, f, g, k, m, d, e } = vocabulary
const h = box('h', [A], [A])
const two = box('two', [A, A], [A, A])

/** The boxes that each match sends the boxes of the pattern to, by their numbers in the normal forms. */
const found = (diagram: Diagram, lhs: Diagram): readonly (readonly number[])[] =>
  valueOf(matches(diagram, lhs)).map(({ boxes }) => boxes)
const chain = (length: number, each: Diagram): Diagram => seq(id(A), ...new Array<Diagram>(length).fill(each))
const names = (diagram: Diagram): string =>
  normalForm(diagram)
    .boxes.map(({ box: { name } }) => name)
    .join(' ')

describe('matches', () => {
  test('in a chain', () => {
    expect(found(seq(f, g, f, g), seq(f, g))).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect(found(seq(f, f, f, f), seq(f, f, f))).toEqual([
      [0, 1, 2],
      [1, 2, 3],
    ])
    expect(found(seq(f, g), seq(g, f))).toEqual([])
  })

  test('generators, not names', () => {
    const [other, wide] = [box('f', [A], [A], { deterministic: true }), box('f', [A, A], [A])]
    const inside = box('f', [A], [A], { body: seq(g, g) })
    expect(found(par(f, other, seq(wide, f), inside), f)).toEqual([[0], [3]])
    expect(found(par(f, inside), box('f', [A], [A], { body: seq(g, id(A), g) }))).toEqual([[1]])
  })

  test('a wire inside that something else reads is no wire inside', () => {
    const target = seq(f, copy(A), par(g, id(A)))
    expect(found(target, seq(f, g))).toEqual([])
    expect(found(target, seq(f, copy(A), par(g, id(A))))).toEqual([[0, 1]])
    expect(found(seq(f, copy(A), par(g, g)), seq(f, g))).toEqual([])
  })

  test('a deterministic wire inside may be read elsewhere: the box stays there', () => {
    const target = seq(d, copy(A), par(f, g))
    expect(found(target, seq(d, f))).toEqual([[0, 1]])
    const result = valueOf(rewrite(target, equation('fusion', seq(d, f), h)))
    expect(equal(result, seq(copy(A), par(h, seq(d, g))))).toBe(true)
  })

  test('an output that the pattern discards must be unused', () => {
    const [first, both] = [seq(m, par(id(A), discard(A))), m]
    expect(found(seq(m, par(f, discard(A))), first)).toEqual([[0]])
    expect(found(seq(m, par(f, g)), first)).toEqual([])
    expect(found(seq(m, par(f, discard(A))), both)).toEqual([[0]])
    const split = box('split', [A], [A, A], { deterministic: true })
    expect(found(seq(split, par(f, g)), seq(split, par(id(A), discard(A))))).toEqual([[0]])
  })

  test('a match is convex', () => {
    // f and k with g on a way from one to the other, and a second way past it.
    const around = seq(f, copy(A), par(g, id(A)), k)
    const lhs = program([A, A], (x, y) => {
      const [u] = f(x)
      const [v] = k(y, u)
      return [u, v]
    })
    expect(names(around)).toBe('f g k')
    expect(found(around, lhs)).toEqual([])
    // Two boxes side by side are no match where one depends on the other.
    expect(found(seq(f, g), par(f, g))).toEqual([])
    expect(found(seq(f, d, g), par(f, g))).toEqual([])
    expect(found(par(seq(f, d), g), par(f, g))).toEqual([[0, 2]])
  })

  test('a way back on a wire that can be had before the match is none', () => {
    // The deterministic box is drawn a second time for g.
    const around = seq(d, copy(A), par(g, id(A)), k)
    const lhs = program([A, A], (x, y) => {
      const [u] = d(x)
      return k(y, u)
    })
    expect(found(around, lhs)).toEqual([[0, 2]])
    const whole = box('whole', [A, A], [A])
    const result = valueOf(rewrite(around, equation('whole', lhs, whole)))
    expect(equal(result, seq(copy(A), par(id(A), seq(d, g)), whole))).toBe(true)
  })

  test('inputs of the pattern may be one wire, boxes may not be one box', () => {
    expect(found(seq(copy(A), par(f, g)), par(f, g))).toEqual([[0, 1]])
    expect(found(seq(f, copy(A)), par(f, f))).toEqual([])
    expect(found(par(f, f), par(f, f))).toEqual([
      [0, 1],
      [1, 0],
    ])
    // The converse: a pattern that copies its input does not match two wires.
    expect(found(par(f, g), seq(copy(A), par(f, g)))).toEqual([])
    expect(found(seq(copy(A), par(f, g)), seq(copy(A), par(f, g)))).toEqual([[0, 1]])
  })

  test('equal diagrams have the same matches, equal patterns too', () => {
    const one = seq(copy(A), par(d, d), e, f, copy(A), par(g, seq(g, discard(A))))
    const other = seq(d, copy(A), e, f, g)
    const [lhs, same] = [seq(d, copy(A), e), seq(copy(A), par(d, d), e)]
    for (const diagram of [one, other])
      for (const pattern of [lhs, same]) expect(found(diagram, pattern)).toEqual([[0, 1]])
  })

  test('a pattern without boxes is a problem', () => {
    for (const lhs of [id(A), copy(A), discard(A), swap(A, B), seq(f, discard(A))]) {
      const result = matches(f, lhs)
      expect(result).toMatchObject({ _tag: 'Left', left: { kind: 'unsupported' } })
      expect(isLeft(result) && showProblem(result.left)).toContain('it has no box that an output depends on')
    }
  })

  test('a chain of 20,000 boxes', () => {
    const target = chain(20_000, f)
    const all = found(target, seq(f, f))
    expect(all).toHaveLength(19_999)
    expect(all[19_998]).toEqual([19_998, 19_999])
    expect(found(chain(2_000, f), chain(1_999, f))).toHaveLength(2)
    const last = valueOf(rewrite(target, equation('fusion', seq(f, f), h), ({ boxes }) => boxes[0] === 19_998))
    expect(equal(last, seq(chain(19_998, f), h))).toBe(true)
    const halved = valueOf(rewriteAll(target, equation('fusion', seq(f, f), h)))
    expect(equal(halved, chain(10_000, h))).toBe(true)
    expect(equal(valueOf(rewriteAll(target, equation('idempotent', seq(f, f), f))), f)).toBe(true)
  })
})

describe('equation', () => {
  test('sides of different types do not compile, and throw', () => {
    // @ts-expect-error the outputs are different wires
    expect(() => equation('wrong', f, vocabulary.toB)).toThrow(
      "equation 'wrong': the left side goes from A to A, the right side from A to B; they must have the same wires",
    )
    // @ts-expect-error the right side has one output more
    expect(() => equation('wrong', f, m)).toThrow('they must have the same wires')
    // @ts-expect-error the sets have the same name but not the same size
    expect(() => equation('wrong', id(finite('A', 2)), id(finite('A', 3)))).toThrow('they must have the same wires')
    const untyped: Diagram = m
    expect(() => equation('wrong', untyped, seq(f, g))).toThrow('they must have the same wires')
  })

  test('holds plain data', () => {
    const { lhs, rhs } = equation('fusion', f, g)
    expect(typeof lhs).toBe('object')
    expect(typeof rhs).toBe('object')
  })
})

describe('rewrite', () => {
  const fusion = equation('f ; g = h', seq(f, g), h)

  test('the first match, or the one that is chosen', () => {
    const target = seq(f, g, f, g)
    expect(names(valueOf(rewrite(target, fusion)))).toBe('h f g')
    expect(names(valueOf(rewrite(target, fusion, (_, index) => index === 1)))).toBe('f g h')
    expect(names(valueOf(rewrite(target, fusion, ({ boxes }) => boxes.includes(3))))).toBe('f g h')
    expect(rewrite(target, fusion, () => false)).toMatchObject({
      left: { kind: 'invalid-value', what: 'none of the 2 occurrences of the left side is accepted' },
    })
    expect(rewrite(seq(g, f), fusion)).toMatchObject({
      left: { kind: 'invalid-value', what: 'the left side does not occur in the diagram' },
    })
  })

  test('keeps the boundary, and its type', () => {
    const result: Diagram<[typeof A], [typeof A, typeof A]> = valueOf(rewrite(seq(f, g, m), fusion))
    expect(result.inputs).toEqual([A])
    expect(result.outputs).toEqual([A, A])
  })

  test('an output of the left side that is read in several places', () => {
    const result = valueOf(rewrite(seq(f, g, copy(A), par(d, copy(A))), fusion))
    expect(equal(result, seq(h, copy(A), par(d, copy(A))))).toBe(true)
  })

  test('outputs of the left side that are one wire are dealt to what reads it', () => {
    const draws = equation('f ; copy = m', seq(f, copy(A)), m)
    expect(equal(valueOf(rewrite(seq(f, copy(A), par(g, id(A))), draws)), seq(m, par(g, id(A))))).toBe(true)
    expect(equal(valueOf(rewrite(f, draws)), seq(m, par(id(A), discard(A))))).toBe(true)
    const thrice = seq(f, copy(A), par(id(A), copy(A)))
    expect(equal(valueOf(rewrite(thrice, draws)), seq(m, par(id(A), copy(A))))).toBe(true)
  })

  test('an input of the left side that is an output: what reads the wire reads the output', () => {
    const graph = equation('copy ; (id ⊗ f) = m', seq(copy(A), par(id(A), f)), m)
    expect(equal(valueOf(rewrite(seq(copy(A), par(g, f)), graph)), seq(m, par(g, id(A))))).toBe(true)
    // What f depends on cannot read the output.
    const target = program([A], (x) => {
      const [y] = f(x)
      const [z] = g(y)
      const [u] = k(y, z)
      return [x, u]
    })
    const joined = equation(
      'joined',
      program([A, A], (x, y) => [x, ...k(x, y)]),
      two,
    )
    expect(
      equal(
        valueOf(rewrite(target, joined)),
        program([A], (x) => {
          const [y] = f(x)
          const [, u] = two(y, ...g(y))
          return [x, u]
        }),
      ),
    ).toBe(true)
    // Where both sides pass the wire on, everything reads the wire as before.
    const same = equation('kept', seq(copy(A), par(id(A), f)), seq(copy(A), par(id(A), h)))
    expect(equal(valueOf(rewrite(seq(copy(A), par(g, f)), same)), seq(copy(A), par(g, h)))).toBe(true)
  })

  test('an input that no box of the left side reads', () => {
    const loose = equation('loose', par(f, discard(A)), k)
    expect(rewrite(seq(f, g), loose)).toMatchObject({ left: { kind: 'unsupported' } })
    expect(rewrite(seq(f, g), equation('loose', par(f, id(A)), two))).toMatchObject({
      left: { kind: 'unsupported', where: "equation 'loose', input 1: A (2 elements)" },
    })
    // Both sides do the same with it: it does not matter which wire it is.
    expect(equal(valueOf(rewrite(seq(f, g), equation('idle', par(f, id(A)), par(h, id(A))))), seq(h, g))).toBe(true)
    expect(
      equal(valueOf(rewrite(seq(f, g), equation('idle', par(f, discard(A)), par(h, discard(A))))), seq(h, g)),
    ).toBe(true)
  })

  test('a left side in two parts', () => {
    const both = equation('f ⊗ g = two', par(f, g), two)
    const target = par(seq(f, d), seq(h, g))
    expect(equal(valueOf(rewrite(target, both)), seq(par(id(A), h), two, par(d, id(A))))).toBe(true)
    expect(rewrite(seq(f, h, g), both)).toMatchObject({ left: { kind: 'invalid-value' } })
  })

  test('a right side that is wiring only, and one that needs less', () => {
    const inverse = equation('f ; g = id', seq(f, g), id(A))
    expect(equal(valueOf(rewriteAll(seq(h, f, f, g, g, h), inverse)), seq(h, h))).toBe(true)
    const constant = equation('constant', seq(f, g), seq(discard(A), s))
    expect(equal(valueOf(rewrite(seq(h, f, g), constant)), seq(discard(A), s))).toBe(true)
  })
})

describe('rewriteAll', () => {
  test('several equations, the first one first', () => {
    const system = [equation('a', seq(f, g), h), equation('b', seq(h, h), d)]
    expect(equal(valueOf(rewriteAll(seq(f, g, f, g, f, g), system)), seq(d, h))).toBe(true)
    expect(equal(valueOf(rewriteAll(seq(g, f), system)), seq(g, f))).toBe(true)
    expect(valueOf(rewriteAll(seq(g, f), [])).inputs).toEqual([A])
  })

  test('a limit on the number of replacements', () => {
    const growing = equation('growing', f, seq(f, g))
    const result = rewriteAll(f, growing, { limit: 50 })
    expect(result).toMatchObject({ left: { kind: 'out-of-range', what: 'a left side still occurs after 50 steps' } })
    const idempotent = equation('idempotent', seq(f, f), f)
    expect(rewriteAll(chain(10, f), idempotent, { limit: 8 })).toMatchObject({ left: { kind: 'out-of-range' } })
    expect(equal(valueOf(rewriteAll(chain(10, f), idempotent, { limit: 9 })), f)).toBe(true)
    expect(equal(valueOf(rewriteAll(g, growing, { limit: 0 })), g)).toBe(true)
    expect(rewriteAll(f, growing, { limit: 0 })).toMatchObject({ left: { kind: 'out-of-range' } })
  })

  test('occurrences that would depend on each other in a circle are not replaced together', () => {
    // f before g on one side, g before f on the other: one pair can be joined, not both.
    const crossed = seq(par(f, g), swap(A, A), par(f, g), swap(A, A))
    const both = equation('f ⊗ g = two', par(f, g), two)
    expect(found(crossed, par(f, g)).length).toBeGreaterThanOrEqual(2)
    const result = valueOf(rewriteAll(crossed, both))
    expect(found(result, par(f, g))).toEqual([])
    const back = valueOf(rewriteAll(result, equation('unfold', two, par(f, g))))
    expect(equal(back, crossed)).toBe(true)
  })

  test('commuting boxes are sorted', () => {
    const sort = equation('g ; f = f ; g', seq(g, f), seq(f, g))
    const result = valueOf(rewriteAll(seq(g, f, g, g, f, f, g, f), sort))
    expect(equal(result, seq(f, f, f, f, g, g, g, g))).toBe(true)
  })
})

describe('soundness in FinStoch', () => {
  const meaning = (diagram: Diagram, meanings: Meanings<Rows>) => valueOf(interpret(FinStoch, meanings)(diagram))
  const agree = (before: Diagram, after: Diagram, meanings: Meanings<Rows>): void => {
    expect(equal(before, after)).toBe(false)
    expect(distance(meaning(before, meanings), meaning(after, meanings))).toBeLessThan(1e-12)
  }

  test('an idempotent', () => {
    const p = box('p', [B], [B])
    // The first two elements are mixed, the third one stays.
    const meanings = {
      p: [
        [0.25, 0.75, 0],
        [0.25, 0.75, 0],
        [0, 0, 1],
      ],
    }
    const split = equation('p ; p = p', seq(p, p), p)
    const target = seq(p, p, copy(B), par(seq(p, p), p))
    agree(target, valueOf(rewriteAll(target, split)), meanings)
    expect(names(valueOf(rewriteAll(target, split)))).toBe('p p p')
  })

  test('an involution that is deterministic', () => {
    const not = box('not', [A], [A], { deterministic: true })
    const meanings = {
      not: [
        [0, 1],
        [1, 0],
      ],
      f: [
        [0.5, 0.5],
        [0.125, 0.875],
      ],
    }
    const target = seq(not, copy(A), par(seq(not, f), seq(f, not)), par(not, not))
    const result = valueOf(rewriteAll(target, equation('not ; not = id', seq(not, not), id(A))))
    agree(target, result, meanings)
    expect(
      normalForm(result)
        .boxes.map(({ box: { name } }) => name)
        .sort(),
    ).toEqual(['f', 'f', 'not', 'not'])
  })

  test('disintegration, in both directions', () => {
    const [X, Y] = [finite('X', 2), finite('Y', 3)]
    const joint = state('joint', [X, Y])
    const [marginal, conditional] = [state('marginal', [X]), box('conditional', [X], [Y])]
    const composite = seq(marginal, copy(X), par(id(X), conditional))
    const meanings = {
      joint: [[0.125, 0.25, 0.125, 0, 0.375, 0.125]],
      marginal: [[0.5, 0.5]],
      conditional: [
        [0.25, 0.5, 0.25],
        [0, 0.75, 0.25],
      ],
      v: [
        [0.5, 0.25, 0.25],
        [0, 1, 0],
      ],
    }
    const v = box('v', [X], [Y])
    const target = seq(joint, copy(X, Y), par(v, id(Y, X), discard(Y)))
    const apart = valueOf(rewrite(target, equation('disintegration', joint, composite)))
    agree(target, apart, meanings)
    expect(names(apart)).toBe('marginal v conditional')
    const together = valueOf(rewrite(apart, equation('integration', composite, joint)))
    expect(equal(together, target)).toBe(true)
    // The marginal comes out once the second wire is discarded.
    const first = valueOf(rewrite(seq(joint, par(v, discard(Y))), equation('disintegration', joint, composite)))
    expect(equal(first, seq(marginal, v))).toBe(true)
  })
})
