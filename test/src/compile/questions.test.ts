/** Evidence, marginals, most likely values, varying meanings: on every backend, against the joint distribution of the interpreter. */
import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'

import { box, cardinality, copy, type Diagram, finite, id, par, seq, sequence, type Wires } from '../../../dsl/index.js'
import { FinStoch, type Rows } from '../../../src/category/fin-stoch.js'
import { chooseBackend } from '../../../src/compile/backend.js'
import { compile } from '../../../src/compile/evaluate.js'
import type { CompileOptions } from '../../../src/compile/evaluator.js'
import type { Evaluation } from '../../../src/compile/evaluation.js'
import { finiteFunction } from '../../../src/compile/meaning.js'
import { interpret } from '../../../src/interpret.js'
import { meantDiagram } from '../../support/finite-diagram.js'
import { valueOf } from '../../support/value-of.js'

const candidates = ['cpu', 'webasm', 'webgpu', 'onnx'] as const
const present = new Set<string>()
for (const name of candidates) if (isRight(await chooseBackend(name))) present.add(name)

const sizesOf = (wires: Wires): readonly number[] => wires.map((wire) => cardinality(wire)!)
const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1)
const digits = (element: number, sizes: readonly number[]): readonly number[] =>
  sizes.map((size, place) => Math.floor(element / product(sizes.slice(place + 1))) % size)

/** All inputs of a diagram as a batch, wire by wire. */
const allInputs = (wires: Wires): readonly (readonly number[])[] => {
  const sizes = sizesOf(wires)
  const members = Array.from({ length: product(sizes) }, (_, element) => digits(element, sizes))
  return sizes.map((_, port) => members.map((member) => member[port]!))
}

/** The weight of each element of the outputs that agrees with what was observed, from the interpreter's row. */
const agreeing = (
  row: ArrayLike<number>,
  outputs: Wires,
  observed: readonly number[],
  seen: readonly number[],
): readonly { readonly elements: readonly number[]; readonly weight: number }[] =>
  Array.from(row)
    .map((weight, element) => ({ weight, elements: digits(element, sizesOf(outputs)) }))
    .filter(({ elements }) => observed.every((port, place) => elements[port] === seen[place]))

interface Asked {
  readonly diagram: Diagram
  readonly meanings: Readonly<Record<string, Rows>>
  readonly observed: readonly number[]
  readonly picks: readonly number[]
}

/** A diagram, some of its outputs, and for each what is seen of it at each input. */
const asked: fc.Arbitrary<Asked> = meantDiagram.chain(({ diagram, meanings }) =>
  fc.record({
    diagram: fc.constant(diagram),
    meanings: fc.constant(meanings),
    observed: fc.subarray(diagram.outputs.map((_, port) => port)),
    picks: fc.array(fc.nat(6), { minLength: 8, maxLength: 8 }),
  }),
)

/** More cases are asked for by MARKOVCAT_RANDOM_DIAGRAMS. */
const asMany = Number(process.env['MARKOVCAT_RANDOM_DIAGRAMS'] ?? 120)
const runs = (backend: string): number => (backend === 'webgpu' ? Math.ceil(asMany / 10) : asMany)

/** Both the float64 reference and the kernels, with how far they may be from the truth. */
const both = async (
  diagram: Diagram,
  meanings: Readonly<Record<string, Rows>>,
  options: CompileOptions,
  check: (evaluation: Evaluation, tolerance: number, inputs: readonly (readonly number[])[]) => void,
  evidence: readonly (readonly number[])[],
): Promise<void> => {
  const evaluator = valueOf(await compile(diagram, meanings, options))
  const inputs = allInputs(diagram.inputs)
  const batch = inputs[0]?.length ?? 1
  try {
    check(valueOf(evaluator.reference(inputs, { evidence, batch })), 1e-12, inputs)
    check(valueOf(await evaluator.run(inputs, { evidence, batch })), 4e-6, inputs)
  } finally {
    await evaluator.dispose()
  }
}

