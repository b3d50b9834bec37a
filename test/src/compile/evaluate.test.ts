import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'

import { box, copy, finite, id, par, real, seq, sequence } from '../../../dsl/index.js'
import { chooseBackend } from '../../../src/compile/backend.js'
import { compile } from '../../../src/compile/evaluate.js'
import type { Evaluator } from '../../../src/compile/evaluator.js'
import { embedding, finiteFunction, layers, softmaxHead } from '../../../src/compile/meaning.js'
import { headlineEntropies } from '../../../src/information/categorical-entropy.js'
import { matrix } from '../../../src/linear-algebra/matrix.js'
import { jointOf } from '../../support/joint.js'
import { valueOf } from '../../support/value-of.js'

/** The backends of gpu.js that this machine has; a test that could not run says which. */
const candidates = ['cpu', 'webasm', 'webgpu'] as const
const present = new Set<string>()
for (const name of candidates) if (isRight(await chooseBackend(name))) present.add(name)

const opened: Evaluator[] = []
const compiled = async (...arguments_: Parameters<typeof compile>): Promise<Evaluator> => {
  const evaluator = valueOf(await compile(...arguments_))
  opened.push(evaluator)
  return evaluator
}
afterAll(async () => {
  for (const evaluator of opened) await evaluator.dispose()
})

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((most, x, index) => Math.max(most, Math.abs(x - b[index]!)), 0)
}

describe.each(candidates)('backend %s', (backend) => {
  const run = test.skipIf(!present.has(backend))

  run('a small language model: hidden states, distributions, entropies, all against float64', async () => {
    const Symbol = finite('Symbol', 5)
    const Context = sequence('Context', Symbol, 3)
    const [Embedding, Hidden, Token] = [real('Embedding', 6), real('Hidden', 4), finite('Token', 5)]
    const kEmb = box('k_emb', [Context], [Embedding], { deterministic: true })
    const kBb = box('k_bb', [Embedding], [Hidden], { deterministic: true })
    const kHead = box('k_head', [Hidden], [Token])
    const diagram = seq(kEmb, kBb, copy(Hidden), par(id(Hidden), kHead))
    const wave = (count: number, scale: number): Float64Array =>
      Float64Array.from({ length: count }, (_, k) => scale * Math.sin(1 + 1.7 * k))
    const meanings = {
      k_emb: embedding(matrix(5, 2, wave(10, 1))),
      k_bb: layers(
        { weights: matrix(7, 6, wave(42, 0.8)), bias: wave(7, 0.1), activation: 'tanh' },
        { weights: matrix(4, 7, wave(28, 1.3)), bias: wave(4, 0.2), activation: 'identity' },
      ),
      k_head: softmaxHead(matrix(5, 4, wave(20, 2)), wave(5, 0.5)),
    }
    const evaluator = await compiled(diagram, meanings, { backend, entropies: headlineEntropies })
    const contexts = Array.from({ length: 125 }, (_, n) => [Math.floor(n / 25), Math.floor(n / 5) % 5, n % 5]).flat()
    const exact = valueOf(evaluator.reference([contexts]))
    const kernels = valueOf(await evaluator.run([contexts]))
    expect(kernels.execution.backend).toBe(backend)
    const [hidden, exactHidden] = [kernels.outputs[0]!, exact.outputs[0]!]
    if (hidden.kind !== 'value' || exactHidden.kind !== 'value') throw new Error('hidden states are values')
    expect(hidden.width).toBe(4)
    expect(largestDifference(hidden.entries, exactHidden.entries)).toBeLessThan(2e-6)
    expect(largestDifference(kernels.distribution!.entries, exact.distribution!.entries)).toBeLessThan(2e-6)
    for (const name of headlineEntropies)
      expect(largestDifference(kernels.entropies[name]!, exact.entropies[name]!)).toBeLessThan(2e-6)
    // One row by hand, in float64, from the definitions alone.
    const logits = Array.from(
      { length: 5 },
      (_, w) =>
        meanings.k_head.bias[w]! +
        [0, 1, 2, 3].reduce((sum, k) => sum + meanings.k_head.weights.entries[w * 4 + k]! * exactHidden.entries[k]!, 0),
    )
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0)
    expect(exact.distribution!.entries[2]).toBeCloseTo(Math.exp(logits[2]!) / total, 12)
  })

  run.each([6, 7, 12])('a box that reads %i inputs: more than a kernel of WebGPU has arrays', async (count) => {
    const bit = finite('Bit', 2)
    const diagram = box('g', new Array<typeof bit>(count).fill(bit), [bit])
    const rows = Array.from({ length: 2 ** count }, (_, k) => [k / 2 ** count, 1 - k / 2 ** count])
    const members = Array.from({ length: 50 }, (_, k) => Math.floor((k * 2 ** count) / 50))
    const inputs = Array.from({ length: count }, (_, port) => members.map((k) => (k >> (count - 1 - port)) & 1))
    const evaluator = await compiled(diagram, { g: rows }, { backend })
    const evaluation = valueOf(await evaluator.run(inputs))
    expect(evaluation.execution.backend).toBe(backend)
    expect(jointOf(evaluation)).toEqual(members.map((k) => rows[k]))
  })

  run('other parameters of the same shapes run through the same pipeline', async () => {
    const A = finite('A', 2)
    const f = box('f', [A], [A])
    const evaluator = await compiled(
      seq(f, f),
      {
        f: [
          [1, 0],
          [0.5, 0.5],
        ],
      },
      { backend },
    )
    const first = jointOf(valueOf(await evaluator.run([[0, 1]])))
    const second = jointOf(
      valueOf(
        await evaluator.run([[0, 1]], {
          meanings: {
            f: [
              [0, 1],
              [1, 0],
            ],
          },
        }),
      ),
    )
    expect(first).toEqual([
      [1, 0],
      [0.75, 0.25],
    ])
    expect(second).toEqual([
      [1, 0],
      [0, 1],
    ])
  })
})

