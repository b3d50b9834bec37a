/** What is drawn: the same for equal morphisms, of the right law, and independent where the diagram says so. */
import * as fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  box,
  copy,
  type Diagram,
  discard,
  finite,
  id,
  par,
  real,
  seq,
  sequence,
  swap,
  wiringOf,
  type Wires,
} from '../../../../dsl/index.js'
import { diagrams, equalSamplers, samplerArbitraries, samplerInputs } from '../../../../laws/index.js'
import { FinStoch } from '../../../../src/category/fin-stoch.js'
import { Gauss } from '../../../../src/category/gauss.js'
import { Sampler } from '../../../../src/category/sampler.js'
import { addressedRandomness, normalsAt, uniformAt } from '../../../../src/category/sampler/addressed-randomness.js'
import { convergence, legsIndependence } from '../../../../src/category/sampler/empirical-law.js'
import type { SamplerMeaning } from '../../../../src/category/sampler/meaning.js'
import type { SamplerMorphism } from '../../../../src/category/sampler/morphism.js'
import { type Draw, run, sample } from '../../../../src/category/sampler/run.js'
import {
  emptyColumn,
  sameSamples,
  type Samples,
  valuesAt,
  writeColumn,
} from '../../../../src/category/sampler/samples.js'
import { stepOf } from '../../../../src/category/sampler/step.js'
import { interpret } from '../../../../src/interpret.js'
import { genericMeanings } from '../../../support/generic-meaning.js'
import { valueOf } from '../../../support/value-of.js'

const Coin = finite('Coin', ['heads', 'tails'])
const Die = finite('Die', 3)
const Line = real('Line', 1)
const Plane = real('Plane', 2)

const read = (meaning: SamplerMeaning, domain: Wires, codomain: Wires) =>
  valueOf(Sampler.read(meaning, domain, codomain, 'box'))
const draw = (...request: Parameters<Draw>): Samples => valueOf(sample(...request))
const elements = ({ columns }: Samples, port: number): readonly number[] => {
  const column = columns[port]
  if (column?.kind !== 'finite') throw new Error('expected a finite column')
  return [...column.elements]
}
const entries = ({ columns }: Samples, port: number): Float64Array => {
  const column = columns[port]
  if (column?.kind !== 'real') throw new Error('expected a real column')
  return column.entries
}

const fair = read([[0.5, 0.5]], [], [Coin])
const noisy = read(
  [
    [0.9, 0.1],
    [0.2, 0.8],
  ],
  [Coin],
  [Coin],
)
const negation = read(
  [
    [0, 1],
    [1, 0],
  ],
  [Coin],
  [Coin],
)

describe('equal morphisms give the same draws, to the last bit', () => {
  const ends = fc.tuple(samplerArbitraries.object, samplerArbitraries.object)

  test('for random equal diagrams: brackets, order, dead boxes, deterministic boxes twice', () => {
    const cases = ends.chain(([a, b]) => fc.tuple(equalSamplers(a, b), samplerInputs(a), fc.nat(2 ** 32 - 1)))
    fc.assert(
      fc.property(cases, ([[f, g], inputs, seed]) => {
        const options = { seed, count: 40 }
        return Sampler.equals(f, g) && sameSamples(draw(f, inputs, options), draw(g, inputs, options))
      }),
      { numRuns: 300 },
    )
  })

  test('brackets', () => {
    const options = { seed: 1, count: 1000 }
    const left = Sampler.seq(Sampler.seq(fair, noisy), noisy)
    const right = Sampler.seq(fair, Sampler.seq(noisy, noisy))
    expect(sameSamples(draw(left, [], options), draw(right, [], options))).toBe(true)
  })

  test('dead boxes and the order in which independent ones are written', () => {
    const options = { seed: 1, count: 1000 }
    const idle = Sampler.seq(Sampler.par(fair, Sampler.seq(fair, Sampler.discard([Coin]))), noisy)
    expect(sameSamples(draw(idle, [], options), draw(Sampler.seq(fair, noisy), [], options))).toBe(true)
    const crossed = Sampler.seq(Sampler.par(fair, Sampler.seq(fair, noisy)), Sampler.swap([Coin], [Coin]))
    const straight = Sampler.par(Sampler.seq(fair, noisy), fair)
    expect(sameSamples(draw(crossed, [], options), draw(straight, [], options))).toBe(true)
  })

  test('a deterministic box computed twice is computed once; a chancy one is not', () => {
    const options = { seed: 1, count: 1000 }
    const twice = (f: SamplerMorphism) => Sampler.seq(Sampler.seq(fair, Sampler.copy([Coin])), Sampler.par(f, f))
    const negated = draw(twice(negation), [], options)
    expect(elements(negated, 0)).toEqual(elements(negated, 1))
    // Two copies of the channel agree with probability (0.82 + 0.68) / 2.
    const noise = draw(twice(noisy), [], options)
    const agreeing = elements(noise, 0).filter((element, k) => element === elements(noise, 1)[k]).length
    expect(Math.abs(agreeing - 750)).toBeLessThan(6 * Math.sqrt(1000 * 0.75 * 0.25))
  })

  test('a sampler whose addresses are where boxes are written is caught', () => {
    const written: Draw = (f, inputs, options) => {
      const columns = f.diagram.outputs.map((wire) => emptyColumn(wire, options.count))
      run(wiringOf(f.diagram), [], { first: 0, ...options }, stepOf, (block, start, length) =>
        columns.forEach((column, k) => writeColumn(column, start, block[k]!, length)),
      )
      return right({ wires: f.diagram.outputs, count: options.count, columns })
    }
    const options = { seed: 3, count: 64 }
    const idle = Sampler.par(Sampler.seq(fair, Sampler.discard([Coin])), fair)
    expect(Sampler.equals(idle, fair)).toBe(true)
    expect(sameSamples(draw(idle, [], options), draw(fair, [], options))).toBe(true)
    expect(sameSamples(valueOf(written(fair, [], options)), draw(fair, [], options))).toBe(true)
    expect(sameSamples(valueOf(written(idle, [], options)), draw(fair, [], options))).toBe(false)
  })
})