const evidenceOf = ({ diagram, observed, picks }: Asked): readonly (readonly number[])[] => {
  const batch = product(sizesOf(diagram.inputs))
  return observed.map((port, place) =>
    Array.from(
      { length: batch },
      (_, member) => picks[(3 * place + member) % 8]! % cardinality(diagram.outputs[port]!)!,
    ),
  )
}

describe.each(candidates)('backend %s', (backend) => {
  const run = test.skipIf(!present.has(backend))

  run('the joint distribution given evidence, and its probability', async () => {
    await fc.assert(
      fc.asyncProperty(asked, async (question) => {
        const { diagram, meanings, observed } = question
        const exact = valueOf(interpret(FinStoch, meanings)(diagram))
        const evidence = evidenceOf(question)
        const width = product(sizesOf(diagram.outputs))
        await both(
          diagram,
          meanings,
          { backend, observed, entropies: ['shannon'] },
          (evaluation, tolerance) => {
            for (let member = 0; member < evaluation.batch; member++) {
              const row = exact.entries.subarray(member * width, (member + 1) * width)
              const seen = evidence.map((values) => values[member]!)
              const left = agreeing(row, diagram.outputs, observed, seen)
              const total = left.reduce((sum, { weight }) => sum + weight, 0)
              if (observed.length > 0) {
                expect(evaluation.evidence?.[member]).toBe(total > 0 ? 'possible' : 'impossible')
                expect(Math.exp(evaluation.logProbability![member]!)).toBeCloseTo(total, tolerance < 1e-9 ? 10 : 5)
              }
              if (total === 0 || evaluation.distribution === undefined) continue
              const axes = sizesOf(evaluation.distribution.axes)
              const cells = new Array<number>(product(axes)).fill(0)
              for (const { elements, weight } of left) {
                let cell = 0
                const fits = evaluation.outputs.every((output, port) => {
                  if (output.kind === 'value') return output.entries[member] === elements[port]
                  return true
                })
                expect(fits || weight === 0).toBe(true)
                const places = new Map<number, number>()
                evaluation.outputs.forEach((output, port) => {
                  if (output.kind === 'random') places.set(output.axis, elements[port]!)
                })
                axes.forEach((size, axis) => (cell = cell * size + places.get(axis)!))
                cells[cell]! += weight / total
              }
              cells.forEach((weight, cell) =>
                expect(Math.abs(evaluation.distribution!.entries[member * cells.length + cell]! - weight)).toBeLessThan(
                  tolerance,
                ),
              )
              const entropy = cells.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0)
              expect(Math.abs(evaluation.entropies.shannon![member]! - entropy)).toBeLessThan(10 * tolerance)
            }
          },
          evidence,
        )
      }),
      { numRuns: runs(backend) },
    )
  })

  run('the distribution of each output, with and without evidence', async () => {
    await fc.assert(
      fc.asyncProperty(asked, async (question) => {
        const { diagram, meanings, observed } = question
        const exact = valueOf(interpret(FinStoch, meanings)(diagram))
        const evidence = evidenceOf(question)
        const width = product(sizesOf(diagram.outputs))
        await both(
          diagram,
          meanings,
          { backend, observed, question: 'marginals' },
          (evaluation, tolerance) => {
            for (let member = 0; member < evaluation.batch; member++) {
              const row = exact.entries.subarray(member * width, (member + 1) * width)
              const seen = evidence.map((values) => values[member]!)
              const left = agreeing(row, diagram.outputs, observed, seen)
              const total = left.reduce((sum, { weight }) => sum + weight, 0)
              evaluation.outputs.forEach((output, port) => {
                if (output.kind !== 'marginal') return
                const size = cardinality(output.wire)!
                const wanted = new Array<number>(size).fill(0)
                for (const { elements, weight } of left) wanted[elements[port]!]! += weight / total
                wanted.forEach((weight, element) => {
                  const found = output.entries[member * size + element]!
                  if (total === 0) expect(found).toBeNaN()
                  else expect(Math.abs(found - weight)).toBeLessThan(tolerance)
                })
              })
            }
          },
          evidence,
        )
      }),
      { numRuns: runs(backend) },
    )
  })

  run('the most likely values, with and without evidence', async () => {
    await fc.assert(
      fc.asyncProperty(asked, async (question) => {
        const { diagram, meanings, observed } = question
        const exact = valueOf(interpret(FinStoch, meanings)(diagram))
        const evidence = evidenceOf(question)
        const width = product(sizesOf(diagram.outputs))
        await both(
          diagram,
          meanings,
          { backend, observed, question: 'most-likely' },
          (evaluation, tolerance) => {
            for (let member = 0; member < evaluation.batch; member++) {
              const row = exact.entries.subarray(member * width, (member + 1) * width)
              const seen = evidence.map((values) => values[member]!)
              const left = agreeing(row, diagram.outputs, observed, seen)
              const largest = Math.max(0, ...left.map(({ weight }) => weight))
              if (evaluation.logProbability === undefined) {
                expect(evaluation.outputs.every(({ kind }) => kind === 'value')).toBe(true)
                continue
              }
              expect(Math.abs(Math.exp(evaluation.logProbability[member]!) - largest)).toBeLessThan(tolerance)
              if (largest === 0) continue
              // Several may be as likely: the one that is given must be one of them, to the rounding.
              const elements = evaluation.outputs.map((output, port) => {
                if (output.kind === 'value' || output.kind === 'most-likely') return output.entries[member]!
                return seen[observed.indexOf(port)]!
              })
              const weight =
                row[elements.reduce((at, element, port) => at * sizesOf(diagram.outputs)[port]! + element, 0)]!
              expect(largest - weight).toBeLessThan(tolerance)
            }
          },
          evidence,
        )
      }),
      { numRuns: runs(backend) },
    )
  })

  run('meanings that vary from member to member', async () => {
    const row = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 3, maxLength: 3 }).map((weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      return total === 0 ? [0, 0, 1] : weights.map((weight) => weight / total)
    })
    const [X, Y] = [finite('X', 2), finite('Y', 3)]
    const start = box('start', [], [Y])
    const turn = box('turn', [X, Y], [Y])
    const diagram = seq(par(id(X), start), turn, copy(Y), par(id(Y), box('look', [Y], [Y])))
    const rows = (count: number): fc.Arbitrary<Rows> => fc.array(row, { minLength: count, maxLength: count })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ x: fc.nat(1), start: rows(1), turn: rows(6) }), { minLength: 1, maxLength: 4 }),
        rows(3),
        async (members, look) => {
          const first = members[0]!
          const options = { backend, varying: ['start', 'turn'] }
          const evaluator = valueOf(await compile(diagram, { start: first.start, turn: first.turn, look }, options))
          const evaluation = valueOf(
            await evaluator.run([members.map(({ x }) => x)], {
              varying: members.map(({ start: own, turn: other }) => ({ start: own, turn: other })),
            }),
          )
          await evaluator.dispose()
          members.forEach(({ x, start: own, turn: other }, member) => {
            const exact = valueOf(interpret(FinStoch, { start: own, turn: other, look })(diagram))
            for (let cell = 0; cell < 9; cell++)
              expect(
                Math.abs(evaluation.distribution!.entries[member * 9 + cell]! - exact.entries[x * 9 + cell]!),
              ).toBeLessThan(1e-6)
          })
        },
      ),
      { numRuns: backend === 'webgpu' ? 5 : 40 },
    )
  })
})

