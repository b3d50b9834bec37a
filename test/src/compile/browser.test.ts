/**
 * Compiled diagrams in Debian's chromium, from a bundle of the sources: plain JavaScript, WebAssembly, WebGL, WebGPU and onnxruntime, each
 * against the float64 interpreter. GPUs are SwiftShader, the software driver that comes with chromium.
 */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'

import { FinStoch } from '../../../src/category/fin-stoch.js'
import type { BackendName } from '../../../src/compile/backend.js'
import { compile } from '../../../src/compile/evaluate.js'
import type { Evaluation } from '../../../src/compile/evaluation.js'
import { interpret } from '../../../src/interpret.js'
import { inputsOf } from '../../support/batch-inputs.js'
import {
  type BackendReport,
  bundle,
  type CaseReport,
  chromium,
  chromiumIsThere,
  reportsOf,
} from '../../support/browser.js'
import { boundsOf, expectWithin, jointBounds, rowsOf, vectorsOf } from '../../support/compiled-check.js'
import { type Arithmetic, arithmeticOf, errorBounds } from '../../support/error-bound.js'
import { type CompilerCase, compilerCase } from '../../support/finite-diagram.js'
import { jointOf } from '../../support/joint.js'
import { type LanguageModelCase, languageModelCase } from '../../support/random-language-model.js'
import { threadedCase } from '../../support/threaded-case.js'
import { valueOf } from '../../support/value-of.js'

const [seed, diagrams, models] = [Math.floor(Math.random() * 2 ** 31), 60, 10]

/** What each backend is to run on, and what it promises. */
const expected: readonly {
  readonly backend: BackendName
  readonly ran: string
  readonly arithmetic: Arithmetic
  readonly adapter?: RegExp
}[] = [
  { backend: 'cpu', ran: 'cpu', arithmetic: arithmeticOf.cpu },
  { backend: 'webasm', ran: 'webasm', arithmetic: arithmeticOf.webasm },
  { backend: 'webgl', ran: 'webgl2', arithmetic: arithmeticOf.webgl2 },
  { backend: 'webgpu', ran: 'webgpu', arithmetic: arithmeticOf.webgpu, adapter: /swiftshader/i },
  { backend: 'onnx', ran: 'onnx', arithmetic: arithmeticOf.onnx },
]

const evaluationIn = (report: CaseReport): Evaluation => {
  if (report.kind === 'problem') throw new Error(report.problem)
  return report.evaluation
}

const checkFinite = async (given: CompilerCase, found: Evaluation, arithmetic: Arithmetic): Promise<void> => {
  const { diagram, meanings, numeric, members } = given
  const evaluator = valueOf(await compile(diagram, numeric, { backend: 'cpu' }))
  const plan = valueOf(evaluator.plan(members.length))
  const bounds = boundsOf(plan, errorBounds(plan, numeric, inputsOf(diagram.inputs, members), arithmetic))
  expectWithin(
    jointOf(found).flat(),
    rowsOf(given, valueOf(interpret(FinStoch, meanings)(diagram))),
    jointBounds(bounds),
  )
}

const checkModel = async (given: LanguageModelCase, found: Evaluation, arithmetic: Arithmetic): Promise<void> => {
  const { diagram, meanings, inputs, batch, hidden, joint } = given
  const evaluator = valueOf(await compile(diagram, meanings, { backend: 'cpu' }))
  const plan = valueOf(evaluator.plan(batch))
  const bounds = boundsOf(plan, errorBounds(plan, meanings, inputs, arithmetic))
  for (const [place, vectors] of vectorsOf(found).entries())
    expectWithin(vectors, hidden.flat(), vectorsOf(bounds)[place])
  if (found.distribution !== undefined)
    expectWithin(found.distribution.entries, joint.flat(), bounds.distribution!.entries)
}

const open = async (
  backends: readonly BackendName[],
  options: { readonly isolated: boolean; readonly withoutWebGpu?: boolean },
): Promise<ReadonlyMap<BackendName, BackendReport>> => {
  const page = await bundle('test/support/browser-page.ts')
  const query = [
    `seed=${seed}&diagrams=${diagrams}&models=${models}`,
    ...backends.map((name) => `backend=${name}`),
    ...(options.withoutWebGpu === true ? ['without-webgpu'] : []),
  ].join('&')
  const reports = await reportsOf(page, { query, isolated: options.isolated, limit: 110_000 })
  return new Map(reports.map((report) => [report.backend, report]))
}

const inChromium = describe.skipIf(!chromiumIsThere)
const name = `chromium${chromiumIsThere ? '' : ` is not at ${chromium}`}`

inChromium(`${name} (seed ${seed})`, () => {
  let reports: ReadonlyMap<BackendName, BackendReport> = new Map()
  beforeAll(async () => {
    reports = await open([...expected.map(({ backend }) => backend), 'auto'], { isolated: true })
  })

  test.each(expected)('backend $backend runs on $ran and agrees with float64', async (row) => {
    const { backend, ran, arithmetic, adapter } = row
    const { finite, languageModels, large } = reports.get(backend)!
    expect([finite.length, languageModels.length]).toEqual([diagrams, models])
    const found = [...finite, ...languageModels, large].map((report) => evaluationIn(report))
    for (const { execution } of found) {
      expect([ran, 'none']).toContain(execution.backend)
      if (adapter !== undefined && execution.backend !== 'none') expect(execution.adapter).toMatch(adapter)
    }
    expect(found.filter(({ execution }) => execution.backend === ran).length).toBeGreaterThan(diagrams / 2)
    const cases = fc.sample(compilerCase, { seed, numRuns: diagrams })
    for (const [place, given] of cases.entries()) await checkFinite(given, found[place]!, arithmetic)
    const modelCases = fc.sample(languageModelCase, { seed, numRuns: models })
    for (const [place, given] of modelCases.entries()) await checkModel(given, found[diagrams + place]!, arithmetic)
    expectWithin(jointOf(found[diagrams + models]!).flat(), threadedCase.joint.flat(), undefined)
  })

  test('WebAssembly runs in threads where the page may share memory', () => {
    expect(evaluationIn(reports.get('webasm')!.large).execution.executor).toBe('fused-threaded')
  })

  test('auto does not take a GPU that is software', () => {
    const { finite, large } = reports.get('auto')!
    for (const report of [...finite, large])
      expect(['webasm', 'onnx', 'loops', 'none']).toContain(evaluationIn(report).execution.backend)
    expect(evaluationIn(large).execution.reason).toContain('the only adapter is software')
  })
})

inChromium(`${name}, in a page that may not share memory, without WebGPU`, () => {
  let reports: ReadonlyMap<BackendName, BackendReport> = new Map()
  beforeAll(async () => {
    reports = await open(['webasm', 'webgpu', 'auto'], { isolated: false, withoutWebGpu: true })
  })

  test('WebAssembly runs in one thread', () => {
    const { large } = reports.get('webasm')!
    const evaluation = evaluationIn(large)
    expect(evaluation.execution).toMatchObject({ backend: 'webasm', executor: 'fused-sync' })
    expectWithin(jointOf(evaluation).flat(), threadedCase.joint.flat(), undefined)
  })

  test('WebGPU is refused, and auto does without', () => {
    for (const report of reports.get('webgpu')!.finite)
      expect(report).toMatchObject({ kind: 'problem', problem: expect.stringContaining('no WebGPU adapter answers') })
    for (const report of reports.get('auto')!.finite)
      expect(['webasm', 'loops', 'none']).toContain(evaluationIn(report).execution.backend)
    expect(evaluationIn(reports.get('auto')!.large).execution.reason).toContain('no GPU answers')
  })
})
