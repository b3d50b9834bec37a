/** `compile` with the backend onnx, and exported models, run on onnxruntime against the float64 reference. */
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test, vi } from 'vitest'

import {
  box,
  cardinality,
  copy,
  type Diagram,
  discard,
  finite,
  id,
  normalForm,
  par,
  real,
  seq,
  showProblem,
  state,
  swap,
  type Wire,
  type Wires,
} from '../../../dsl/index.js'
import { languageModel } from '../../../examples/language-model.js'
import { parseBif } from '../../../src/bayesian-network/bif.js'
import { marginalDiagram, networkMeanings } from '../../../src/bayesian-network/diagram.js'
import { networkMarginal } from '../../../src/bayesian-network/inference.js'
import { FinStoch } from '../../../src/category/fin-stoch.js'
import { compile } from '../../../src/compile/evaluate.js'
import type { Evaluator } from '../../../src/compile/evaluator.js'
import { embedding, finiteFunction, layers, type NumericMeanings, softmaxHead } from '../../../src/compile/meaning.js'
import { exportOnnx, type ExportOptions } from '../../../src/compile/onnx/export.js'
import { createOnnxPipeline } from '../../../src/compile/onnx/pipeline.js'
import { onnxRuntime } from '../../../src/compile/onnx/runtime.js'
import { parameterEntries } from '../../../src/compile/parameters.js'
import { checkMeanings } from '../../../src/compile/plan-of.js'
import { planFor } from '../../support/plan-for.js'
import { headlineEntropies } from '../../../src/information/categorical-entropy.js'
import { interpret } from '../../../src/interpret.js'
import { matrix } from '../../../src/linear-algebra/matrix.js'
import { bifOf, networksAreThere } from '../../support/bayesian-networks.js'
import { meantDiagram } from '../../support/finite-diagram.js'
import { jointOf } from '../../support/joint.js'
import { valueOf } from '../../support/value-of.js'

const runtime = await onnxRuntime()
if (isLeft(runtime)) console.warn(`skipped: ${showProblem(runtime.left)}`)
const check = test.skipIf(isLeft(runtime))

const opened: Evaluator[] = []
const compiled = async (
  diagram: Diagram,
  meanings: NumericMeanings,
  options: Parameters<typeof compile>[2] = {},
): Promise<Evaluator> => {
  const evaluator = valueOf(await compile(diagram, meanings, { backend: 'onnx', ...options }))
  opened.push(evaluator)
  return evaluator
}
afterAll(async () => {
  for (const evaluator of opened) await evaluator.dispose()
})

/** Every element of an object, wire by wire, as a batch. */
const allInputs = (wires: Wires): readonly (readonly number[])[] => {
  const sizes = wires.map((wire) => cardinality(wire)!)
  const count = sizes.reduce((product, size) => product * size, 1)
  return sizes.map((size, port) => {
    const stride = sizes.slice(port + 1).reduce((product, other) => product * other, 1)
    return Array.from({ length: count }, (_, element) => Math.floor(element / stride) % size)
  })
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((most, x, index) => Math.max(most, Math.abs(x - b[index]!)), 0)
}

const wave = (count: number, scale: number): Float64Array =>
  Float64Array.from({ length: count }, (_, k) => scale * Math.sin(1 + 1.7 * k))

/** Runs an exported model as any other program does: by the names of its inputs and outputs. */
const runModel = async (
  model: Uint8Array,
  inputs: Readonly<Record<string, readonly [wire: Wire, entries: readonly number[]]>>,
): Promise<Readonly<Record<string, { readonly dims: readonly number[]; readonly entries: readonly number[] }>>> => {
  const { session, tensor } = valueOf(runtime)
  const opened = await session(model)
  const feeds = Object.entries(inputs).map(([name, [wire, entries]]) => {
    const width = wire.kind === 'finite' ? 1 : wire.kind === 'real' ? wire.dimension : wire.length
    const dimensions = [entries.length / width, ...(wire.kind === 'finite' ? [] : [width])]
    const numbers = wire.kind === 'real' ? Float32Array.from(entries) : BigInt64Array.from(entries, BigInt)
    return [name, tensor(numbers, dimensions)] as const
  })
  const outputs = await opened.run(Object.fromEntries(feeds))
  await opened.release()
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data, dims }]) => {
      if (data instanceof Float32Array) return [name, { dims, entries: Array.from(data) }]
      if (data instanceof BigInt64Array) return [name, { dims, entries: Array.from(data, Number) }]
      throw new Error(`${name} is no array of numbers`)
    }),
  )
}

