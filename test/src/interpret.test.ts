/** The functor from diagrams to a category: it preserves what diagrams are made of, and gives equal diagrams equal meanings. */
import * as fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  box,
  copy,
  type Diagram,
  discard,
  finite,
  id,
  normalForm,
  par,
  permute,
  type Problem,
  program,
  real,
  seq,
  showProblem,
  state,
  swap,
  type Wires,
} from '../../dsl/index.js'
import { diagrams, equalDiagrams } from '../../laws/index.js'
import { distance, FinStoch, type Rows, type StochasticMatrix } from '../../src/category/fin-stoch.js'
import type { FiniteObject } from '../../src/category/finite-object.js'
import { interpret, type Meanings } from '../../src/interpret.js'
import { genericMeanings } from '../support/generic-meaning.js'
import { valueOf } from '../support/value-of.js'

const Rain = finite('Rain', ['no', 'yes'])
const Sprinkler = finite('Sprinkler', ['off', 'on'])
const Grass = finite('Grass', ['dry', 'wet'])
const rain = state('rain', [Rain])
const sprinkler = box('sprinkler', [Rain], [Sprinkler])
const grass = box('grass', [Sprinkler, Rain], [Grass])
const meanings: Meanings<Rows> = {
  rain: [[0.8, 0.2]],
  sprinkler: [
    [0.6, 0.4],
    [0.99, 0.01],
  ],
  grass: [
    [1, 0],
    [0.2, 0.8],
    [0.1, 0.9],
    [0.01, 0.99],
  ],
}
const meaningOf = (diagram: Diagram, given: Meanings<Rows> = meanings): StochasticMatrix =>
  valueOf(interpret(FinStoch, given)(diagram))
const problemOf = (diagram: Diagram, given: Meanings<Rows>): Problem => {
  const result = interpret(FinStoch, given)(diagram)
  if (isRight(result)) throw new Error('expected a problem')
  return result.left
}
const closeTo = (numbers: readonly number[]) => numbers.map((value): unknown => expect.closeTo(value, 14))

describe('known numbers', () => {
  const joint = program([], () => {
    const [r] = rain()
    const [s] = sprinkler(r)
    const [g] = grass(s, r)
    return [r, s, g]
  })

  test('the joint law of a Bayesian network', () => {
    // P(r, s, g) = P(r) P(s | r) P(g | s, r), in the order of the outputs.
    const [[p], [s0, s1], rows] = [meanings['rain']!, meanings['sprinkler']!, meanings['grass']!]
    const expected = [0, 1].flatMap((r) =>
      [0, 1].flatMap((s) => [0, 1].map((g) => p![r]! * (r === 0 ? s0! : s1!)[s]! * rows[2 * s + r]![g]!)),
    )
    expect([...meaningOf(joint).entries]).toEqual(closeTo(expected))
  })

  test('the chance of wet grass', () => {
    // 0.8 (0.6 * 0 + 0.4 * 0.9) + 0.2 (0.99 * 0.8 + 0.01 * 0.99) = 0.44838.
    const wet = seq(joint, par(discard(Rain), discard(Sprinkler), id(Grass)))
    expect([...meaningOf(wet).entries]).toEqual(closeTo([0.55162, 0.44838]))
  })

  test('the marginal is that of the diagram without what is discarded', () => {
    const early = meaningOf(seq(rain, sprinkler))
    const late = meaningOf(seq(joint, par(discard(Rain), id(Sprinkler), discard(Grass))))
    expect(distance(early, late)).toBeLessThan(1e-15)
    expect([...early.entries]).toEqual(closeTo([0.678, 0.322]))
  })
})