describe('compile', () => {
  const A = finite('A', ['x', 'y'])
  const f = box('f', [A], [A])

  test('a hidden Markov chain of 40 steps is contracted, not expanded', async () => {
    const X = finite('X', 4)
    const step = box('step', [X], [X])
    const rows = Array.from({ length: 4 }, (_, x) => Array.from({ length: 4 }, (_, y) => (x === y ? 0.7 : 0.1)))
    const evaluator = await compiled(
      seq(step, ...new Array<typeof step>(39).fill(step)),
      { step: rows },
      { backend: 'cpu' },
    )
    const plan = valueOf(evaluator.plan(1))
    expect(plan.largest).toBeLessThanOrEqual(16)
    const [row] = jointOf(valueOf(await evaluator.run([[0]])))
    // The eigenvalues of the step are 1 and 0.6.
    expect(row![0]).toBeCloseTo(0.25 + 0.75 * 0.6 ** 40, 6)
    expect(row![1]).toBeCloseTo(0.25 - 0.25 * 0.6 ** 40, 6)
  })

  test('deterministic boxes on values are gathers', async () => {
    const B = finite('B', 3)
    const g = box('g', [A, B], [B, A], { deterministic: true })
    const evaluator = await compiled(
      g,
      {
        g: finiteFunction([
          [0, 1],
          [1, 0],
          [2, 1],
          [2, 0],
          [1, 1],
          [0, 0],
        ]),
      },
      { backend: 'cpu' },
    )
    const evaluation = valueOf(
      await evaluator.run([
        [0, 1, 1],
        [2, 0, 1],
      ]),
    )
    expect(evaluation.distribution).toBeUndefined()
    expect(evaluation.outputs.map((output) => (output.kind === 'value' ? Array.from(output.entries) : []))).toEqual([
      [2, 2, 1],
      [1, 0, 1],
    ])
    expect(valueOf(evaluator.plan(3)).steps.map(({ operation }) => operation.kind)).toEqual(['gather'])
  })

  test.each([
    ['a missing meaning', {}, [[0]], "box 'f' : A -> A: it has no meaning"],
    ['a short row', { f: [[1], [0, 1]] }, [[0]], "box 'f', row 0: the row has 1 entries"],
    [
      'a row that does not sum to one',
      {
        f: [
          [0.5, 0.4],
          [0, 1],
        ],
      },
      [[0]],
      "box 'f', row 0: the row sums to 0.9",
    ],
    [
      'a negative weight',
      {
        f: [
          [1.5, -0.5],
          [0, 1],
        ],
      },
      [[0]],
      "box 'f', row 0, column 0: 1.5 is no probability",
    ],
    [
      'not a number',
      {
        f: [
          [Number.NaN, 1],
          [0, 1],
        ],
      },
      [[0]],
      "box 'f', row 0, column 0: NaN is no probability",
    ],
  ])('%s is a problem before any kernel runs', async (_, meanings, _inputs, message) => {
    const result = await compile(f, meanings, { backend: 'cpu' })
    if (!isLeft(result)) throw new Error('compiled')
    expect(`${result.left.where}: ${result.left.what}`).toContain(message)
  })

  test('inputs that are no elements are located', async () => {
    const evaluator = await compiled(
      f,
      {
        f: [
          [1, 0],
          [0, 1],
        ],
      },
      { backend: 'cpu' },
    )
    const outside = await evaluator.run([[0, 2]])
    expect(outside).toMatchObject({ _tag: 'Left', left: { where: 'input 0, A (2 elements), number 1' } })
    const missing = await evaluator.run([])
    expect(missing).toMatchObject({ _tag: 'Left', left: { what: 'there are 0' } })
  })

  test('a backend that this machine lacks is refused, never replaced', async () => {
    const result = await compile(
      f,
      {
        f: [
          [1, 0],
          [0, 1],
        ],
      },
      { backend: 'webgl' },
    )
    expect(result).toMatchObject({ _tag: 'Left', left: { kind: 'unsupported', where: 'backend webgl' } })
  })

  test('vectors that depend on random outcomes are refused with the box named', async () => {
    const R = real('R', 2)
    const e = box('e', [A], [R], { deterministic: true })
    const result = await compile(seq(f, e), {
      f: [
        [1, 0],
        [0, 1],
      ],
      e: embedding(matrix(2, 2, Float64Array.of(1, 2, 3, 4))),
    })
    if (!isRight(result)) throw new Error('meanings fit')
    const evaluation = await result.right.run([[0]])
    expect(evaluation).toMatchObject({ _tag: 'Left', left: { kind: 'unsupported', where: "box 'e'" } })
  })
})