describe('random finite diagrams', () => {
  check('agree with the float64 interpreter, with the meanings compiled in and with others', async () => {
    let cases = 0
    await fc.assert(
      fc.asyncProperty(meantDiagram, async ({ diagram, meanings }) => {
        const meaning = valueOf(interpret(FinStoch, meanings)(diagram))
        const evaluator = valueOf(await compile(diagram, meanings, { backend: 'onnx', entropies: headlineEntropies }))
        const inputs = allInputs(diagram.inputs)
        const exact = valueOf(evaluator.reference(inputs))
        const own = valueOf(await evaluator.run(inputs))
        const handed = valueOf(await evaluator.run(inputs, { meanings }))
        await evaluator.dispose()
        for (const evaluation of [own, handed]) {
          expect(['onnx', 'none']).toContain(evaluation.execution.backend)
          expect(largestDifference(jointOf(evaluation).flat(), meaning.entries)).toBeLessThan(2e-6)
          for (const name of headlineEntropies)
            expect(largestDifference(evaluation.entropies[name] ?? [], exact.entropies[name] ?? [])).toBeLessThan(2e-6)
        }
        if (own.execution.backend === 'onnx') cases += 1
      }),
      { numRuns: 250 },
    )
    expect(cases).toBeGreaterThan(100)
  })

  check('exported, one model for batches of every size', async () => {
    await fc.assert(
      fc.asyncProperty(
        meantDiagram.filter(({ diagram }) => diagram.inputs.length > 0 && diagram.outputs.length > 0),
        async ({ diagram, meanings }) => {
          const exported = valueOf(exportOnnx(diagram, meanings))
          const evaluator = valueOf(await compile(diagram, meanings, { backend: 'onnx' }))
          for (const batch of [1, 3]) {
            const inputs = diagram.inputs.map((wire, port) =>
              Array.from({ length: batch }, (_, member) => (member + port) % cardinality(wire)!),
            )
            const exact = valueOf(evaluator.reference(inputs))
            const names = portNames(diagram)
            const outputs = await runModel(
              exported,
              Object.fromEntries(inputs.map((entries, port) => [names[port]!, [diagram.inputs[port]!, entries]])),
            )
            const { distribution } = exact
            const values = exact.outputs.filter((output) => output.kind === 'value')
            expect(Object.keys(outputs).length).toBe(values.length + (distribution === undefined ? 0 : 1))
            const found = Object.values(outputs).slice(distribution === undefined ? 0 : 1)
            values.forEach(({ entries }, place) => expect(found[place]!.entries).toEqual(Array.from(entries)))
            if (distribution === undefined) continue
            const joint = Object.values(outputs)[0]!
            const sizes = distribution.axes.map((wire) => cardinality(wire)!)
            const isBatched = joint.dims.length > sizes.length
            expect(joint.dims).toEqual(isBatched ? [batch, ...sizes] : sizes)
            const rows = isBatched ? joint.entries : Array.from({ length: batch }, () => joint.entries).flat()
            expect(largestDifference(rows, distribution.entries)).toBeLessThan(2e-6)
          }
          await evaluator.dispose()
        },
      ),
      { numRuns: 80 },
    )
  })
})