const opened: { readonly dispose: () => Promise<void> }[] = []
const compiled: typeof compile = async (...given) => {
  const evaluator = await compile(...given)
  if (isRight(evaluator)) opened.push(evaluator.right)
  return evaluator
}
afterAll(async () => {
  for (const evaluator of opened) await evaluator.dispose()
})

/** A hidden Markov chain: hidden states and what is seen of each, all outputs: hidden 0, seen 0, hidden 1, seen 1, ... */
const chain = (length: number, hidden = finite('Hidden', 2), seen = finite('Seen', 2)) => {
  const move = box('move', [hidden], [hidden])
  const show = box('show', [hidden], [seen])
  let diagram: Diagram = box('start', [], [hidden])
  for (let step = 0; step < length; step++) {
    const before = diagram.outputs.slice(0, -1)
    const last = step === length - 1
    const tooth = last
      ? seq(copy(hidden), par(id(hidden), show))
      : seq(copy(hidden), par(id(hidden), copy(hidden)), par(id(hidden), show, move))
    diagram = seq(diagram, par(id(...before), tooth))
  }
  return diagram
}
const weather = {
  start: [[0.6, 0.4]],
  move: [
    [0.7, 0.3],
    [0.4, 0.6],
  ],
  show: [
    [0.9, 0.1],
    [0.2, 0.8],
  ],
}
const evens = (length: number): readonly number[] => Array.from({ length }, (_, k) => 2 * k)
const odds = (length: number): readonly number[] => Array.from({ length }, (_, k) => 2 * k + 1)

