/** Boxes that are set to what was observed: the weights in closed form, and the rest drawn as the conditional draws it. */
import { type Either, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { finite, type Problem, real, showProblem, type Wires } from '../../../../dsl/index.js'
import { Sampler } from '../../../../src/category/sampler.js'
import { type ImportanceSamples, importanceSample } from '../../../../src/category/sampler/importance.js'
import type { SamplerMeaning } from '../../../../src/category/sampler/meaning.js'
import { rejectionSample } from '../../../../src/category/sampler/rejection.js'
import { sample } from '../../../../src/category/sampler/run.js'
import { type Samples, valuesAt } from '../../../../src/category/sampler/samples.js'
import { valueOf } from '../../../support/value-of.js'

const Coin = finite('Coin', ['heads', 'tails'])
const Die = finite('Die', 3)
const Line = real('Line', 1)
const Plane = real('Plane', 2)

const read = (meaning: SamplerMeaning, domain: Wires, codomain: Wires) =>
  valueOf(Sampler.read(meaning, domain, codomain, 'box'))
const problemOf = (result: Either<Problem, unknown>): readonly [kind: string, text: string] => {
  if (isRight(result)) throw new Error('expected a problem')
  return [result.left.kind, showProblem(result.left)]
}
const elementsOf = ({ columns }: Samples, port: number): readonly number[] => {
  const column = columns[port]
  if (column?.kind !== 'finite') throw new Error('expected a finite column')
  return [...column.elements]
}

describe('a row', () => {
  // (heads, 0) ... (tails, 2).
  const joint = read([[0.125, 0.25, 0.125, 0.0625, 0.1875, 0.25]], [], [Coin, Die])
  const options = { seed: 3, count: 2000, first: 70 }

  test('of which the first output is observed draws the second as the conditional does, number by number', () => {
    const given = valueOf(importanceSample(joint, [], [{ output: 0, observed: 'tails' }], options))
    const conditional = valueOf(sample(read([[0.125, 0.375, 0.5]], [], [Die]), [], options))
    expect(elementsOf(given.samples, 1)).toEqual(elementsOf(conditional, 0))
    expect(new Set(elementsOf(given.samples, 0))).toEqual(new Set([1]))
    expect(new Set(given.logWeights)).toEqual(new Set([Math.log(0.5)]))
    expect(given.logEvidence).toEqual({ kind: 'measurement', value: Math.log(0.5), standardError: 0 })
    expect(given.effectiveSampleSize).toBe(2000)
    expect(new Set(given.weights)).toEqual(new Set([1 / 2000]))
  })

  test('of which the second output is observed draws the first', () => {
    const given = valueOf(importanceSample(joint, [], [{ output: 1, observed: 2 }], options))
    const conditional = valueOf(sample(read([[1 / 3, 2 / 3]], [], [Coin]), [], options))
    expect(elementsOf(given.samples, 0)).toEqual(elementsOf(conditional, 0))
    expect(given.logEvidence.value).toBeCloseTo(Math.log(0.375), 14)
  })

  test('is drawn by its input: the weights are those of the rows', () => {
    const flip = read([[0.5, 0.5]], [], [Coin])
    const channel = read(
      [
        [0.75, 0.25],
        [0.125, 0.875],
      ],
      [Coin],
      [Coin],
    )
    const both = Sampler.seq(Sampler.seq(flip, Sampler.copy([Coin])), Sampler.par(Sampler.id([Coin]), channel))
    const given = valueOf(importanceSample(both, [], [{ output: 1, observed: 0 }], options))
    elementsOf(given.samples, 0).forEach((cause, draw) =>
      expect(given.logWeights[draw]).toBe(Math.log(cause === 0 ? 0.75 : 0.125)),
    )
    const causes = elementsOf(given.samples, 0).filter((cause) => cause === 0).length
    const [sum, squares] = [causes * 0.75 + (2000 - causes) * 0.125, causes * 0.75 ** 2 + (2000 - causes) * 0.125 ** 2]
    expect(given.effectiveSampleSize / (sum ** 2 / squares)).toBeCloseTo(1, 12)
    expect(given.logEvidence.value).toBeCloseTo(Math.log(sum / 2000), 12)
    // The delta method: the deviation of the weights beside their mean, over the root of the number of draws but one.
    const deviation = Math.sqrt(squares / 2000 - (sum / 2000) ** 2) / (sum / 2000)
    expect(given.logEvidence.standardError).toBeCloseTo(deviation / Math.sqrt(1999), 12)
  })
})

describe('a table', () => {
  test('of which one output is observed is compared there alone', () => {
    const flip = read([[0.5, 0.5]], [], [Coin])
    const table = read(
      {
        kind: 'finite-function',
        values: [
          [0, 2],
          [1, 0],
        ],
      },
      [Coin],
      [Coin, Die],
    )
    const options = { seed: 5, count: 1500 }
    const given = valueOf(
      importanceSample(Sampler.seq(flip, table), [], [{ output: 'Coin', observed: 'heads' }], options),
    )
    const drawn = valueOf(sample(Sampler.seq(flip, table), [], options))
    for (let draw = 0; draw < 1500; draw++) {
      const [coin] = valuesAt(drawn, draw)
      expect(given.logWeights[draw]).toBe(coin === 0 ? 0 : -Infinity)
      expect(valuesAt(given.samples, draw)).toEqual(valuesAt(drawn, draw))
    }
  })
})

describe('a Gaussian box', () => {
  // x = (1, 2) + L z with L = [2, 0; 1, 3], and y = x0 - x1 + 6 without noise of its own.
  const meaning = {
    shift: [1, 2, 5],
    covariance: [
      [4, 2, 2],
      [2, 10, -8],
      [2, -8, 10],
    ],
  }
  // At x = (3, -1): z = (1, -4/3).
  const logDensity = -Math.log(2 * Math.PI) - Math.log(6) - (1 + 16 / 9) / 2
  const evidenceOf = ({ logWeights, logEvidence }: ImportanceSamples): void => {
    for (const weight of logWeights) expect(weight).toBeCloseTo(logDensity, 13)
    expect(logEvidence.value).toBeCloseTo(logDensity, 13)
  }
  const options = { seed: 9, count: 40 }

  test('of which a vector is observed weighs by the density of its coordinates together', () => {
    const box = read(meaning, [], [Plane, Line])
    const given = valueOf(importanceSample(box, [], [{ output: 0, observed: [3, -1] }], options))
    evidenceOf(given)
    for (let draw = 0; draw < 40; draw++) {
      const [x, y] = valuesAt(given.samples, draw)
      expect(x).toEqual([3, -1])
      expect(y).toEqual([expect.closeTo(10, 12)])
    }
  })

  test('of which the first and the last wire are observed, and the one between is left', () => {
    const order = [0, 2, 1]
    const moved = {
      shift: order.map((i) => meaning.shift[i]!),
      covariance: order.map((i) => order.map((j) => meaning.covariance[i]![j]!)),
    }
    const evidence = [
      { output: 2, observed: [-1] },
      { output: 0, observed: [3] },
    ]
    const given = valueOf(importanceSample(read(moved, [], [Line, Line, Line]), [], evidence, options))
    evidenceOf(given)
    for (let draw = 0; draw < 40; draw++)
      expect(valuesAt(given.samples, draw)).toEqual([[3], [expect.closeTo(10, 12)], [-1]])
  })

  test('draws what is left by the numbers of its own draw, whatever was observed', () => {
    // Independent coordinates: the rest is 4 + 2 z with the normal number that the box alone would take.
    const pair = read(
      {
        shift: [0, 4],
        covariance: [
          [1, 0],
          [0, 4],
        ],
      },
      [],
      [Line, Line],
    )
    const single = read({ shift: [4], covariance: [[4]] }, [], [Line])
    const many = { seed: 2, count: 1200, first: 30 }
    const given = valueOf(importanceSample(pair, [], [{ output: 0, observed: [1] }], many))
    const alone = valueOf(sample(single, [], many))
    for (let draw = 0; draw < 1200; draw++) expect(valuesAt(given.samples, draw)[1]).toEqual(valuesAt(alone, draw)[0])
    for (const weight of given.logWeights) expect(weight).toBeCloseTo(-0.5 - Math.log(2 * Math.PI) / 2, 14)
  })

  test('a copy of an observed vector has the same value or none', () => {
    const copied = Sampler.seq(
      read(
        {
          covariance: [
            [1, 0],
            [0, 1],
          ],
        },
        [],
        [Plane],
      ),
      Sampler.copy([Plane]),
    )
    const both = (second: readonly number[]) =>
      importanceSample(
        copied,
        [],
        [
          { output: 0, observed: [1, 2] },
          { output: 1, observed: second },
        ],
        options,
      )
    expect(valueOf(both([1, 2])).logEvidence.value).toBeCloseTo(-Math.log(2 * Math.PI) - 2.5, 14)
    for (const other of [
      [1, 3],
      [2, 2],
      [2, 1],
    ]) {
      const [kind, text] = problemOf(both(other))
      expect(kind).toBe('impossible-evidence')
      expect(text).toContain(`it is observed as ${other.join()}, and it is a copy of an output that is 1,2`)
    }
  })
})

test('a copy of an observed element has the same element or none', () => {
  const copied = Sampler.seq(read([[0.75, 0.25]], [], [Coin]), Sampler.copy([Coin]))
  const both = (second: number) =>
    importanceSample(
      copied,
      [],
      [
        { output: 0, observed: 1 },
        { output: 1, observed: second },
      ],
      { seed: 1, count: 10 },
    )
  expect(valueOf(both(1)).logEvidence.value).toBe(Math.log(0.25))
  expect(problemOf(both(0))).toEqual([
    'impossible-evidence',
    'output 1: it is observed as 0, and it is a copy of an output that is 1; give a wire one value only',
  ])
})

test('a vector without a density is named by its output', () => {
  const evidence = [{ output: 1, observed: [0] }]
  const half = read(
    {
      covariance: [
        [1, 0],
        [0, 0],
      ],
    },
    [],
    [Line, Line],
  )
  const written = read({ kind: 'function', name: 'zeros', sample: () => [[0], [0]] }, [], [Line, Line])
  for (const box of [half, written])
    expect(problemOf(importanceSample(box, [], evidence, { seed: 1, count: 1 }))).toEqual([
      'unsupported',
      'output 1, Line (R^1): it does not come straight from a Gaussian box that gives it a density; ' +
        'observe an output that does, or give its box noise in every direction',
    ])
})

describe('before anything is drawn', () => {
  const channel = read(
    [
      [0.75, 0.25],
      [0.125, 0.875],
    ],
    [Coin],
    [Coin],
  )
  const evidence = [{ output: 0, observed: 0 }]

  test.each([
    ['rejection', rejectionSample],
    ['importance sampling', importanceSample],
  ] as const)('%s checks inputs, options and evidence', (_, draw) => {
    const options = { seed: 1, count: 1 }
    expect(problemOf(draw(channel, [], evidence, options))[1]).toBe(
      'inputs: there are 0 values; give one for each of the 1 inputs',
    )
    expect(problemOf(draw(channel, [0], evidence, { seed: -1, count: 1 }))[1]).toBe(
      'seed: -1 does not do; give a whole number from 0 to 4294967295',
    )
    expect(problemOf(draw(channel, [0], [{ output: 0, observed: 2 }], options))[1]).toMatch(
      /^output '0': 2 is no element of Coin/,
    )
  })
})

describe('rejection', () => {
  test('keeps the draws that agree, vectors too, and estimates by their share', () => {
    const flip = read([[0.75, 0.25]], [], [Coin])
    const point = read(
      {
        shift: [1, -1],
        covariance: [
          [1, 0],
          [0, 4],
        ],
      },
      [],
      [Plane],
    )
    const both = Sampler.par(flip, point)
    const options = { seed: 4, count: 300 }
    const { samples, draws, evidence } = valueOf(rejectionSample(both, [], [{ output: 0, observed: 'tails' }], options))
    const all = valueOf(sample(both, [], options))
    const kept = Array.from({ length: 300 }, (_, draw) => valuesAt(all, draw)).filter(([coin]) => coin === 1)
    expect(Array.from({ length: samples.count }, (_, draw) => valuesAt(samples, draw))).toEqual(kept)
    expect([draws, samples.columns.length]).toEqual([300, 2])
    const share = kept.length / 300
    expect(share).toBeGreaterThan(0.15)
    expect(share).toBeLessThan(0.35)
    expect(evidence).toEqual({
      kind: 'measurement',
      value: share,
      standardError: Math.sqrt((share * (1 - share)) / 300),
    })
  })
})
