/** Evidence on the outputs of diagrams: against the matrix of the whole, and where no such matrix could be built. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  box,
  copy,
  type Diagram,
  diagramOf,
  discard,
  finite,
  id,
  par,
  permute,
  real,
  seq,
  state,
  type WiredBox,
} from '../../../dsl/index.js'
import { observe } from '../../../src/category/evidence.js'
import { FinStoch, stochasticMap } from '../../../src/category/fin-stoch.js'
import { FinStochExact } from '../../../src/category/fin-stoch-exact.js'
import { elementNumber, elementTuple } from '../../../src/category/finite-element.js'
import { ratio } from '../../../src/category/rational.js'
import { type Evidence, observeDiagram } from '../../../src/inference/evidence.js'
import { interpret } from '../../../src/interpret.js'
import { meantDiagram } from '../../support/finite-diagram.js'
import { valueOf } from '../../support/value-of.js'

const arithmetics = ['probabilities', 'logarithms'] as const

test('random diagrams: as their matrices say, in both arithmetics', () => {
  const counts = { possible: 0, impossible: 0 }
  fc.assert(
    fc.property(meantDiagram, fc.array(fc.nat(99), { minLength: 8, maxLength: 8 }), ({ diagram, meanings }, picks) => {
      const whole = valueOf(interpret(FinStoch, meanings)(diagram))
      const inputs = whole.domain.map((size, port) => picks[port]! % size)
      const ports = whole.codomain.map((_, port) => port)
      const observed = ports.filter((port) => picks[port + 2]! % 3 !== 0)
      const evidence = observed.map((output): Evidence => ({
        output,
        observed: picks[7 - output]! % whole.codomain[output]!,
      }))
      // The observed outputs first, by a permutation of the codomain.
      const order = [...observed, ...ports.filter((port) => !observed.includes(port))]
      const reordered = order.map((port) => whole.codomain[port]!)
      const permuted = stochasticMap(whole.codomain, reordered, (element) => {
        const tuple = elementTuple(whole.codomain, element)
        return elementNumber(
          reordered,
          order.map((port) => tuple[port]!),
        )
      })
      const wanted = observe(FinStoch.seq(whole, permuted), {
        object: reordered.slice(0, observed.length),
        observed: evidence.map((item) => Number(item.observed)),
        input: inputs,
      })
      counts[wanted._tag === 'Right' ? 'possible' : 'impossible'] += 1
      for (const arithmetic of arithmetics) {
        const found = observeDiagram(diagram, meanings, evidence, { inputs, arithmetic })
        if (wanted._tag === 'Left') expect(found).toMatchObject({ left: { kind: 'impossible-evidence' } })
        else {
          const { distribution, logEvidence } = valueOf(found)
          expect(distribution.codomain).toEqual(wanted.right.distribution.codomain)
          distribution.entries.forEach((entry, element) =>
            expect(entry).toBeCloseTo(wanted.right.distribution.entries[element]!, 13),
          )
          expect(logEvidence).toBeCloseTo(wanted.right.logEvidence, 13)
        }
      }
    }),
    { numRuns: 600 },
  )
  expect(Math.min(counts.possible, counts.impossible)).toBeGreaterThan(80)
})

const State = finite('State', ['here', 'gone'])
const chain = (links: readonly Diagram[]): Diagram => seq(state('start', [State]), ...links)
const link = box('link', [State], [State])
const leave = [
  [1e-3, 1 - 1e-3],
  [0, 1],
]
const here = [{ output: 'State', observed: 'here' }]

describe('a chain of 200 boxes of probability 1e-3', () => {
  const meanings = {
    start: [[1, 0]],
    link: leave,
    lost: [
      [0, 1],
      [0, 1],
    ],
  }
  const long = chain(new Array<Diagram>(200).fill(link))

  test('1e-600 is underflow for probabilities', () => {
    // In the matrix it is zero, and so the matrix alone says that it is impossible.
    const whole = valueOf(interpret(FinStoch, meanings)(long))
    expect(whole.entries[0]).toBe(0)
    expect(observe(whole, { object: [2], observed: 0 })).toMatchObject({ left: { kind: 'impossible-evidence' } })
    const found = observeDiagram(long, meanings, here)
    expect(found).toMatchObject({ left: { kind: 'underflow', where: 'evidence State = here' } })
    expect(JSON.stringify(found)).toContain('FinStochExact')
  })

  test('the exact category has it', () => {
    const exact = valueOf(
      interpret(FinStochExact, {
        start: [[1, 0]],
        link: [
          ['1/1000', '999/1000'],
          [0, 1],
        ],
      })(long),
    )
    const wanted = valueOf(FinStochExact.read([['1e-600', ratio(10n ** 600n - 1n, 10n ** 600n)]], [], [2], 'wanted'))
    expect(FinStochExact.equals(exact, wanted)).toBe(true)
  })

  test('its logarithm is held', () => {
    const { logEvidence } = valueOf(observeDiagram(long, meanings, here, { arithmetic: 'logarithms' }))
    expect(logEvidence).toBeCloseTo(-600 * Math.LN10, 9)
  })

  test('exact zero is impossible: one box in the middle from which there is no way', () => {
    const links = new Array<Diagram>(200).fill(link)
    links[100] = box('lost', [State], [State])
    for (const arithmetic of arithmetics)
      expect(observeDiagram(chain(links), meanings, here, { arithmetic })).toMatchObject({
        left: { kind: 'impossible-evidence', where: 'evidence State = here' },
      })
  })

  test('a chain that doubles do hold', () => {
    const short = chain(new Array<Diagram>(100).fill(link))
    for (const arithmetic of arithmetics)
      expect(valueOf(observeDiagram(short, meanings, here, { arithmetic })).logEvidence).toBeCloseTo(
        -300 * Math.LN10,
        9,
      )
  })

  test('where some but not all of the evidence was lost, the posterior is refused', () => {
    // Two ways to one observation: through the chain, 1e-600, or by a box that gives 1e-310.
    const Way = finite('Way', 2)
    const diagram = seq(long, box('report', [State], [Way, State]))
    const report = {
      report: [
        [0.5, 0, 0.5, 0],
        [1e-310, 0, 0, 1],
      ],
    }
    const both = observeDiagram(diagram, { ...meanings, ...report }, [{ output: 1, observed: 'here' }])
    // The first element of Way carries 1e-310 + 0.5e-600, the second 0.5e-600.
    const held = valueOf(both)
    expect(held.distribution.entries[0]).toBe(1)
    expect(held.logEvidence).toBeCloseTo(-310 * Math.LN10, 9)
    // A subnormal number has too few digits for the budget.
    const coarse = { report: [report.report[0]!, [1e-318, 0, 0, 1]] }
    expect(observeDiagram(diagram, { ...meanings, ...coarse }, [{ output: 1, observed: 'here' }])).toMatchObject({
      left: { kind: 'underflow' },
    })
    // With the second element observed too, all that is left has been lost.
    const second = [
      { output: 'Way', observed: 1 },
      { output: 'State', observed: 'here' },
    ]
    expect(observeDiagram(diagram, { ...meanings, ...report }, second)).toMatchObject({ left: { kind: 'underflow' } })
    const logarithmic = observeDiagram(diagram, { ...meanings, ...report }, second, { arithmetic: 'logarithms' })
    expect(valueOf(logarithmic).logEvidence).toBeCloseTo(-600 * Math.LN10 - Math.LN2, 9)
  })
})

describe('a hidden Markov chain with thousands of observed outputs', () => {
  const Hidden = finite('Hidden', 3)
  const Seen = finite('Seen', 2)
  const rows = {
    start: [[0.5, 0.25, 0.25]],
    move: [
      [0.8, 0.1, 0.1],
      [0.2, 0.7, 0.1],
      [0.05, 0.05, 0.9],
    ],
    see: [
      [0.9, 0.1],
      [0.4, 0.6],
      [0.2, 0.8],
    ],
  }
  /** With the last hidden state as the first output the normal form has all moves before what is seen, otherwise in turn. */
  const hiddenChain = (steps: number, place: 'first' | 'last'): Diagram => {
    const boxes: WiredBox[] = [{ box: state('start', [Hidden]), inputs: [], firstOutput: 0 }]
    const wires: (typeof Hidden | typeof Seen)[] = [Hidden]
    const seen: number[] = []
    let hidden = 0
    for (let step = 0; step < steps; step++) {
      seen.push(wires.length)
      boxes.push({ box: box('see', [Hidden], [Seen]), inputs: [hidden], firstOutput: wires.length })
      wires.push(Seen)
      boxes.push({ box: box('move', [Hidden], [Hidden]), inputs: [hidden], firstOutput: wires.length })
      hidden = wires.length
      wires.push(Hidden)
    }
    return diagramOf({
      wires,
      inputCount: 0,
      boxes,
      outputs: place === 'first' ? [hidden, ...seen] : [...seen, hidden],
    })
  }
  const signal = (step: number): number => Number((step * step * 7 + step) % 5 < 2)
  const observed = (steps: number, place: 'first' | 'last'): readonly Evidence[] =>
    Array.from({ length: steps }, (_, step) => ({
      output: place === 'first' ? step + 1 : step,
      observed: signal(step),
    }))

  test.each(['first', 'last'] as const)('the filter, against the forward recursion; its output %s', (place) => {
    const steps = 2000
    let forward = rows.start[0]!
    let logEvidence = 0
    for (let step = 0; step < steps; step++) {
      const weighted = forward.map((weight, h) => weight * rows.see[h]![signal(step)]!)
      const total = weighted.reduce((sum, weight) => sum + weight, 0)
      logEvidence += Math.log(total)
      forward = [0, 1, 2].map((to) =>
        weighted.reduce((sum, weight, h) => sum + (weight / total) * rows.move[h]![to]!, 0),
      )
    }
    expect(logEvidence).toBeLessThan(-1000)
    for (const arithmetic of arithmetics) {
      const given = valueOf(observeDiagram(hiddenChain(steps, place), rows, observed(steps, place), { arithmetic }))
      expect(given.distribution.codomain).toEqual([3])
      given.distribution.entries.forEach((entry, h) => expect(entry).toBeCloseTo(forward[h]!, 11))
      expect(Math.abs(given.logEvidence / logEvidence - 1)).toBeLessThan(1e-12)
    }
  })

  test('what would need a table of 2^40 entries is refused, not attempted', () => {
    const wide = seq(par(...new Array<Diagram>(40).fill(state('coin', [Seen]))), discardAllBut(40))
    expect(observeDiagram(wide, { coin: [[0.5, 0.5]] }, [])).toMatchObject({ right: { logEvidence: 0 } })
    const whole = par(...new Array<Diagram>(40).fill(state('coin', [Seen])))
    expect(observeDiagram(whole, { coin: [[0.5, 0.5]] }, [])).toMatchObject({ left: { kind: 'unsupported' } })
  })

  const discardAllBut = (count: number): Diagram => par(id(Seen), ...new Array<Diagram>(count - 1).fill(discard(Seen)))
})