describe('draws by number', () => {
  const f = Sampler.par(
    Sampler.seq(fair, noisy),
    read(
      {
        covariance: [
          [1, 0.5],
          [0.5, 1],
        ],
      },
      [],
      [Plane],
    ),
  )

  test('do not depend on how many are asked for, nor on the blocks they are made in', () => {
    const many = draw(f, [], { seed: 5, count: 5000 })
    const few = draw(f, [], { seed: 5, count: 7 })
    const late = draw(f, [], { seed: 5, count: 1500, first: 3000 })
    for (const k of [0, 3, 6]) expect(valuesAt(few, k)).toEqual(valuesAt(many, k))
    for (const k of [0, 100, 1023, 1024, 1499]) expect(valuesAt(late, k)).toEqual(valuesAt(many, 3000 + k))
  })

  test('another seed gives other draws', () => {
    expect(sameSamples(draw(f, [], { seed: 5, count: 50 }), draw(f, [], { seed: 6, count: 50 }))).toBe(false)
  })

  test('no draws', () => {
    expect(draw(f, [], { seed: 5, count: 0 })).toMatchObject({
      count: 0,
      columns: [{ elements: new Int32Array(0) }, {}],
    })
  })

  test('are those of this version and the ones after it', () => {
    expect(elements(draw(Sampler.seq(fair, noisy), [], { seed: 42, count: 24 }), 0).join('')).toBe(
      '111010010110100010110001',
    )
    const plane = entries(draw(f, [], { seed: 42, count: 2 }), 1)
    const pinned = [0.27363650646989096, -0.7065555113486212, -0.037877000123893084, -0.3893314976758416]
    pinned.forEach((expected, k) => expect(plane[k]).toBeCloseTo(expected, 12))
  })
})

describe('requests are checked', () => {
  const options = { seed: 1, count: 1 }
  test.each<[string, () => unknown, object]>([
    [
      'too few inputs',
      () => sample(noisy, [], options),
      { kind: 'invalid-value', where: 'inputs', what: 'there are 0 values' },
    ],
    [
      'no element',
      () => sample(noisy, [2], options),
      { where: 'input 0', what: '2 is no element of Coin (2 elements)' },
    ],
    ['no such name', () => sample(noisy, ['edge'], options), { what: 'edge is no element of Coin (2 elements)' }],
    ['a vector for a coin', () => sample(noisy, [[1]], options), { what: '1 is no element of Coin (2 elements)' }],
    ['a short vector', () => sample(Sampler.id([Plane]), [[1]], options), { what: '[1] is no vector of Plane (R^2)' }],
    [
      'an infinite one',
      () => sample(Sampler.id([Line]), [[Infinity]], options),
      { what: '[Infinity] is no vector of Line (R^1)' },
    ],
    ['a seed', () => sample(fair, [], { seed: 2 ** 32, count: 1 }), { kind: 'out-of-range', where: 'seed' }],
    ['a count', () => sample(fair, [], { seed: 1, count: 1.5 }), { kind: 'out-of-range', where: 'count' }],
    ['a first draw', () => sample(fair, [], { seed: 1, count: 1, first: -1 }), { where: 'first draw' }],
    ['a last draw', () => sample(fair, [], { seed: 1, count: 2, first: 2 ** 32 - 1 }), { where: 'last draw' }],
  ])('%s', (_, request, expected) => {
    expect(request()).toMatchObject({ _tag: 'Left', left: expected })
  })

  test('an element by its name', () => {
    expect(elements(draw(negation, ['heads'], options), 0)).toEqual([1])
  })
})