describe('a hidden Markov chain', () => {
  // Forward, backward and Viterbi in plain loops, with scaling.
  const plain = (seen: readonly number[]) => {
    const { start, move, show } = weather
    const forward: number[][] = []
    let logarithm = 0
    const best: number[][] = []
    const from: number[][] = []
    seen.forEach((symbol, t) => {
      const before = [0, 1].map((x) =>
        t === 0 ? start[0]![x]! : [0, 1].reduce((sum, y) => sum + forward[t - 1]![y]! * move[y]![x]!, 0),
      )
      const weighted = before.map((p, x) => p * show[x]![symbol]!)
      const total = weighted[0]! + weighted[1]!
      logarithm += Math.log(total)
      forward.push(weighted.map((p) => p / total))
      const scores = [0, 1].map((x) => {
        const options = [0, 1].map((y) =>
          t === 0 ? (y === 0 ? Math.log(start[0]![x]!) : -Infinity) : best[t - 1]![y]! + Math.log(move[y]![x]!),
        )
        const choice = options[0]! >= options[1]! ? 0 : 1
        return { choice, score: options[choice]! + Math.log(show[x]![symbol]!) }
      })
      best.push(scores.map(({ score }) => score))
      from.push(scores.map(({ choice }) => choice))
    })
    const last = seen.length - 1
    let backward = [1, 1]
    const smoothed: number[][] = []
    for (let t = last; t >= 0; t--) {
      const both = forward[t]!.map((p, x) => p * backward[x]!)
      const total = both[0]! + both[1]!
      smoothed.unshift(both.map((p) => p / total))
      const next = [0, 1].map((x) =>
        [0, 1].reduce((sum, y) => sum + move[x]![y]! * show[y]![seen[t]!]! * backward[y]!, 0),
      )
      const scale = next[0]! + next[1]!
      backward = next.map((p) => p / scale)
    }
    const path = [best[last]![0]! >= best[last]![1]! ? 0 : 1]
    for (let t = last; t > 0; t--) path.unshift(from[t]![path[0]!]!)
    return { logarithm, smoothed, path, score: Math.max(...best[last]!) }
  }
  test.each([
    ['cpu', 1000, -600],
    ['webasm', 250, -150],
  ] as const)(
    'on %s, %i steps: likelihood, smoothing, Viterbi path',
    { timeout: 60_000 },
    async (backend, length, logarithm) => {
      const seen = Array.from({ length }, (_, t) => (Math.sin(1.3 * t) + Math.sin(0.37 * t * t) > 0.2 ? 1 : 0))
      const exact = plain(seen)
      const evidence = seen.map((symbol) => [symbol])
      // The evidence has a probability below the smallest float32; e^-600 is below the smallest double as well.
      expect(exact.logarithm).toBeLessThan(logarithm)
      const smoothing = valueOf(
        await compiled(chain(length), weather, { backend, observed: odds(length), question: 'marginals' }),
      )
      const smoothed = valueOf(await smoothing.run([], { evidence }))
      expect(smoothed.evidence).toEqual(['possible'])
      expect(Math.abs(smoothed.logProbability![0]! - exact.logarithm)).toBeLessThan(1e-3)
      expect(smoothed.execution.backend).toBe(backend)
      for (const t of evens(length)) {
        const output = smoothed.outputs[t]!
        if (output.kind !== 'marginal') throw new Error('a marginal was asked for')
        expect(Math.abs(output.entries[1]! - exact.smoothed[t / 2]![1]!)).toBeLessThan(2e-6)
      }
      const decoding = valueOf(
        await compiled(chain(length), weather, { backend, observed: odds(length), question: 'most-likely' }),
      )
      const decoded = valueOf(await decoding.run([], { evidence }))
      expect(Math.abs(decoded.logProbability![0]! - exact.score)).toBeLessThan(1e-3)
      const path = evens(length).map((t) => {
        const output = decoded.outputs[t]!
        return output.kind === 'most-likely' ? output.entries[0]! : Number.NaN
      })
      // The path is as likely as the best one, in float64.
      const scoreOf = (states: readonly number[]): number =>
        states.reduce(
          (sum, x, t) =>
            sum +
            Math.log(t === 0 ? weather.start[0]![x]! : weather.move[states[t - 1]!]![x]!) +
            Math.log(weather.show[x]![seen[t]!]!),
          0,
        )
      expect(Math.abs(scoreOf(path) - exact.score)).toBeLessThan(1e-3)
      expect(Math.abs(scoreOf(exact.path) - exact.score)).toBeLessThan(1e-9)
    },
  )

  test('a batch of sequences, some of their symbols unseen, is evaluated at once', async () => {
    const evaluator = valueOf(
      await compiled(chain(4), weather, { backend: 'webasm', observed: odds(4), question: 'marginals' }),
    )
    const batch = [
      [0, 0, 1, 1],
      [1, -1, -1, 0],
      [-1, -1, -1, -1],
    ]
    const evaluation = valueOf(
      await evaluator.run([], { evidence: odds(4).map((_, t) => batch.map((member) => member[t]!)) }),
    )
    expect(evaluation.batch).toBe(3)
    const joint = valueOf(interpret(FinStoch, weather)(chain(4)))
    batch.forEach((symbols, member) => {
      let total = 0
      let rainy = 0
      joint.entries.forEach((weight, element) => {
        const elements = digits(element, new Array<number>(8).fill(2))
        if (symbols.some((symbol, t) => symbol !== -1 && elements[2 * t + 1] !== symbol)) return
        total += weight
        if (elements[6] === 1) rainy += weight
      })
      expect(evaluation.logProbability![member]).toBeCloseTo(Math.log(total), 5)
      const output = evaluation.outputs[6]!
      expect(output.kind === 'marginal' ? output.entries[2 * member + 1] : Number.NaN).toBeCloseTo(rainy / total, 6)
    })
  })
})