describe('outputs that share wires, inputs, names', () => {
  const Coin = finite('Coin', ['heads', 'tails'])
  const Other = finite('Other', 2)

  test('a copied coin: one side seen is the other known; two sides that differ are impossible', () => {
    const both = seq(state('coin', [Coin]), copy(Coin))
    const meanings = { coin: [[0.25, 0.75]] }
    const given = valueOf(observeDiagram(both, meanings, [{ output: 1, observed: 'tails' }]))
    expect(Array.from(given.distribution.entries)).toEqual([0, 1])
    expect(given.logEvidence).toBe(Math.log(0.75))
    const unseen = valueOf(observeDiagram(both, meanings, []))
    expect(Array.from(unseen.distribution.entries)).toEqual([0.25, 0, 0, 0.75])
    const twice = [
      { output: 0, observed: 'heads' },
      { output: 1, observed: 'tails' },
    ]
    expect(observeDiagram(both, meanings, twice)).toMatchObject({ left: { kind: 'impossible-evidence' } })
  })

  test('an input that is an output', () => {
    const diagram = permute([Coin, Other], [1, 0])
    const options = { inputs: ['tails', 0] }
    const given = valueOf(observeDiagram(diagram, {}, [{ output: 'Coin', observed: 1 }], options))
    expect([given.distribution.codomain, Array.from(given.distribution.entries), given.logEvidence]).toEqual([
      [2],
      [1, 0],
      0,
    ])
    expect(observeDiagram(diagram, {}, [{ output: 'Coin', observed: 0 }], options)).toMatchObject({
      left: { kind: 'impossible-evidence' },
    })
  })

  test('names of outputs may be given', () => {
    const two = par(state('coin', [Coin]), state('coin', [Coin]))
    const meanings = { coin: [[0.25, 0.75]] }
    const seen = [{ output: 'second', observed: 'heads' }]
    const given = valueOf(observeDiagram(two, meanings, seen, { names: ['first', 'second'] }))
    expect(given.logEvidence).toBe(Math.log(0.25))
    expect(Array.from(given.distribution.entries)).toEqual([0.25, 0.75])
  })

  test.each<[string, readonly Evidence[], object]>([
    ['an unknown output', [{ output: 'Die', observed: 0 }], { kind: 'unknown-name', where: "output 'Die'" }],
    ['an output by a number that is none', [{ output: 3, observed: 0 }], { kind: 'out-of-range', where: 'output 3' }],
    [
      'an unknown element',
      [{ output: 'Coin', observed: 'edge' }],
      { kind: 'unknown-name', where: "output 'Coin'", remedy: 'the elements are heads, tails' },
    ],
    [
      'a number that is no element',
      [{ output: 'Coin', observed: 2 }],
      { kind: 'invalid-value', where: "output 'Coin'", what: '2 is no element of a set of 2' },
    ],
  ])('%s is a problem', (_, evidence, wanted) => {
    expect(observeDiagram(state('coin', [Coin]), { coin: [[0.5, 0.5]] }, evidence)).toMatchObject({ left: wanted })
  })

  test('so are a missing meaning, a missing input, and a wire that is not finite', () => {
    const seen = [{ output: 'Coin', observed: 0 }]
    expect(observeDiagram(state('coin', [Coin]), {}, seen)).toMatchObject({ left: { kind: 'missing-meaning' } })
    expect(observeDiagram(id(Coin), {}, seen)).toMatchObject({ left: { kind: 'invalid-value', where: 'inputs' } })
    const vector = seq(state('v', [real('V', 2)]), box('f', [real('V', 2)], [Coin]))
    expect(observeDiagram(vector, {}, seen)).toMatchObject({ left: { kind: 'unsupported' } })
  })

  test('a box that contains a diagram is opened where it has no meaning of its own', () => {
    const inner = seq(state('coin', [Coin]), copy(Coin))
    const outer = box('pair', [], [Coin, Coin], { body: inner })
    const given = valueOf(observeDiagram(outer, { coin: [[0.25, 0.75]] }, [{ output: 0, observed: 'heads' }]))
    expect(Array.from(given.distribution.entries)).toEqual([1, 0])
    const own = { pair: [[0.25, 0.25, 0.25, 0.25]] }
    expect(
      Array.from(valueOf(observeDiagram(outer, own, [{ output: 0, observed: 'heads' }])).distribution.entries),
    ).toEqual([0.5, 0.5])
  })
})