describe('finite boxes', () => {
  test('a joint row gives its outputs together, the last running fastest', () => {
    const joint = read([[0, 0.5, 0, 0, 0, 0.5]], [], [Coin, Die])
    const draws = draw(joint, [], { seed: 1, count: 200 })
    const seen = new Set(Array.from({ length: 200 }, (_, k) => valuesAt(draws, k).join(',')))
    expect([...seen].sort()).toEqual(['0,1', '1,2'])
  })

  test('what has no probability is never drawn, and rows may be wide', () => {
    const size = 1000
    const Wide = finite('Wide', size)
    const odd = Array.from({ length: size }, (_, k) => (k % 2 === 1 ? 2 / size : 0))
    const draws = draw(read([odd], [], [Wide]), [], { seed: 1, count: 50_000 })
    expect(elements(draws, 0).every((element) => element % 2 === 1)).toBe(true)
    expect(valueOf(convergence(draws, odd, 1e-9)).agrees).toBe(true)
  })

  test('the draw is where the distribution function passes the uniform number', () => {
    for (const width of [2, 3, 8, 9, 16, 31]) {
      const weights = Array.from({ length: width }, (_, k) => (k % 3 === 1 ? 0 : k + 1))
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const row = weights.map((weight) => weight / total)
      const draws = elements(draw(read([row], [], [finite('W', width)]), [], { seed: 8, count: 500 }), 0)
      draws.forEach((element, k) => {
        const u = uniformAt(8, 0, k, 0)
        const below = row.slice(0, element).reduce((sum, weight) => sum + weight, 0)
        expect(row[element]).toBeGreaterThan(0)
        expect(u).toBeGreaterThanOrEqual(below - 1e-15)
        expect(u).toBeLessThan(below + row[element]! + 1e-15)
      })
    }
  })

  test('tables, of several wires and of sequences', () => {
    const Word = sequence('Word', Coin, 3)
    const sum = read(
      { kind: 'finite-function', values: [0, 1, 2, 1, 2, 0].map((y) => [y, 2 - y]) },
      [Coin, Die],
      [Die, Die],
    )
    for (const [coin, die] of [
      [0, 0],
      [0, 2],
      [1, 0],
      [1, 2],
    ] as const) {
      const y = (coin + die) % 3
      expect(valuesAt(draw(sum, [coin, die], { seed: 1, count: 1 }), 0)).toEqual([y, 2 - y])
    }
    const last = read({ kind: 'finite-function', values: [0, 1, 0, 1, 0, 1, 0, 1] }, [Word], [Coin])
    expect([4, 5, 7].map((word) => valuesAt(draw(last, [word], { seed: 1, count: 1 }), 0))).toEqual([[0], [1], [1]])
  })
})