describe('evidence', () => {
  const A = finite('A', 2)
  const B = finite('B', 3)
  const both2 = seq(box('a', [], [A]), copy(A), par(id(A), box('b', [A], [B])))
  const meanings = {
    a: [[0.5, 0.5]],
    b: [
      [0.5, 0.5, 0],
      [0, 1e-30, 1 - 1e-30],
    ],
  }

  test('that is rare is told from what is impossible, member by member', async () => {
    const never = {
      ...meanings,
      b: [
        [1, 0, 0],
        [0, 1, 0],
      ],
    }
    const evaluator = valueOf(await compiled(both2, never, { backend: 'cpu', observed: [1] }))
    const evaluation = valueOf(await evaluator.run([], { evidence: [[0, 2, 1]] }))
    expect(evaluation.evidence).toEqual(['possible', 'impossible', 'possible'])
    expect(Array.from(evaluation.distribution!.entries)).toEqual([1, 0, Number.NaN, Number.NaN, 0, 1])
    expect(evaluation.logProbability![1]).toBe(-Infinity)
    expect(evaluation.logProbability![2]).toBeCloseTo(Math.log(0.5), 6)
  })

  test('too small for float32 in one product is called underflow, and the reference has it', async () => {
    // 1e-30 twice in one entry is 1e-60; the other entries of the tensors are 1, so no power of two helps.
    const C = finite('C', 2)
    const twice = seq(box('a', [], [A]), copy(A), par(box('l', [A], [C]), box('r', [A], [C])))
    const tiny = {
      a: [[0.5, 0.5]],
      l: [
        [1e-30, 1 - 1e-30],
        [1, 0],
      ],
      r: [
        [1e-30, 1 - 1e-30],
        [0, 1],
      ],
    }
    const evaluator = valueOf(
      await compiled(twice, tiny, { backend: 'webasm', observed: [0, 1], question: 'marginals' }),
    )
    const given = { evidence: [[0], [0]] }
    const found = valueOf(await evaluator.run([], given))
    const exact = valueOf(evaluator.reference([], given))
    expect(exact.evidence).toEqual(['possible'])
    expect(exact.logProbability![0]).toBeCloseTo(Math.log(0.5) + 2 * Math.log(1e-30), 9)
    expect(['underflow', 'possible']).toContain(found.evidence![0])
    if (found.evidence![0] === 'possible') expect(found.logProbability![0]).toBeCloseTo(exact.logProbability![0]!, 4)
  })

  test('likelihoods in the place of elements', async () => {
    const evaluator = valueOf(await compiled(both2, meanings, { backend: 'webasm', observed: [1] }))
    const { distribution, logProbability } = valueOf(
      await evaluator.run([], { evidence: [{ likelihoods: [0.25, 0.5, 1] }] }),
    )
    // a = 0: .5 * (.125 + .25), a = 1: .5 * 1.
    expect(distribution!.entries[0]).toBeCloseTo(0.1875 / 0.6875, 6)
    expect(logProbability![0]).toBeCloseTo(Math.log(0.6875), 6)
  })

  test('places of a sequence, some of them unseen', async () => {
    const Letter = finite('Letter', 3)
    const Word = sequence('Word', Letter, 2)
    const words = box('words', [A], [Word])
    const rows = [[1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => k / 45), [9, 8, 7, 6, 5, 4, 3, 2, 1].map((k) => k / 45)]
    const diagram = seq(box('a', [], [A]), copy(A), par(id(A), words))
    const evaluator = valueOf(
      await compiled(diagram, { a: [[0.5, 0.5]], words: rows }, { backend: 'cpu', observed: [1] }),
    )
    const { distribution } = valueOf(await evaluator.run([], { evidence: [[1, 2, -1, 1, 2, -1]] }))
    const share = (a: readonly number[], b: readonly number[]): number => {
      const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
      return sum(a) / (sum(a) + sum(b))
    }
    expect(distribution!.entries[0]).toBeCloseTo(share([6], [4]), 6)
    expect(distribution!.entries[2]).toBeCloseTo(share([2, 5, 8], [8, 5, 2]), 6)
    expect(distribution!.entries[4]).toBeCloseTo(share([7, 8, 9], [3, 2, 1]), 6)
  })

  test.each([
    [{ evidence: [] }, 'evidence'],
    [{ evidence: [[3]] }, 'evidence 0, B (3 elements), number 0'],
    [{ evidence: [[0, 1], [1]] }, 'evidence'],
    [{ evidence: [{ likelihoods: [1, -1, 0] }] }, 'evidence 0, B (3 elements), number 1'],
    [{ evidence: [{ likelihoods: [1, 0] }] }, 'evidence 0, B (3 elements)'],
    [{ evidence: [[0.5]] }, 'evidence 0, B (3 elements), number 0'],
  ])('that is none is a problem before any kernel runs: %j', async (given, where) => {
    const evaluator = valueOf(await compiled(both2, meanings, { backend: 'cpu', observed: [1] }))
    const result = await evaluator.run([], given)
    expect(isLeft(result) && result.left.kind).toBe('invalid-value')
    expect(isLeft(result) && result.left.where).toBe(where)
  })

  test.each([
    [{ observed: [2] }, 'observed'],
    [{ observed: [1, 1] }, 'observed'],
    [{ varying: ['c'] }, 'varying'],
    [{ entropies: ['shannon'], question: 'marginals' }, 'entropies'],
  ] as const)('and so are options that make no sense: %j', async (options, where) => {
    const result = await compiled(both2, meanings, { backend: 'cpu', ...options })
    expect(isLeft(result) && result.left.where).toBe(where)
  })
})

