/** What samplers refuse, by kind and to the letter, and the borders of what they take. */
import { type Either, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  box,
  copy,
  finite,
  par,
  type Problem,
  real,
  seq,
  sequence,
  showProblem,
  type Wires,
} from '../../../../dsl/index.js'
import { Sampler } from '../../../../src/category/sampler.js'
import { convergence, empiricalLaw, legsIndependence } from '../../../../src/category/sampler/empirical-law.js'
import { noDrawAgreed, readEvidence } from '../../../../src/category/sampler/evidence.js'
import { importanceSample } from '../../../../src/category/sampler/importance.js'
import type { SampledFunction, SamplerMeaning } from '../../../../src/category/sampler/meaning.js'
import { meaningOf } from '../../../../src/category/sampler/morphism.js'
import { rejectionSample } from '../../../../src/category/sampler/rejection.js'
import { sample } from '../../../../src/category/sampler/run.js'
import {
  checkOptions,
  emptyColumn,
  readInputs,
  readValue,
  sameSamples,
  type SampleColumn,
  type Samples,
  valuesAt,
  writeColumn,
  writeValue,
} from '../../../../src/category/sampler/samples.js'
import { valueOf } from '../../../support/value-of.js'

const Coin = finite('Coin', ['heads', 'tails'])
const Die = finite('Die', 6)
const Die3 = finite('Die3', 3)
const Line = real('Line', 1)
const Plane = real('Plane', 2)

const problemOf = <A>(result: Either<Problem, A>): readonly [kind: string, text: string] => {
  if (isRight(result)) throw new Error('expected a problem')
  return [result.left.kind, showProblem(result.left)]
}
const read = (meaning: SamplerMeaning, domain: Wires, codomain: Wires) =>
  valueOf(Sampler.read(meaning, domain, codomain, 'box'))
const options = { seed: 1, count: 1 }

test('the category says what it is', () =>
  expect([Sampler.name, Sampler.equality, Sampler.unit]).toEqual([
    'sampler',
    'exact: the normal forms of the diagrams are the same; finer than equality in law',
    [],
  ]))