describe('the law of the draws of random finite diagrams is that of FinStoch', () => {
  const A = finite('A', 2)
  const B = finite('B', 3)
  const signature = [
    box('a', [], [A]),
    box('f', [A], [B]),
    box('g', [B], [A, A]),
    box('h', [A, B], [B]),
    box('d', [B, A], [A], { deterministic: true }),
  ]
  // Each raises a false alarm with probability at most 1e-9, by the bound; the diagrams are the same in every run.
  const falseAlarm = 1e-9
  const count = 20_000

  test.each(
    fc.sample(diagrams(signature, [A], [B, A]), { seed: 20, numRuns: 30 }).map((diagram, k) => [k, diagram] as const),
  )('diagram %d', (k, diagram: Diagram) => {
    const meanings = genericMeanings(signature, [A, B], k)
    const exact = valueOf(interpret(FinStoch, meanings)(diagram))
    const sampler = valueOf(interpret(Sampler, meanings)(diagram))
    for (const input of [0, 1]) {
      const law = exact.entries.slice(6 * input, 6 * input + 6)
      const draws = draw(sampler, [input], { seed: k, count })
      expect(valueOf(convergence(draws, law, falseAlarm))).toMatchObject({ agrees: true })
      // And not with the law at the other input, unless the laws are near each other.
      const other = exact.entries.slice(6 - 6 * input, 12 - 6 * input)
      const apart = law.reduce((sum, p, y) => sum + Math.abs(p - other[y]!), 0) / 2
      if (apart > 0.1) expect(valueOf(convergence(draws, other, falseAlarm)).agrees).toBe(false)
    }
  })
})

describe('the legs of a tensor product', () => {
  const channel = Sampler.seq(fair, noisy)

  test.each<[string, SamplerMorphism, SamplerMorphism]>([
    ['one coin twice', fair, fair],
    ['one channel twice', channel, channel],
    ['different shapes', Sampler.seq(channel, noisy), read([[0.2, 0.3, 0.5]], [], [Die])],
  ])('are independent: %s', (_, f, g) => {
    // The chi-squared test, false alarms once in a million, with a fixed seed.
    const test = valueOf(legsIndependence(f, g, [], { seed: 1, count: 100_000 }))
    expect(test.smallestExpected).toBeGreaterThan(1000)
    expect(test.tail).toBeGreaterThan(1e-6)
  })

  test('and a sampler that uses one seed for both is caught', () => {
    const oneStream: Draw = (f, inputs, options) => {
      const leg = valueOf(sample(f, inputs, options))
      return { _tag: 'Right', right: { ...leg, columns: [leg.columns[0]!, leg.columns[0]!] } }
    }
    const test = valueOf(legsIndependence(fair, fair, [], { seed: 1, count: 1000 }, oneStream))
    expect(test.statistic).toBeCloseTo(1000, 6)
    expect(test.tail).toBeLessThan(1e-100)
    expect(test.tailBound).toBeLessThan(1e-100)
  })
})