describe('runs', () => {
  const A = finite('A', 2)
  const f = box('f', [A], [A])
  const kernel = [
    [0.25, 0.75],
    [1, 0],
  ]

  test('in chunks give what one run gives, and tell their progress', async () => {
    const evaluator = valueOf(
      await compiled(seq(f, copy(A), par(id(A), f)), { f: kernel }, { backend: 'webasm', entropies: ['shannon'] }),
    )
    const inputs = [[0, 1, 1, 0, 1, 0, 0]] as const
    const told: number[] = []
    const whole = valueOf(await evaluator.run(inputs))
    const parts = valueOf(await evaluator.run(inputs, { chunk: 3, onProgress: (done, of) => told.push(done / of) }))
    expect(parts.batch).toBe(7)
    expect(Array.from(parts.distribution!.entries)).toEqual(Array.from(whole.distribution!.entries))
    expect(Array.from(parts.entropies.shannon!)).toEqual(Array.from(whole.entropies.shannon!))
    expect(told).toEqual([0, 1 / 3, 2 / 3, 1])
    const wrong = await evaluator.run(inputs, { chunk: 0 })
    expect(isLeft(wrong) && wrong.left.where).toBe('chunk')
  })

  test('stop at a signal, before and between chunks', async () => {
    const evaluator = valueOf(await compiled(f, { f: kernel }, { backend: 'cpu' }))
    const before = await evaluator.run([[0]], { signal: AbortSignal.abort() })
    expect(isLeft(before) && before.left.kind).toBe('cancelled')
    const stop = new AbortController()
    let last = 0
    const between = await evaluator.run([new Array<number>(100).fill(0)], {
      chunk: 1,
      signal: stop.signal,
      onProgress: (done) => {
        last = done
        if (done === 10) stop.abort()
      },
    })
    expect(isLeft(between) && between.left.kind).toBe('cancelled')
    expect(last).toBe(10)
    expect(isRight(await evaluator.run([[1]]))).toBe(true)
  })

  test('other meanings must be of the shape that was compiled', async () => {
    const evaluator = valueOf(await compiled(f, { f: finiteFunction([[1], [0]]) }, { backend: 'cpu' }))
    const stochastic = await evaluator.run([[0]], { meanings: { f: kernel } })
    expect(isLeft(stochastic) && stochastic.left.what).toBe('it was compiled as a function, and this kernel is none')
    const points = valueOf(
      await evaluator.run([[0, 1]], {
        meanings: {
          f: [
            [1, 0],
            [1, 0],
          ],
        },
      }),
    )
    expect(points.outputs[0]).toMatchObject({ kind: 'value', width: 1 })
    const [output] = points.outputs
    expect(Array.from(output.kind === 'value' ? output.entries : [])).toEqual([0, 0])
  })

  test('an evaluator that has been disposed of is not run', async () => {
    const evaluator = valueOf(await compile(f, { f: kernel }, { backend: 'cpu' }))
    await evaluator.run([[0]])
    await evaluator.dispose()
    expect(() => evaluator.run([[0]])).toThrow('disposed')
  })

  test('explain says the steps and the backend', async () => {
    const evaluator = valueOf(await compiled(f, { f: kernel }, { backend: 'cpu', question: 'marginals', observed: [] }))
    expect(valueOf(await evaluator.explain(2))).toMatch(/distributions of A.*\n.*\nbackend cpu: asked for$/)
  })
})
