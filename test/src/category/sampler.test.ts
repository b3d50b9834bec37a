/** Morphisms of the sampler category: what they are named by, which of them are equal, and what is refused. */
import * as fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { box, copy, finite, par, real, seq, sequence, type Wires } from '../../../dsl/index.js'
import { samplerArbitraries } from '../../../laws/index.js'
import { Sampler } from '../../../src/category/sampler.js'
import type { SampledFunction, SamplerMeaning } from '../../../src/category/sampler/meaning.js'
import { sample } from '../../../src/category/sampler/run.js'
import { interpret } from '../../../src/interpret.js'
import { valueOf } from '../../support/value-of.js'

const Coin = finite('Coin', ['heads', 'tails'])
const Die = finite('Die', 3)
const Line = real('Line', 1)
const Plane = real('Plane', 2)

const read = (meaning: SamplerMeaning, domain: Wires, codomain: Wires) =>
  valueOf(Sampler.read(meaning, domain, codomain, 'box'))
const problemOf = (meaning: SamplerMeaning, domain: Wires, codomain: Wires) => {
  const result = Sampler.read(meaning, domain, codomain, "box 'f'")
  if (isRight(result)) throw new Error('expected a problem')
  return `${result.left.kind} | ${result.left.where} | ${result.left.what}`
}

const noisy = [
  [0.9, 0.1],
  [0.2, 0.8],
]
const negation = [
  [0, 1],
  [1, 0],
]
const relu: SampledFunction = {
  kind: 'function',
  name: 'relu',
  deterministic: true,
  sample: ([x]) => [typeof x === 'object' ? x.map((entry) => Math.max(0, entry)) : []],
}

describe('boxes are named by what they sample', () => {
  test('one name with two meanings is two boxes', () => {
    const diagram = seq(box('flip', [], [Coin]), box('f', [Coin], [Coin]))
    const meaning = (f: SamplerMeaning) => valueOf(interpret(Sampler, { flip: [[0.5, 0.5]], f })(diagram))
    expect(Sampler.equals(meaning(noisy), meaning(noisy.map((row) => [...row])))).toBe(true)
    expect(
      Sampler.equals(
        meaning(noisy),
        meaning([
          [0.9, 0.1],
          [0.2 + 2 ** -54, 0.8 - 2 ** -54],
        ]),
      ),
    ).toBe(false)
    expect(Sampler.equals(meaning(noisy), meaning(negation))).toBe(false)
  })

  test('two names with one meaning are one box', () => {
    const diagram = seq(copy(Coin), par(box('f', [Coin], [Coin]), box('g', [Coin], [Coin])))
    const meaning = valueOf(interpret(Sampler, { f: negation, g: negation })(diagram))
    const once = valueOf(interpret(Sampler, { f: negation })(seq(box('f', [Coin], [Coin]), copy(Coin))))
    expect(Sampler.equals(meaning, once)).toBe(true)
  })

  test('rows, a finite kernel, and for functions their table', () => {
    expect(
      Sampler.equals(read(noisy, [Coin], [Coin]), read({ kind: 'finite-kernel', rows: noisy }, [Coin], [Coin])),
    ).toBe(true)
    const table = read({ kind: 'finite-function', values: [1, 0] }, [Coin], [Coin])
    expect(Sampler.equals(read(negation, [Coin], [Coin]), table)).toBe(true)
    expect(Sampler.equals(read({ kind: 'finite-function', values: [[1], [0]] }, [Coin], [Coin]), table)).toBe(true)
  })

  test('the wires count, not the numbers alone', () => {
    const other = finite('Other', ['heads', 'tails'])
    expect(Sampler.equals(read([[0.5, 0.5]], [], [Coin]), read([[0.5, 0.5]], [], [other]))).toBe(false)
  })

  test('a zero is a zero, whatever its sign', () => {
    const gaussian = (zero: number): SamplerMeaning => ({ matrix: [[zero]], shift: [zero], covariance: [[1]] })
    expect(Sampler.equals(read(gaussian(0), [Line], [Line]), read(gaussian(-0), [Line], [Line]))).toBe(true)
  })

  test('the text shows it', () => {
    expect(Sampler.show(Sampler.seq(read([[0.5, 0.5]], [], [Coin]), read(negation, [Coin], [Coin])))).toBe(
      [
        'I -> Coin',
        '  takes',
        '  0 = rows [] -> [2] [[0.5,0.5]]()',
        '  1 = table [2] -> [2] [[1],[0]](0)',
        '  gives 1',
      ].join('\n'),
    )
  })
})

