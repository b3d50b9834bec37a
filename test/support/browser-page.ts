/** What runs in a page: the random cases of a seed, each compiled and run on each backend; what comes out is sent to where the page is from. */
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'

import { type Diagram, showProblem } from '../../dsl/index.js'
import { type BackendName, backendNames } from '../../src/compile/backend.js'
import { compile } from '../../src/compile/evaluate.js'
import type { NumericMeanings } from '../../src/compile/meaning.js'
import { inputsOf } from './batch-inputs.js'
import type { BackendReport, CaseReport } from './browser.js'
import { compilerCase } from './finite-diagram.js'
import { languageModelCase } from './random-language-model.js'
import { threadedCase } from './threaded-case.js'

const query = new URLSearchParams(location.search)
const number = (name: string): number => Number(query.get(name))
const [seed, diagrams, models] = [number('seed'), number('diagrams'), number('models')]
const backends = backendNames.filter((name) => query.getAll('backend').includes(name))
// A browser without WebGPU.
if (query.has('without-webgpu')) Object.defineProperty(navigator, 'gpu', { value: undefined })

const run = async (
  backend: BackendName,
  diagram: Diagram,
  meanings: NumericMeanings,
  inputs: readonly ArrayLike<number>[],
  batch: number,
): Promise<CaseReport> => {
  const compiled = await compile(diagram, meanings, { backend })
  if (isLeft(compiled)) return { kind: 'problem', problem: showProblem(compiled.left) }
  const evaluation = await compiled.right.run(inputs, { batch })
  await compiled.right.dispose()
  return isLeft(evaluation)
    ? { kind: 'problem', problem: showProblem(evaluation.left) }
    : { kind: 'evaluation', evaluation: evaluation.right }
}

const all = async (backend: BackendName): Promise<BackendReport> => {
  const finite: CaseReport[] = []
  for (const { diagram, numeric, members } of fc.sample(compilerCase, { seed, numRuns: diagrams }))
    finite.push(await run(backend, diagram, numeric, inputsOf(diagram.inputs, members), members.length))
  const languageModels: CaseReport[] = []
  for (const { diagram, meanings, inputs, batch } of fc.sample(languageModelCase, { seed, numRuns: models }))
    languageModels.push(await run(backend, diagram, meanings, inputs, batch))
  const { diagram, meanings, inputs, batch } = threadedCase
  return { backend, finite, languageModels, large: await run(backend, diagram, meanings, inputs, batch) }
}

const send = (path: string, report: unknown): Promise<Response> =>
  fetch(path, {
    method: 'POST',
    body: JSON.stringify(report, (_, value: unknown) =>
      value instanceof Float32Array || value instanceof Float64Array ? Array.from(value) : value,
    ),
  })

addEventListener('unhandledrejection', ({ reason }) => void send('/failure', String(reason)))
addEventListener('error', ({ message }) => void send('/failure', message))
for (const backend of backends) await send('/report', await all(backend))
await send('/end', null)