/** The names of a model's inputs: those of the wires, and where one occurs again with the first free number. */
const portNames = ({ inputs }: Diagram): readonly string[] => {
  const seen = new Map<string, number>()
  return inputs.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name}_${count}`
  })
}

describe('the language model of examples/language-model.ts', () => {
  const symbols = ['a', 'b', 'c', 'd', ' ']
  const { Context, Hidden, Token, kEmb, kBb, kHead, kGen } = languageModel({
    symbols,
    contextLength: 3,
    embedding: 6,
    hidden: 4,
  })
  const meanings = {
    k_emb: embedding(matrix(5, 2, wave(10, 1))),
    k_bb: layers(
      { weights: matrix(7, 6, wave(42, 0.8)), bias: wave(7, 0.1), activation: 'tanh' },
      { weights: matrix(4, 7, wave(28, 1.3)), bias: wave(4, 0.2), activation: 'identity' },
    ),
    k_head: softmaxHead(matrix(5, 4, wave(20, 2)), wave(5, 0.5)),
  }
  const withHidden = seq(kEmb, kBb, copy(Hidden), par(id(Hidden), kHead))
  const contexts = Array.from({ length: 125 }, (_, n) => [Math.floor(n / 25), Math.floor(n / 5) % 5, n % 5]).flat()

  check('hidden states, distributions and five entropies for all contexts', async () => {
    const evaluator = await compiled(withHidden, meanings, { entropies: headlineEntropies })
    const exact = valueOf(evaluator.reference([contexts]))
    const found = valueOf(await evaluator.run([contexts]))
    expect(found.execution).toMatchObject({ backend: 'onnx', executor: expect.stringMatching(/^onnxruntime-/) })
    const [hidden, exactHidden] = [found.outputs[0]!, exact.outputs[0]!]
    if (hidden.kind !== 'value' || exactHidden.kind !== 'value') throw new Error('hidden states are values')
    expect(largestDifference(hidden.entries, exactHidden.entries)).toBeLessThan(2e-6)
    expect(largestDifference(found.distribution!.entries, exact.distribution!.entries)).toBeLessThan(2e-6)
    for (const name of headlineEntropies)
      expect(largestDifference(found.entropies[name]!, exact.entropies[name]!)).toBeLessThan(2e-6)
  })

  check('exported, with the names of its wires', async () => {
    const model = valueOf(exportOnnx(kGen, meanings, { entropies: ['shannon'] }))
    const evaluator = await compiled(kGen, meanings, { entropies: ['shannon'] })
    const exact = valueOf(evaluator.reference([contexts]))
    const outputs = await runModel(model, { Context: [Context, contexts] })
    expect(Object.keys(outputs)).toEqual([Token.name, 'entropy_shannon'])
    expect(outputs['Token']!.dims).toEqual([125, 5])
    expect(largestDifference(outputs['Token']!.entries, exact.distribution!.entries)).toBeLessThan(2e-6)
    expect(outputs['entropy_shannon']!.dims).toEqual([125])
    expect(largestDifference(outputs['entropy_shannon']!.entries, exact.entropies.shannon!)).toBeLessThan(2e-6)
  })

  check('logits of every size: certain, nearly certain, and far apart', async () => {
    for (const scale of [0, 1, 30, 1000, 1e5]) {
      const head = { k_head: softmaxHead(matrix(5, 4, wave(20, scale)), wave(5, scale)) }
      const evaluator = await compiled(kHead, head, { entropies: headlineEntropies })
      const states = Array.from(wave(40, 1))
      const exact = valueOf(evaluator.reference([states]))
      const found = valueOf(await evaluator.run([states]))
      // The logits are float32 numbers: their rounding is what a softmax of large ones must show.
      const tolerance = 2e-6 + 4e-7 * scale
      expect(largestDifference(found.distribution!.entries, exact.distribution!.entries)).toBeLessThan(tolerance)
      for (const name of headlineEntropies) {
        const entropies = Array.from(found.entropies[name]!)
        expect(entropies.every((entropy) => Number.isFinite(entropy) && entropy > -1e-6)).toBe(true)
        expect(largestDifference(entropies, exact.entropies[name]!)).toBeLessThan(4 * tolerance)
      }
    }
  })
})

describe('kinds of output', () => {
  const [A, B] = [finite('A', ['x', 'y']), finite('B', 3)]

  check('functions give element numbers', async () => {
    const g = box('g', [A, B], [B, A], { deterministic: true })
    const values = [
      [0, 1],
      [1, 0],
      [2, 1],
      [2, 0],
      [1, 1],
      [0, 0],
    ]
    const evaluator = await compiled(g, { g: finiteFunction(values) })
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
    const outputs = await runModel(valueOf(exportOnnx(g, { g: finiteFunction(values) })), {
      A: [A, [0, 1, 1]],
      B: [B, [2, 0, 1]],
    })
    expect(outputs).toEqual({ B_2: { dims: [3], entries: [2, 2, 1] }, A_2: { dims: [3], entries: [1, 0, 1] } })
  })

  check('wires alone: inputs under other names', async () => {
    const outputs = await runModel(valueOf(exportOnnx(seq(copy(A), swap(A, A)), {})), { A: [A, [1, 0]] })
    expect(outputs).toEqual({ A_2: { dims: [2], entries: [1, 0] }, A_3: { dims: [2], entries: [1, 0] } })
    const evaluator = await compiled(copy(A), {})
    const evaluation = valueOf(await evaluator.run([[1, 0]]))
    expect(evaluation.execution.backend).toBe('none')
  })

  check('a state has no batch; a random output that is copied is one axis', async () => {
    const diagram = seq(state('coin', [A]), copy(A))
    const outputs = await runModel(valueOf(exportOnnx(diagram, { coin: [[0.25, 0.75]] })), {})
    expect(outputs).toEqual({ A: { dims: [2], entries: [0.25, 0.75] } })
  })

  check('an input that no output reads is an input all the same', async () => {
    const diagram = par(discard(real('R', 3)), seq(box('f', [A], [B]), id(B)))
    const third = [0.5, 0.25, 0.25]
    const outputs = await runModel(valueOf(exportOnnx(diagram, { f: [third, [0, 0, 1]] })), {
      R: [real('R', 3), [0, 0, 0, 1, 1, 1]],
      A: [A, [0, 1]],
    })
    expect(outputs).toEqual({ B: { dims: [2, 3], entries: [...third, 0, 0, 1] } })
  })

  check('parameters as inputs', async () => {
    const f = box('f', [A], [A])
    const options: ExportOptions = { parameters: 'inputs' }
    const { session, tensor } = valueOf(runtime)
    const opened = await session(valueOf(exportOnnx(seq(f, f), { f: [[1, 0], [0, 1]] }, options))) // prettier-ignore
    for (const [rows, wanted] of [
      [
        [0, 1, 1, 0],
        [1, 0],
      ],
      [
        [1, 0, 0.5, 0.5],
        [1, 0],
      ],
      [
        [0.5, 0.5, 0, 1],
        [0.25, 0.75],
      ],
    ] as const) {
      const outputs = await opened.run({
        A: tensor(BigInt64Array.of(0n), [1]),
        f_kernel: tensor(Float32Array.from(rows), [2, 2]),
      })
      expect(outputs['A_2']!.data).toEqual(Float32Array.from(wanted))
    }
    await opened.release()
  })
})

describe('marginals of published networks', () => {
  test.skipIf(isLeft(runtime) || !networksAreThere)(
    'asia, child and alarm agree with inference in doubles',
    async () => {
      for (const [name, query] of [
        ['asia', ['lung', 'xray']],
        ['asia', ['dysp', 'smoke', 'either']],
        ['child', ['XrayReport', 'Age']],
        ['alarm', ['BP']],
        ['alarm', ['HRBP', 'CVP']],
      ] as const) {
        const network = valueOf(parseBif(bifOf(name)))
        const exact = valueOf(networkMarginal(network, query))
        const diagram = valueOf(marginalDiagram(network, query))
        const outputs = await runModel(valueOf(exportOnnx(diagram, networkMeanings(network))), {})
        expect(Object.keys(outputs)).toEqual([query.join('_')])
        const joint = outputs[query.join('_')]!
        expect(joint.dims).toEqual(diagram.outputs.map((wire) => cardinality(wire)!))
        expect(largestDifference(joint.entries, exact.entries)).toBeLessThan(2e-6)
      }
    },
  )
})

describe('plans with a loop over sliced indices', () => {
  check('are one graph with a loop in it, with and without a batch', async () => {
    const X = finite('X', 4)
    const [first, left, right, last] = [
      box('first', [X], [X, X]),
      box('left', [X, X], [X]),
      box('right', [X, X], [X]),
      box('last', [X, X], [X]),
    ]
    // Two paths from two copied wires: nothing can be summed before both are there.
    const crossed = seq(
      first,
      par(copy(X), copy(X)),
      par(id(X), swap(X, X), id(X)),
      par(left, right),
      par(copy(X), copy(X)),
      par(id(X), swap(X, X), id(X)),
      par(last, last),
    )
    const rows = (count: number, width: number, phase: number): readonly (readonly number[])[] =>
      Array.from({ length: count }, (_, x) => {
        const weights = Array.from({ length: width }, (_, y) => 1.2 + Math.sin(phase + 3 * x + 1.3 * y))
        const sum = weights.reduce((total, weight) => total + weight, 0)
        return weights.map((weight) => weight / sum)
      })
    const meanings = { first: rows(4, 16, 1), left: rows(16, 4, 2), right: rows(16, 4, 3), last: rows(16, 4, 4) }
    const begun = seq(state('start', [X]), crossed)
    let loops = 0
    for (const [diagram, batch] of [
      [crossed, 4],
      [begun, 1],
    ] as const) {
      const form = normalForm(diagram)
      const checked = valueOf(checkMeanings(form, { ...meanings, start: rows(1, 4, 5) }))
      const exact = valueOf(interpret(FinStoch, { ...meanings, start: rows(1, 4, 5) })(diagram))
      for (const memoryLimit of [1e6, 200, 100, 80, 64]) {
        const plan = planFor(diagram, { ...meanings, start: rows(1, 4, 5) }, batch, [], { memoryLimit })
        if (isLeft(plan)) continue
        if (plan.right.loop !== undefined) loops += 1
        const { answer } = plan.right
        if (answer?.kind !== 'joint') throw new Error('a joint distribution was asked for')
        const pipeline = createOnnxPipeline(
          plan.right,
          diagram.inputs,
          diagram.inputs.length === 0 ? [] : [0],
          [answer.tensor],
          ({ source }) => {
            if (source.kind !== 'parameter') throw new Error('no parameter')
            return parameterEntries(source.box, checked.get(source.box.name)!, source.parameter)
          },
        )
        const [found] = await pipeline.run(
          diagram.inputs.length === 0 ? [] : [{ rows: 4, columns: 1, entries: Float32Array.of(0, 1, 2, 3) }],
        )
        await pipeline.destroy()
        expect(largestDifference(found!, exact.entries)).toBeLessThan(2e-6)
      }
    }
    expect(loops).toBeGreaterThanOrEqual(2)
  })
})

describe('sessions', () => {
  const A = finite('A', 2)
  const f = box('f', [A], [A])
  const meanings = {
    f: [
      [0.75, 0.25],
      [0, 1],
    ],
  }

  check('many runs at once, of batches of several sizes', async () => {
    const evaluator = await compiled(seq(f, f), meanings)
    const runs = Array.from({ length: 24 }, (_, k) => new Array<number>(1 + (k % 5)).fill(k % 2))
    const found = await Promise.all(runs.map((inputs) => evaluator.run([inputs])))
    found.forEach((evaluation, k) =>
      expect(jointOf(valueOf(evaluation))).toEqual(runs[k]!.map((x) => (x === 0 ? [0.5625, 0.4375] : [0, 1]))),
    )
  })

  check('a thousand are opened and released without a growing memory', async () => {
    const once = async (): Promise<void> => {
      const evaluator = valueOf(await compile(seq(f, f), meanings, { backend: 'onnx' }))
      valueOf(await evaluator.run([[0, 1]]))
      await evaluator.dispose()
    }
    for (let k = 0; k < 100; k++) await once()
    const before = process.memoryUsage().rss
    for (let k = 0; k < 1000; k++) await once()
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20)
  })
})

describe('without onnxruntime', () => {
  test('what to install is said, and nothing else is touched', async () => {
    vi.resetModules()
    vi.doMock('onnxruntime-web', () => ({}))
    try {
      const { onnxRuntime: sought } = await import('../../../src/compile/onnx/runtime.js')
      const found = await sought()
      if (!isLeft(found)) return expect(found.right.name).toMatch(/^onnxruntime-node /)
      expect(found.left).toMatchObject({ kind: 'unsupported', where: 'backend onnx' })
      expect(showProblem(found.left)).toMatch(/install onnxruntime-node, or onnxruntime-web/)
    } finally {
      vi.doUnmock('onnxruntime-web')
      vi.resetModules()
    }
  })
})
