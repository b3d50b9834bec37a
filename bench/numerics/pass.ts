/** One pass over a file of hidden states, in a process of its own: what it took, and how far the kernels are from float64. */
import { isLeft } from 'fp-ts/lib/Either.js'

import { showProblem } from '../../dsl/problem.js'
import { type BackendName, backendNames } from '../../src/compile/backend.js'
import { chunkKernels } from '../../src/language-model/statistics/chunk-kernels.js'
import { type Chunk, chunkSums } from '../../src/language-model/statistics/chunk-sums.js'
import { openStates, type StatesFile } from '../../src/language-model/statistics/states-file.js'
import { statesStatistics } from '../../src/language-model/statistics/states-statistics.js'
import { type ChunkSums, sumNames } from '../../src/language-model/statistics/statistics.js'
import { summarise } from '../../src/language-model/statistics/summary.js'

/** What a pass prints, as JSON. */
export interface PassResult {
  readonly contexts: number
  /** Over all contexts; for float64, of those that were looked at. */
  readonly seconds: number
  /** Of the figures, from the statistics. */
  readonly summarySeconds: number
  /** Megabytes, before the comparison with float64. */
  readonly peak: number
  readonly ran: string
  readonly nll: number
  /** Of the sums of one chunk: the largest difference from float64, over the largest number of the sum. */
  readonly error: number
  /** Of the mean NLL of that chunk, nats. */
  readonly nllError: number
}

const timed = async <A>(run: () => A | Promise<A>): Promise<readonly [A, number]> => {
  const start = performance.now()
  return [await run(), (performance.now() - start) / 1000]
}

const peak = (): number => process.resourceUsage().maxRSS / 1024

const first = async (states: StatesFile): Promise<Chunk> => {
  for await (const chunk of states.chunks(0, 1)) return chunk
  throw new Error('there is no chunk')
}

/** In float64, one chunk: what it takes to do the rest is what it took for this. */
const inFloat64 = async (states: StatesFile, exact: ChunkSums, seconds: number): Promise<PassResult> => ({
  contexts: (await first(states)).targets.length,
  seconds,
  summarySeconds: 0,
  peak: peak(),
  ran: 'float64',
  nll: exact.nll[0]! / exact.weight[0]!,
  error: 0,
  nllError: 0,
})

const byKernels = async (states: StatesFile, backend: BackendName): Promise<PassResult> => {
  // The first chunk compiles the kernels; a pass that it is part of has it too.
  const [found, seconds] = await timed(() => statesStatistics(states, { backend }))
  if (isLeft(found)) throw new Error(showProblem(found.left))
  const { statistics, backend: choice } = found.right
  const [summary, summarySeconds] = await timed(() => summarise(statistics, states.head))
  const most = peak()
  const chunk = await first(states)
  const exact = chunkSums(states.shape, states.head, chunk)
  const kernels = await chunkKernels(states.shape, states.head, backend)
  if (isLeft(kernels)) throw new Error(showProblem(kernels.left))
  const sums = await kernels.right.sums(chunk)
  await kernels.right.dispose()
  const errors = sumNames.map((name) => {
    const largest = exact[name].reduce((all, entry) => Math.max(all, Math.abs(entry)), 0)
    return exact[name].reduce((all, entry, place) => Math.max(all, Math.abs(entry - sums[name][place]!)), 0) / largest
  })
  return {
    contexts: states.contexts,
    seconds,
    summarySeconds,
    peak: most,
    ran: choice.mode,
    nll: summary.nll.value,
    error: Math.max(...errors),
    nllError: Math.abs(sums.nll[0]! - exact.nll[0]!) / chunk.targets.length,
  }
}

const [path, name] = process.argv.slice(2)
if (path === undefined) throw new Error('give a file of hidden states')
const states = await openStates(path)
if (isLeft(states)) throw new Error(showProblem(states.left))
const backend = backendNames.find((each) => each === name)
if (backend === undefined) {
  const chunk = await first(states.right)
  const [exact, seconds] = await timed(() => chunkSums(states.right.shape, states.right.head, chunk))
  console.log(JSON.stringify(await inFloat64(states.right, exact, seconds)))
} else console.log(JSON.stringify(await byKernels(states.right, backend)))
await states.right.close()