describe('Gaussian boxes', () => {
  /** The mean and covariance of the vectors of a column. */
  const moments = (vectors: Float64Array, dimension: number) => {
    const count = vectors.length / dimension
    const mean = Array.from({ length: dimension }, (_, j) => {
      let sum = 0
      for (let k = 0; k < count; k++) sum += vectors[k * dimension + j]!
      return sum / count
    })
    const covariance = mean.map((a, i) =>
      mean.map((b, j) => {
        let sum = 0
        for (let k = 0; k < count; k++) sum += (vectors[k * dimension + i]! - a) * (vectors[k * dimension + j]! - b)
        return sum / (count - 1)
      }),
    )
    return { mean, covariance }
  }
  const count = 200_000
  /** Six standard errors: of a mean sqrt(C_ii / n), of a covariance sqrt((C_ii C_jj + C_ij^2) / n). */
  const expectMoments = (
    vectors: Float64Array,
    mean: readonly number[],
    covariance: readonly (readonly number[])[],
  ) => {
    const seen = moments(vectors, mean.length)
    mean.forEach((value, i) => {
      expect(Math.abs(seen.mean[i]! - value)).toBeLessThanOrEqual(6 * Math.sqrt(covariance[i]![i]! / count) + 1e-12)
      mean.forEach((_, j) => {
        const [ii, jj, ij] = [covariance[i]![i]!, covariance[j]![j]!, covariance[i]![j]!]
        const error = 6 * Math.sqrt((ii * jj + ij * ij) / count) + 1e-12
        expect(Math.abs(seen.covariance[i]![j]! - ij)).toBeLessThanOrEqual(error)
      })
    })
  }

  test('two in a row: (M2 M1, M2 s1 + s2, M2 C1 M2^T + C2)', () => {
    const first: SamplerMeaning = {
      matrix: [[1], [2]],
      shift: [0, 1],
      covariance: [
        [1, 0.5],
        [0.5, 2],
      ],
    }
    const second: SamplerMeaning = {
      matrix: [
        [1, -1],
        [0, 3],
      ],
      shift: [5, 0],
      covariance: [
        [1, 0],
        [0, 0],
      ],
    }
    const both = Sampler.seq(read(first, [Line], [Plane]), read(second, [Plane], [Plane]))
    const vectors = entries(draw(both, [[2]], { seed: 1, count }), 0)
    // M2 M1 = (-1, 6); at 2, the mean is (-2 - 1 + 5, 12 + 3). M2 C1 M2^T = ((1 - 1 + 2, 1.5 - 6), (., 18)).
    expectMoments(
      vectors,
      [2, 15],
      [
        [3, -4.5],
        [-4.5, 18],
      ],
    )
  })

  test('the same numbers are what Gauss composes', () => {
    const diagram = seq(box('x', [], [Plane]), copy(Plane), par(box('y', [Plane], [Line]), id(Plane)))
    const meanings = {
      x: {
        shift: [1, -1],
        covariance: [
          [2, 1],
          [1, 1],
        ],
      },
      y: { matrix: [[3, -2]], covariance: [[0.5]] },
    }
    const exact = valueOf(interpret(Gauss, meanings)(diagram))
    const draws = draw(valueOf(interpret(Sampler, meanings)(diagram)), [], { seed: 2, count })
    const [y, x] = [entries(draws, 0), entries(draws, 1)]
    const joined = new Float64Array(3 * count)
    for (let k = 0; k < count; k++) joined.set([y[k]!, x[2 * k]!, x[2 * k + 1]!], 3 * k)
    const covariance = [0, 1, 2].map((i) => [...exact.covariance.slice(3 * i, 3 * i + 3)])
    expect(exact.covariance[0]).toBeCloseTo(0.5 + 9 * 2 - 12 + 4, 12)
    expectMoments(joined, [...exact.shift], covariance)
  })

  test('a singular covariance stays on its support', () => {
    const singular = read(
      {
        covariance: [
          [1, 2],
          [2, 4],
        ],
      },
      [],
      [Plane],
    )
    const vectors = entries(draw(singular, [], { seed: 3, count }), 0)
    let farthest = 0
    for (let k = 0; k < count; k++) farthest = Math.max(farthest, Math.abs(vectors[2 * k + 1]! - 2 * vectors[2 * k]!))
    expect(farthest).toBeLessThan(1e-13)
    expectMoments(
      vectors,
      [0, 0],
      [
        [1, 2],
        [2, 4],
      ],
    )
  })

  test('small variances beside large ones are kept', () => {
    const scaled = read(
      {
        covariance: [
          [1e20, 0],
          [0, 1e-20],
        ],
      },
      [],
      [Plane],
    )
    const vectors = entries(draw(scaled, [], { seed: 4, count }), 0)
    expectMoments(
      vectors.map((entry, k) => (k % 2 === 0 ? entry / 1e10 : entry * 1e10)),
      [0, 0],
      [
        [1, 0],
        [0, 1],
      ],
    )
  })

  test('no noise is the affine map, through several wires', () => {
    const map = read(
      {
        matrix: [
          [1, 2, 3],
          [0, 1, 0],
        ],
        shift: [10, 20],
      },
      [Line, Plane],
      [Line, Line],
    )
    expect(valuesAt(draw(map, [[1], [2, 3]], { seed: 1, count: 1 }), 0)).toEqual([[24], [22]])
  })

  test('the numbers are those of the box, by the factor of its covariance', () => {
    const z = new Float64Array(1)
    normalsAt(6, 0, 17, z)
    const line = read({ matrix: [[2]], shift: [1], covariance: [[9]] }, [Line], [Line])
    expect(entries(draw(line, [[4]], { seed: 6, count: 20 }), 0)[17]).toBeCloseTo(9 + 3 * z[0]!, 12)
  })
})