describe('deterministic boxes', () => {
  test.each<[string, SamplerMeaning, Wires, Wires, boolean]>([
    ['0-1 rows', negation, [Coin], [Coin], true],
    ['other rows', noisy, [Coin], [Coin], false],
    ['rows that are almost 0-1', [[1 - 2 ** -52, 2 ** -52]], [], [Coin], false],
    ['a table', { kind: 'finite-function', values: [2, 0] }, [Coin], [Die], true],
    ['an affine map', { matrix: [[2]], shift: [1] }, [Line], [Line], true],
    ['the least noise', { matrix: [[2]], covariance: [[1e-300]] }, [Line], [Line], false],
    ['a function that says so', relu, [Plane], [Plane], true],
    ['a function that does not', { ...relu, deterministic: false }, [Plane], [Plane], false],
  ])('%s', (_, meaning, domain, codomain, expected) => {
    const f = read(meaning, domain, codomain)
    expect(Sampler.isDeterministic(f)).toBe(expected)
    const copied = Sampler.seq(f, Sampler.copy(codomain))
    const twice = Sampler.seq(Sampler.copy(domain), Sampler.par(f, f))
    expect(Sampler.equals(copied, twice)).toBe(expected)
  })

  test('equality is finer than equality in law', () => {
    // The same law as a fair coin, and no box of that law.
    const fair = read([[0.5, 0.5]], [], [Coin])
    expect(Sampler.equals(Sampler.seq(fair, read(negation, [Coin], [Coin])), fair)).toBe(false)
  })
})

describe('reading says what is wrong and where', () => {
  test.each<[string, SamplerMeaning, Wires, Wires, string]>([
    ['a short row', [[0.5, 0.5], [1]], [Coin], [Coin], "invalid-value | box 'f', row 1 | the row has 1 entries"],
    ['a row that sums to less', [[0.5, 0.4]], [], [Coin], "invalid-value | box 'f', row 0 | the row sums to 0.9"],
    [
      'a negative number',
      [[1.5, -0.5]],
      [],
      [Coin],
      "invalid-value | box 'f', row 0, column 0 | 1.5 is no probability",
    ],
    [
      'rows on a vector',
      [[0.5, 0.5]],
      [Line],
      [Coin],
      "invalid-value | box 'f' | its wire Line (R^1) is no finite set, and the meaning is one of finite sets",
    ],
    [
      'a Gaussian on a coin',
      { matrix: [[1]] },
      [Line],
      [Coin],
      "invalid-value | box 'f' | its wire Coin (2 elements) is finite, and the meaning is a Gaussian map",
    ],
    [
      'a covariance below zero',
      { matrix: [[1]], covariance: [[-1]] },
      [Line],
      [Line],
      "invalid-value | box 'f', covariance",
    ],
    [
      'an indefinite covariance',
      {
        covariance: [
          [1, 2],
          [2, 1],
        ],
      },
      [],
      [Plane],
      "invalid-value | box 'f', covariance | it is not positive semidefinite",
    ],
    [
      'a matrix of another shape',
      { matrix: [[1, 2]] },
      [Line],
      [Line],
      "invalid-value | box 'f', matrix, row 0 | it has 2 numbers",
    ],
    ['an image that is none', { kind: 'finite-function', values: [0, 3] }, [Coin], [Die], 'invalid-value | '],
  ])('%s', (_, meaning, domain, codomain, expected) => {
    expect(problemOf(meaning, domain, codomain)).toContain(expected)
  })

  test('a set that has no numbers for its elements', () => {
    const huge = sequence('Text', finite('Byte', 256), 4)
    expect(Sampler.objectOf(huge)).toMatchObject({
      left: { kind: 'unsupported', what: 'its 4294967296 elements are more than 2147483647' },
    })
    expect(sample(Sampler.id([huge]), [0], { seed: 1, count: 1 })).toMatchObject({ left: { kind: 'unsupported' } })
    expect(Sampler.objectOf(sequence('Pair', finite('Byte', 256), 2))._tag).toBe('Right')
  })

  test('interpret refuses a chancy meaning for a deterministic box', () => {
    const f = box('f', [Coin], [Coin], { deterministic: true })
    expect(interpret(Sampler, { f: noisy })(f)).toMatchObject({ left: { where: "box 'f'" } })
    expect(interpret(Sampler, { f: negation })(f)._tag).toBe('Right')
  })
})