describe('values', () => {
  test.each<[string, Either<Problem, unknown>, string]>([
    ['too large', readValue(Die, 6, 'x'), 'x: 6 is no element of Die (6 elements); give a whole number from 0 to 5'],
    ['a text', readValue(Die, '2', 'x'), 'x: 2 is no element of Die (6 elements); give a whole number from 0 to 5'],
    [
      'no name',
      readValue(Coin, 'edge', 'x'),
      'x: edge is no element of Coin (2 elements); give a whole number from 0 to 1, or one of heads, tails',
    ],
    [
      'a letter of a sequence',
      readValue(sequence('Word', Coin, 2), 'heads', 'x'),
      'x: heads is no element of Word (Coin^2); give a whole number from 0 to 3',
    ],
    ['a number for a vector', readValue(Plane, 1, 'x'), 'x: 1 is no vector of Plane (R^2); give 2 finite numbers'],
    ['a text for a vector', readValue(Plane, 'ab', 'x'), 'x: ab is no vector of Plane (R^2); give 2 finite numbers'],
    ['a short vector', readValue(Plane, [1], 'x'), 'x: [1] is no vector of Plane (R^2); give 2 finite numbers'],
    [
      'a vector with a gap',
      readValue(Plane, [1, Number.NaN], 'x'),
      'x: [1, NaN] is no vector of Plane (R^2); give 2 finite numbers',
    ],
    [
      'no value',
      readValue(Coin, undefined, 'x'),
      'x: undefined is no element of Coin (2 elements); give a whole number from 0 to 1, or one of heads, tails',
    ],
    [
      'the wrong number of inputs',
      readInputs([Coin, Die], [0]),
      'inputs: there are 1 values; give one for each of the 2 inputs',
    ],
    [
      'a later input',
      readInputs([Coin, Die], ['tails', 7]),
      'input 1: 7 is no element of Die (6 elements); give a whole number from 0 to 5',
    ],
  ])('%s', (_, result, text) => expect(problemOf(result)).toEqual(['invalid-value', text]))

  test('of at most twelve names', () => {
    const Month = finite('Month', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm'])
    expect(problemOf(readValue(Month, 13, 'x'))[1]).toBe(
      'x: 13 is no element of Month (13 elements); give a whole number from 0 to 12, or one of a, b, c, d, e, f, g, h, i, j, k, l',
    )
    expect(valueOf(readValue(Month, 'm', 'x'))).toBe(12)
  })

  test('names and numbers are the same elements; vectors are kept', () =>
    expect(valueOf(readInputs([Coin, Coin, Plane], ['tails', 1, [3, -4]]))).toEqual([1, 1, [3, -4]]))
})

describe('options', () => {
  const last = 2 ** 32 - 1
  test.each<[string, number, number, number | undefined, string]>([
    ['a seed', -1, 1, 0, 'seed: -1'],
    ['a seed', 2 ** 32, 1, 0, 'seed: 4294967296'],
    ['a seed', 0.5, 1, 0, 'seed: 0.5'],
    ['a count', 0, -1, 0, 'count: -1'],
    ['a count', 0, 2 ** 32, 0, 'count: 4294967296'],
    ['a first draw', 0, 1, 1.5, 'first draw: 1.5'],
    ['a last draw', 0, 2, last, 'last draw: 4294967296'],
  ])('%s of no use: %d, %d, %d', (_, seed, count, first, where) =>
    expect(problemOf(checkOptions({ seed, count, first: first ?? 0 }))).toEqual([
      'out-of-range',
      `${where} does not do; give a whole number from 0 to 4294967295`,
    ]),
  )

  test('the last that do', () => {
    expect(valueOf(checkOptions({ seed: last, count: last }))).toEqual({ seed: last, count: last, first: 0 })
    expect(valueOf(checkOptions({ seed: 0, count: 1, first: last }))).toEqual({ seed: 0, count: 1, first: last })
    expect(valueOf(checkOptions({ seed: 0, count: 0 }))).toEqual({ seed: 0, count: 0, first: 0 })
  })
})

describe('columns', () => {
  const coins = (...elements: readonly number[]): SampleColumn => ({
    kind: 'finite',
    elements: Int32Array.from(elements),
  })
  const points = (...entries: readonly number[]): SampleColumn => ({
    kind: 'real',
    dimension: 2,
    entries: Float64Array.from(entries),
  })
  const batch = (count: number, ...columns: readonly SampleColumn[]): Samples => ({ wires: [], count, columns })

  test('are the same draws when all numbers are, to the last bit', () => {
    const same = (a: Samples, b: Samples) => [sameSamples(a, b), sameSamples(b, a)]
    const yes = [true, true]
    const no = [false, false]
    expect(same(batch(2, coins(0, 1)), batch(2, coins(0, 1)))).toEqual(yes)
    expect(same(batch(2, coins(0, 1)), batch(2, coins(0, 0)))).toEqual(no)
    expect(same(batch(2, coins(0, 1)), batch(2, coins(1, 1)))).toEqual(no)
    expect(same(batch(2, coins(0, 1)), batch(2, coins(0)))).toEqual(no)
    expect(same(batch(2), batch(3))).toEqual(no)
    expect(same(batch(1, coins(0)), batch(1, coins(0), coins(0)))).toEqual(no)
    expect(same(batch(1, points(1, Number.NaN)), batch(1, points(1, Number.NaN)))).toEqual(yes)
    expect(same(batch(1, points(1, 0)), batch(1, points(1, -0)))).toEqual(no)
    expect(same(batch(2, coins(0, 1)), batch(2, points(0, 1)))).toEqual(no)
    expect(same(batch(1, coins(0), coins(1)), batch(1, coins(0), coins(0)))).toEqual(no)
  })

  test('give the values of a draw, and take a value or a block from a draw on', () => {
    const [elements, entries] = [emptyColumn(Coin, 4), emptyColumn(Plane, 4)]
    writeValue(elements, 1, 1)
    writeValue(entries, 1, [2, 3])
    writeColumn(elements, 2, coins(1, 1, 1), 1)
    writeColumn(entries, 2, points(4, 5, 6, 7), 1)
    const columns = [elements, entries]
    expect([0, 1, 2, 3].map((draw) => valuesAt({ columns }, draw))).toEqual([
      [0, [0, 0]],
      [1, [2, 3]],
      [1, [4, 5]],
      [0, [0, 0]],
    ])
  })
})

describe('meanings', () => {
  const refused = (meaning: SamplerMeaning, domain: Wires, codomain: Wires) =>
    problemOf(Sampler.read(meaning, domain, codomain, "box 'f'"))

  test('of finite sets and of vectors do not mix', () => {
    const vectors =
      "box 'f': its wire Line (R^1) is no finite set, and the meaning is one of finite sets; give a Gaussian map, or a function"
    expect(refused([[1]], [Line], [Coin])).toEqual(['invalid-value', vectors])
    expect(refused([[1]], [Coin], [Line])).toEqual(['invalid-value', vectors])
    expect(refused({ kind: 'finite-kernel', rows: [[1]] }, [], [Coin, Line])).toEqual(['invalid-value', vectors])
    expect(refused({ kind: 'finite-function', values: [0] }, [Line], [])).toEqual(['invalid-value', vectors])
    const coins =
      "box 'f': its wire Coin (2 elements) is finite, and the meaning is a Gaussian map; give rows of probabilities, or a function"
    expect(refused({ matrix: [[1]] }, [Coin], [Line])).toEqual(['invalid-value', coins])
    expect(refused({ matrix: [[1]] }, [Line], [Line, Coin])).toEqual(['invalid-value', coins])
  })

  test('an image that is no element', () =>
    expect(refused({ kind: 'finite-function', values: [0, 2] }, [Coin], [Coin])).toEqual([
      'invalid-value',
      "box 'f', input 1: 2 is no element of a set of 2; give a whole number from 0 to 1",
    ]))

  test('a set of 2^31 elements is one too large', () => {
    const Bit = finite('Bit', 2)
    const text = 'wire Word (Bit^31): its 2147483648 elements are more than 2147483647; use several wires'
    const Word = sequence('Word', Bit, 31)
    expect(problemOf(Sampler.objectOf(Word))).toEqual(['unsupported', text])
    expect(refused([[1]], [], [Word])).toEqual(['unsupported', text])
    expect(refused([[1]], [Word], [])).toEqual(['unsupported', text])
    expect(refused([[1]], [Coin], [Coin, Word])).toEqual(['unsupported', text])
    expect(problemOf(Sampler.validate(Sampler.id([Coin, Word])))).toEqual(['unsupported', text])
    expect(problemOf(readValue(Word, 0, 'x'))).toEqual(['unsupported', text])
    const Most = finite('Most', 2 ** 31 - 1)
    expect(valueOf(Sampler.objectOf(Most))).toEqual([Most])
  })

  test('names tell meanings apart', () => {
    const nameOf = (meaning: SamplerMeaning, domain: Wires, codomain: Wires): string => {
      const { diagram } = read(meaning, domain, codomain)
      if (diagram.kind !== 'box') throw new Error('a meaning reads as a box')
      return `${diagram.name}${diagram.deterministic ? ', deterministic' : ''}`
    }
    expect(
      nameOf(
        [
          [0.25, 0.75],
          [1, 0],
        ],
        [Coin],
        [Coin],
      ),
    ).toBe('rows [2] -> [2] [[0.25,0.75],[1,0]]')
    expect(
      nameOf(
        [
          [0, 1],
          [1, 0],
        ],
        [Coin],
        [Coin],
      ),
    ).toBe('table [2] -> [2] [[1],[0]], deterministic')
    expect(nameOf({ kind: 'finite-function', values: [3, [1, 0]] }, [Coin], [Coin, Coin])).toBe(
      'table [2] -> [2, 2] [[1,1],[1,0]], deterministic',
    )
    expect(nameOf({ matrix: [[2]], shift: [1] }, [Line], [Line])).toBe(
      'gaussian [1] -> [1] {"matrix":[[2]],"shift":[1],"covariance":[[0]]}, deterministic',
    )
    expect(nameOf({ covariance: [[4]] }, [], [Line])).toBe(
      'gaussian [] -> [1] {"matrix":[[]],"shift":[0],"covariance":[[4]]}',
    )
    // Noise in some directions is noise.
    expect(
      nameOf(
        {
          covariance: [
            [4, 0],
            [0, 0],
          ],
        },
        [],
        [Plane],
      ),
    ).toBe('gaussian [] -> [2] {"matrix":[[],[]],"shift":[0,0],"covariance":[[4,0],[0,0]]}')
    const f: SampledFunction = { kind: 'function', name: 'half', sample: () => [0] }
    expect(nameOf(f, [Coin], [Coin])).toBe('function half')
    expect(nameOf({ ...f, deterministic: true }, [Coin], [Coin])).toBe('function half, deterministic')
  })
})

test('rows are kept as running sums of shares, infinite from the last positive one on', () => {
  const rows = [
    [0.25, 0.75, 0],
    [0.3, 0.3, 0.4 + 5e-10],
    [0, 0.5, 0.5],
    [0.5, 0.25, 0.25],
  ]
  const { diagram } = read(rows, [finite('Four', 4)], [Die3])
  if (diagram.kind !== 'box') throw new Error('a meaning reads as a box')
  const meaning = meaningOf(diagram)
  if (meaning.kind !== 'finite-kernel') throw new Error('rows that are no table are a kernel')
  const sum = 0.3 + 0.3 + (0.4 + 5e-10)
  expect([...meaning.cumulative]).toEqual([
    ...[0.25, Infinity, Infinity],
    ...[0.3 / sum, 0.6 / sum, Infinity],
    ...[0, 0.5, Infinity],
    ...[0.5, 0.75, Infinity],
  ])
})

describe('morphisms', () => {
  test('have the ends of their diagrams', () => {
    const f = read(
      [
        [0.5, 0.5],
        [0.25, 0.75],
      ],
      [Coin],
      [Coin],
    )
    const g = Sampler.par(f, Sampler.discard([Plane]))
    expect([Sampler.domain(g), Sampler.codomain(g)]).toEqual([[Coin, Plane], [Coin]])
    expect(Sampler.tensor([Coin], [Die, Line])).toEqual([Coin, Die, Line])
  })

  const honest = read([[0.5, 0.5]], [], [Coin]).diagram
  if (honest.kind !== 'box') throw new Error('a meaning reads as a box')

  test('are validated box by box', () => {
    expect(problemOf(Sampler.validate({ diagram: par(honest, box('g', [Coin], [Die, Line])) }))).toEqual([
      'missing-meaning',
      "box 'g' : Coin -> Die ⊗ Line: it carries nothing to sample; make it with Sampler.read",
    ])
    expect(problemOf(Sampler.validate({ diagram: { ...honest, name: 'fair' } }))).toEqual([
      'invalid-value',
      "box 'fair' : I -> Coin: what it carries is rows [] -> [2] [[0.5,0.5]]; make it with Sampler.read",
    ])
    const table = read([[0, 1]], [], [Coin]).diagram
    if (table.kind !== 'box') throw new Error('a meaning reads as a box')
    expect(problemOf(Sampler.validate({ diagram: { ...table, deterministic: false } }))[1]).toBe(
      "box 'table [] -> [2] [[1]]' : I -> Coin: what it carries is table [] -> [2] [[1]], deterministic; make it with Sampler.read",
    )
    const f = { diagram: seq(honest, copy(Coin)) }
    expect(valueOf(Sampler.validate(f))).toBe(f)
  })

  test('without a meaning cannot be compared, and say so', () => {
    const bare = { diagram: box('g', [], [Coin]) }
    const text = "Sampler: box 'g' carries nothing to sample; make morphisms with Sampler.read or interpret"
    expect(() => Sampler.equals(bare, bare)).toThrow(text)
    expect(() => Sampler.isDeterministic(bare)).toThrow(text)
  })

  test('are deterministic when every box that an output depends on is', () => {
    const flip = read([[0.5, 0.5]], [], [Coin])
    const not = read(
      [
        [0, 1],
        [1, 0],
      ],
      [Coin],
      [Coin],
    )
    expect(Sampler.isDeterministic(not)).toBe(true)
    expect(Sampler.isDeterministic(Sampler.seq(flip, not))).toBe(false)
    expect(Sampler.isDeterministic(Sampler.seq(flip, Sampler.discard([Coin])))).toBe(true)
  })

  test('two functions of one name throw', () => {
    const f = (sampled: number): SampledFunction => ({ kind: 'function', name: 'f', sample: () => [sampled] })
    expect(() => Sampler.equals(read(f(0), [], [Coin]), read(f(1), [], [Coin]))).toThrow(
      "Sampler: two different functions are named 'f'; give each a name of its own, or use one and the same record",
    )
  })
})

describe('evidence', () => {
  const flip = read([[0.5, 0.5]], [], [Coin])
  const point = read({ covariance: [[1]] }, [], [Line])

  test('that no draw agreed with', () => {
    expect(problemOf(noDrawAgreed(0))).toEqual([
      'impossible-evidence',
      'evidence: no draw of 0 agreed with what was observed; make some draws',
    ])
    // -log(0.05) = 2.996 over the number of draws.
    expect(problemOf(noDrawAgreed(40))[1]).toBe(
      'evidence: no draw of 40 agreed with what was observed; at 95% confidence its probability is below 0.075; ' +
        'make more draws, or observe something else',
    )
  })

  test('of outputs by number or name', () => {
    const { diagram } = Sampler.par(flip, point)
    expect(
      valueOf(
        readEvidence(diagram, [
          { output: 'Line', observed: [2] },
          { output: 0, observed: 'tails' },
        ]),
      ),
    ).toEqual([
      { port: 1, value: [2] },
      { port: 0, value: 1 },
    ])
    expect(problemOf(readEvidence(diagram, [{ output: 'Coin', observed: 2 }]))[1]).toBe(
      "output 'Coin': 2 is no element of Coin (2 elements); give a whole number from 0 to 1, or one of heads, tails",
    )
  })

  test('of vectors is refused by rejection, and where there is no density', () => {
    const evidence = [{ output: 1, observed: [0] }]
    expect(problemOf(rejectionSample(Sampler.par(flip, point), [], evidence, options))).toEqual([
      'unsupported',
      'output 1, Line (R^1): draws of a real vector space do not agree with a value to the last digit; use importanceSample',
    ])
    const constant = read({ shift: [0] }, [], [Line])
    expect(problemOf(importanceSample(Sampler.par(flip, constant), [], evidence, options))).toEqual([
      'unsupported',
      'output 1, Line (R^1): it does not come straight from a Gaussian box that gives it a density; ' +
        'observe an output that does, or give its box noise in every direction',
    ])
  })

  test('of a copied input is that of the input', () => {
    const text = problemOf(importanceSample(Sampler.id([Coin]), [0], [{ output: 0, observed: 1 }], options))
    expect(text[0]).toBe('impossible-evidence')
    expect(text[1]).toMatch(/^output 0: it is observed as 1, and it is a copy of an input that is 0; /)
  })
})

describe('laws of draws', () => {
  const draws = (...elements: readonly number[]): Samples => ({
    wires: [Coin],
    count: elements.length,
    columns: [{ kind: 'finite', elements: Int32Array.from(elements) }],
  })

  test('are shares, or weights', () => {
    expect([...valueOf(empiricalLaw(draws(0, 1, 1, 1)))]).toEqual([0.25, 0.75])
    expect([...valueOf(empiricalLaw(draws(0, 1, 1, 1), Float64Array.of(5, 1, 1, 1)))]).toEqual([0.625, 0.375])
    expect([...valueOf(empiricalLaw(draws()))]).toEqual([0, 0])
    const { columns } = draws(1, 0)
    const pairs = {
      wires: [Coin, Die],
      count: 2,
      columns: [...columns, { kind: 'finite', elements: Int32Array.of(2, 5) } as const],
    }
    // (1, 2) is element 8 of 2 x 6, and (0, 5) element 5.
    expect(
      valueOf(empiricalLaw(pairs)).reduce<number[]>((seen, share, k) => (share > 0 ? [...seen, k, share] : seen), []),
    ).toEqual([5, 0.5, 8, 0.5])
  })

  test('of vectors are refused', () =>
    expect(problemOf(empiricalLaw({ wires: [Coin, Line], count: 0, columns: [] }))).toEqual([
      'unsupported',
      'wire Line (R^1): draws of a real vector space have no shares; discard the wire, or sort its vectors into a finite set by a function',
    ]))

  test('a problem of the draws is the problem of the test', () => {
    const flip = read([[0.5, 0.5]], [], [Coin])
    expect(problemOf(convergence({ wires: [Line], count: 0, columns: [] }, [1], 0.1))[0]).toBe('unsupported')
    expect(problemOf(legsIndependence(flip, flip, [], { seed: -1, count: 1 }))[1]).toMatch(/^seed: -1 does not do/)
    expect(problemOf(legsIndependence(flip, flip, [0], options))[1]).toMatch(/^inputs: there are 1 values/)
  })

  test('converge by half the sum of the differences', () => {
    const found = valueOf(convergence(draws(0, 0, 0, 1), [0.5, 0.5], Math.exp(-2)))
    // The mean is at most 2 sqrt(1/16) / 2, and sqrt(2 / 8) is added.
    expect(found).toEqual({ kind: 'measurement', distance: 0.25, bound: 0.75, falseAlarm: Math.exp(-2), agrees: true })
    expect(valueOf(convergence(draws(0, 0, 0, 1), [1, 0], 1))).toMatchObject({
      distance: 0.25,
      bound: 0,
      agrees: false,
    })
    expect(valueOf(convergence(draws(0, 0), [1, 0], 1))).toMatchObject({ distance: 0, bound: 0, agrees: true })
    expect(problemOf(convergence(draws(0), [1, 0, 0], 0.1))[1]).toBe(
      'law: it has 3 elements; give one probability for each of the 2 elements of the outputs',
    )
  })

  test('of two legs are tested in a table of both', () => {
    const flip = read([[0.5, 0.5]], [], [Coin])
    const roll = read([[0.5, 0.25, 0.25, 0, 0, 0]], [], [Die])
    const elements = (f: (draw: number) => number): SampleColumn => ({
      kind: 'finite',
      elements: Int32Array.from({ length: 40 }, (_, k) => f(k)),
    })
    const tied = () =>
      ({
        _tag: 'Right',
        right: { wires: [Coin, Die], count: 40, columns: [elements((k) => k % 2), elements((k) => k % 2)] },
      }) as const
    // Twenty of (0, 0) and twenty of (1, 1): each of four cells expects ten and is off by ten.
    expect(valueOf(legsIndependence(flip, roll, [], options, tied))).toMatchObject({
      statistic: 40,
      degreesOfFreedom: 1,
      smallestExpected: 10,
    })
    expect(sample(Sampler.par(flip, roll), [], options)._tag).toBe('Right')
  })
})