describe('functions', () => {
  const exponential: SamplerMeaning = {
    kind: 'function',
    name: 'exponential',
    sample: ([rate], { uniform }) => [[-Math.log(1 - uniform()) / (rate as readonly number[])[0]!]],
  }

  test('draw by the numbers at their own place', () => {
    const f = read(exponential, [Line], [Line])
    const draws = entries(draw(f, [[2]], { seed: 1, count: 100_000 }), 0)
    expect(draws[41]).toBe(-Math.log(1 - uniformAt(1, 0, 41, 0)) / 2)
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
    // The standard error is 1/2 / sqrt(n).
    expect(Math.abs(mean - 0.5)).toBeLessThan((6 * 0.5) / Math.sqrt(100_000))
  })

  test('that ask for many numbers get them one after another', () => {
    const three: SamplerMeaning = {
      kind: 'function',
      name: 'three',
      sample: (_, { uniform, normal }) => [[uniform(), normal(), uniform()]],
    }
    const f = Sampler.par(fair, read(three, [], [real('Space', 3)]))
    const numbers = addressedRandomness(9, 1)
    numbers.goTo(4)
    const expected = [numbers.uniform(), numbers.normal(), numbers.uniform()]
    expect(valuesAt(draw(f, [], { seed: 9, count: 5 }), 4)[1]).toEqual(expected)
    expect(expected[2]).toBe(uniformAt(9, 1, 4, 3))
  })

  test('that break their promises throw, and say which', () => {
    const broken = (sampled: SamplerMeaning, codomain: Wires) => () =>
      draw(read(sampled, [], codomain), [], { seed: 1, count: 1 })
    const named = { kind: 'function' as const, name: 'broken' }
    expect(broken({ ...named, sample: () => [2] }, [Coin])).toThrow(
      "function 'broken', output 0: 2 is no element of Coin (2 elements)",
    )
    expect(broken({ ...named, sample: () => [[1, NaN]] }, [Plane])).toThrow(
      "function 'broken', output 0: [1, NaN] is no vector",
    )
    expect(broken({ ...named, sample: () => [] }, [Coin])).toThrow("function 'broken' gave 0 values for 1 outputs")
    expect(
      broken({ ...named, deterministic: true, sample: (_, { uniform }) => [uniform() < 0.5 ? 0 : 1] }, [Coin]),
    ).toThrow("function 'broken' is declared deterministic, and asks for a random number")
  })
})

describe('size', () => {
  test('a hundred thousand boxes in a row, bracketed to either side', () => {
    const depth = 100_000
    let left = fair
    let right = noisy
    for (let k = 0; k < depth; k++) left = Sampler.seq(left, noisy)
    for (let k = 1; k < depth; k++) right = Sampler.seq(noisy, right)
    right = Sampler.seq(fair, right)
    const options = { seed: 1, count: 4 }
    expect(Sampler.equals(left, right)).toBe(true)
    expect(Sampler.isDeterministic(left)).toBe(false)
    expect(sameSamples(draw(left, [], options), draw(right, [], options))).toBe(true)
  })

  test('and beside each other', () => {
    let wide = fair
    for (let k = 0; k < 14; k++) wide = Sampler.par(wide, wide)
    const { columns } = draw(wide, [], { seed: 1, count: 3 })
    expect(columns.length).toBe(2 ** 14)
    const heads = columns.reduce(
      (sum, column) => sum + (column.kind === 'finite' ? 3 - column.elements.reduce((a, b) => a + b, 0) : 0),
      0,
    )
    expect(Math.abs(heads - 1.5 * 2 ** 14)).toBeLessThan(6 * Math.sqrt(0.75 * 2 ** 14))
  })

  test('columns are used again without being mixed up', () => {
    // Wires of several shapes that live for long and short times; each output is a function of the input alone.
    const shift = read({ matrix: [[1]], shift: [1] }, [Line], [Line])
    let chain: SamplerMorphism = Sampler.par(Sampler.id([Coin]), Sampler.id([Line]))
    for (let k = 0; k < 50; k++) {
      const fork = Sampler.par(Sampler.par(negation, Sampler.copy([Line])), Sampler.id([]))
      const sum = read({ matrix: [[1, -1]], shift: [0] }, [Line, Line], [Line])
      const step = Sampler.par(Sampler.id([Coin]), Sampler.seq(Sampler.par(shift, Sampler.id([Line])), sum))
      const restored = Sampler.par(Sampler.id([Coin]), read({ matrix: [[1]], shift: [k] }, [Line], [Line]))
      chain = Sampler.seq(Sampler.seq(chain, Sampler.seq(fork, step)), restored)
    }
    // (x + 1) - x = 1, plus 49 in the last round.
    expect(valuesAt(draw(chain, [0, [7]], { seed: 1, count: 2 }), 1)).toEqual([0, [50]])
  })

  test('diagrams without boxes, and outputs that are inputs', () => {
    const diagram = seq(copy(Coin), par(id(Coin), copy(Coin)), par(swap(Coin, Coin), discard(Coin)))
    const wired = valueOf(interpret(Sampler, {})(diagram))
    expect(valuesAt(draw(wired, [1], { seed: 1, count: 3 }), 2)).toEqual([1, 1])
  })
})