describe('validation', () => {
  test('accepts what reading and composing give', () => {
    const pair = fc.tuple(samplerArbitraries.object, samplerArbitraries.object)
    fc.assert(
      fc.property(
        pair.chain(([a, b]) => samplerArbitraries.morphism(a, b)),
        (f) => isRight(Sampler.validate(f)),
      ),
    )
  })

  test('refuses a box that carries nothing, and one that carries something else', () => {
    const bare = Sampler.validate({ diagram: box('flip', [], [Coin]) })
    expect(isLeft(bare) && bare.left.kind).toBe('missing-meaning')
    const honest = read([[0.5, 0.5]], [], [Coin]).diagram
    if (honest.kind !== 'box') throw new Error('a meaning reads as a box')
    const mislabelled = Sampler.validate({ diagram: { ...honest, name: 'rows [] -> [2] [[0.25,0.75]]' } })
    expect(mislabelled).toMatchObject({
      left: { kind: 'invalid-value', what: 'what it carries is rows [] -> [2] [[0.5,0.5]]' },
    })
    const flagged = Sampler.validate({ diagram: { ...honest, deterministic: true } })
    expect(isLeft(flagged) && flagged.left.kind).toBe('invalid-value')
    const retyped = Sampler.validate({ diagram: { ...honest, outputs: [Die] } })
    expect(isLeft(retyped) && retyped.left.what).toContain('the row has 2 entries')
    expect(() => sample({ diagram: box('flip', [], [Coin]) }, [], { seed: 1, count: 1 })).toThrow(
      "box 'flip' carries nothing to sample",
    )
  })
})

describe('functions are compared by name', () => {
  const half: SampledFunction = { ...relu, sample: ([x]) => [typeof x === 'object' ? x.map((entry) => entry / 2) : []] }

  test('one record is one function, and two names are two', () => {
    const f = read(relu, [Plane], [Plane])
    expect(Sampler.equals(f, read({ ...relu }, [Plane], [Plane]))).toBe(true)
    expect(Sampler.equals(f, read({ ...half, name: 'half' }, [Plane], [Plane]))).toBe(false)
    // Of another type it is another box.
    expect(Sampler.equals(f, read(relu, [Line], [Line]))).toBe(false)
    expect(Sampler.equals(Sampler.par(f, read(half, [Line], [Line])), Sampler.par(f, read(half, [Line], [Line])))).toBe(
      true,
    )
  })

  test('two functions of one name throw, in a comparison and in a run', () => {
    const [f, g] = [read(relu, [Plane], [Plane]), read(half, [Plane], [Plane])]
    expect(() => Sampler.equals(f, g)).toThrow("two different functions are named 'relu'")
    expect(() =>
      sample(
        Sampler.par(f, g),
        [
          [0, 0],
          [0, 0],
        ],
        { seed: 1, count: 1 },
      ),
    ).toThrow("named 'relu'")
    expect(() => Sampler.isDeterministic(Sampler.seq(f, g))).toThrow("named 'relu'")
  })
})