describe('structure is preserved', () => {
  const A = finite('A', 2)
  const B = finite('B', 3)
  const signature = [box('f', [A], [B]), box('g', [B, A], [A, B]), state('s', [B]), box('e', [B], [])]
  const given = genericMeanings(signature, [A, B], 7)
  const meaning = (diagram: Diagram): StochasticMatrix => meaningOf(diagram, given)
  const objects = fc.array(fc.constantFrom(A, B), { maxLength: 2 })
  const objectOf = (wires: Wires): FiniteObject => wires.flatMap((wire) => valueOf(FinStoch.objectOf(wire)))
  const same = (left: StochasticMatrix, right: StochasticMatrix): void => {
    expect([left.domain, left.codomain]).toEqual([right.domain, right.codomain])
    expect(distance(left, right)).toBeLessThan(1e-12)
  }

  test('identities, copies, discards and swaps', () => {
    fc.assert(
      fc.property(objects, objects, (a, b) => {
        same(meaning(id(...a)), FinStoch.id(objectOf(a)))
        same(meaning(copy(...a)), FinStoch.copy(objectOf(a)))
        same(meaning(discard(...a)), FinStoch.discard(objectOf(a)))
        same(meaning(swap<Wires, Wires>(a, b)), FinStoch.swap(objectOf(a), objectOf(b)))
      }),
    )
  })

  test('composites', () => {
    fc.assert(
      fc.property(
        fc
          .tuple(objects, objects, objects)
          .chain(([a, b, c]) => fc.tuple(diagrams(signature, a, b), diagrams(signature, b, c))),
        ([f, g]) => same(meaning(seq(f, g)), FinStoch.seq(meaning(f), meaning(g))),
      ),
    )
  })

  test('tensor products', () => {
    fc.assert(
      fc.property(
        fc
          .tuple(objects, objects, objects)
          .chain(([a, b, c]) => fc.tuple(diagrams(signature, a, b), diagrams(signature, b, c))),
        ([f, g]) => same(meaning(par(f, g)), FinStoch.par(meaning(f), meaning(g))),
      ),
    )
  })

  test('every result is stochastic', () => {
    fc.assert(
      fc.property(diagrams(signature, [A, B], [B, A]), (f) => {
        expect(isRight(FinStoch.validate(meaning(f)))).toBe(true)
      }),
    )
  })

  test('equal diagrams mean the same, and so does the normal form', () => {
    fc.assert(
      fc.property(equalDiagrams(signature, [A], [B, A]), ([f, g]) => {
        same(meaning(f), meaning(g))
        const { boxes, outputs } = normalForm(f)
        same(
          meaning({
            kind: 'program',
            steps: boxes.map((wired) => ({ diagram: wired.box, reads: wired.inputs })),
            returns: outputs,
            inputs: f.inputs,
            outputs: f.outputs,
          }),
          meaning(f),
        )
      }),
    )
  })

  test('a permutation sends element x of input order[k] to output k', () => {
    const sizes = [2, 3, 2, 2]
    const wires = sizes.map((size, index) => finite(`W${index}`, size))
    const orders = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(orders, (order) => {
        const { codomain, entries } = meaningOf(permute(wires, order), {})
        expect(codomain).toEqual(order.map((index) => sizes[index]))
        for (let x = 0; x < 24; x++) {
          const digits = sizes.map(
            (size, index) =>
              Math.floor(x / sizes.slice(index + 1).reduce((product, other) => product * other, 1)) % size,
          )
          const y = order.reduce((number, index) => number * sizes[index]! + digits[index]!, 0)
          expect(entries[x * 24 + y]).toBe(1)
        }
      }),
    )
  })
})

describe('problems', () => {
  test('a box without a meaning is named, with its type and the names that are there', () => {
    const problem = problemOf(seq(rain, sprinkler), { rain: [[1, 0]], sprinkle: [[1, 0]] })
    expect(problem.kind).toBe('missing-meaning')
    expect(showProblem(problem)).toBe(
      "box 'sprinkler' : Rain -> Sprinkler: it has no meaning; add one under its name; the given names are rain, sprinkle",
    )
    expect(showProblem(problemOf(rain, {}))).toBe("box 'rain' : I -> Rain: it has no meaning; add one under its name")
  })

  test('names that every object inherits are not meanings', () => {
    expect(problemOf(state('toString', [Rain]), {}).kind).toBe('missing-meaning')
    expect(problemOf(state('__proto__', [Rain]), {}).kind).toBe('missing-meaning')
  })

  test('a meaning of the wrong shape', () => {
    expect(showProblem(problemOf(sprinkler, { sprinkler: [[1, 0]] }))).toBe(
      "box 'sprinkler': it has 1 rows; give one row for each of the 2 inputs",
    )
    expect(showProblem(problemOf(grass, { grass: [[1, 0], [1, 0], [1], [1, 0]] }))).toBe(
      "box 'grass', row 2: the row has 1 entries; give one probability for each of the 2 outputs",
    )
  })

  test('a meaning that is no kernel', () => {
    expect(showProblem(problemOf(rain, { rain: [[0.8, 0.3]] }))).toBe(
      "box 'rain', row 0: the row sums to 1.1; make every row sum to one",
    )
  })

  test('a box that is declared deterministic and is not', () => {
    const gate = box('gate', [Rain], [Grass], { deterministic: true })
    const given = (wet: number): Meanings<Rows> => ({
      gate: [
        [1, 0],
        [1 - wet, wet],
      ],
    })
    expect(showProblem(problemOf(gate, given(0.9)))).toBe(
      "box 'gate': the box is declared deterministic, but its meaning is not; give a deterministic meaning, or drop the flag",
    )
    expect([...meaningOf(gate, given(1)).entries]).toEqual([1, 0, 0, 1])
  })

  test('a wire that the category has no object for', () => {
    const hidden = real('Hidden', 8)
    expect(problemOf(id(hidden), {})).toMatchObject({ kind: 'unsupported', where: 'wire Hidden (R^8)' })
    expect(problemOf(state('h', [hidden]), { h: [[1]] }).kind).toBe('unsupported')
    expect(problemOf(permute([hidden, Rain], [1, 0]), {}).kind).toBe('unsupported')
  })

  test('the first one, from left to right, and also in what is discarded', () => {
    const twice = par(seq(rain, discard(Rain)), sprinkler)
    expect(problemOf(twice, {}).where).toContain("'rain'")
    expect(problemOf(twice, { rain: meanings['rain']! }).where).toContain("'sprinkler'")
  })
})

describe('boxes that contain diagrams', () => {
  const twice = box('twice', [Rain], [Rain], { body: seq(box('day', [Rain], [Rain]), box('day', [Rain], [Rain])) })
  const day: Rows = [
    [0.75, 0.25],
    [0.5, 0.5],
  ]

  test('mean what they contain', () => {
    // 0.75^2 + 0.25 0.5 = 0.6875, 0.5 0.75 + 0.5 0.5 = 0.625.
    expect([...meaningOf(twice, { day }).entries]).toEqual([0.6875, 0.3125, 0.625, 0.375])
  })

  test('or what they are given', () => {
    expect([
      ...meaningOf(twice, {
        day,
        twice: [
          [1, 0],
          [0, 1],
        ],
      }).entries,
    ]).toEqual([1, 0, 0, 1])
  })
})

describe('deep diagrams', () => {
  const A = finite('A', 2)
  const step = box('step', [A], [A])
  // The chain 0 -> 1 with probability 1/4 and 1 -> 0 with 1/8 rests at (1/3, 2/3).
  const given: Meanings<Rows> = {
    step: [
      [0.75, 0.25],
      [0.125, 0.875],
    ],
  }

  test.each(['left', 'right', 'flat'] as const)('20,000 boxes, %s', (shape) => {
    let chain: Diagram = step
    if (shape === 'flat') chain = seq(step, ...new Array<typeof step>(19_999).fill(step))
    else for (let k = 1; k < 20_000; k++) chain = shape === 'left' ? seq(chain, step) : seq(step, chain)
    expect([...meaningOf(chain, given).entries]).toEqual(
      [1 / 3, 2 / 3, 1 / 3, 2 / 3].map((value): unknown => expect.closeTo(value, 10)),
    )
  })
})
