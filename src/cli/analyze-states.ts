/** `markovcat analyze --states` and `markovcat merge`: the figures of a dump of hidden states, whole or in shards. */
import { basename, join } from 'node:path'

import { Command } from 'commander'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { BackendName } from '../compile/backend.js'
import { openStates, type StatesFile } from '../language-model/statistics/states-file.js'
import { shardOf, statesJob, statesStatistics } from '../language-model/statistics/states-statistics.js'
import { mergeStatistics } from '../language-model/statistics/statistics.js'
import { loadStatistics, saveStatistics, type StoredStatistics } from '../language-model/statistics/statistics-file.js'
import { summarise } from '../language-model/statistics/summary.js'
import {
  chunkRanges,
  notComputed,
  printStatesReport,
  type StatesReport,
  statesVersion,
} from '../report/states-report.js'
import { statesTable } from '../report/states-table.js'
import { distributedStatistics } from './distributed-states.js'
import type { Outcome } from './outcome.js'
import { checkFolder, writeTogether } from './output.js'
import { progressBar } from './progress.js'

export interface StatesOptions {
  readonly states: string
  readonly shard?: string
  readonly backend: BackendName
  readonly json?: true
  readonly quiet?: true
  /** Redis, where worker processes get shards from; without it this process does all. */
  readonly workers?: string
  /** How many workers are started here. */
  readonly processes?: string
  readonly patience?: string
  /** Where states.json and the statistics go; nothing is written where it is not given. */
  readonly out?: string
}

/** Reads a file of hidden states once, and shows what follows from it. */
export const runStates = async (options: StatesOptions): Promise<Outcome> => {
  const folder = options.out === undefined ? right(undefined) : await checkFolder(options.out)
  if (isLeft(folder)) return folder
  const states = await openStates(options.states)
  if (isLeft(states)) return states
  try {
    return await (options.workers === undefined
      ? shownStates(states.right, options)
      : shownJob(states.right, options, options.workers))
  } finally {
    await states.right.close()
  }
}

const shownStates = async (states: StatesFile, options: StatesOptions): Promise<Outcome> => {
  const range = chunksOf(options.shard, states.chunkCount)
  if (isLeft(range)) return range
  const [first, end] = range.right
  const all = Math.min(states.contexts, end * states.chunkLength) - first * states.chunkLength
  const bar = progressBar(options.quiet === true || options.json === true)
  bar.update(0, 'reading the file')
  const job = await statesJob(states)
  const found = await statesStatistics(states, {
    backend: options.backend,
    first,
    end,
    onProgress: (contexts) => bar.update(contexts / all, `${contexts} of ${all} contexts`),
  })
  bar.stop()
  if (isLeft(found)) return found
  const { statistics, backend } = found.right
  const { mode: ran, reason, adapter } = backend
  return shown({ statistics, job, head: states.head }, options, {
    files: [basename(states.path)],
    backend: { asked: options.backend, ran, reason, adapter },
  })
}

const shownJob = async (states: StatesFile, options: StatesOptions, redis: string): Promise<Outcome> => {
  const { backend: asked, json, quiet } = options
  const job = await statesJob(states)
  const found = await distributedStatistics(states, job, redis, options, quiet === true || json === true)
  if (isLeft(found)) return found
  const { statistics, discard, backend } = found.right
  const { mode: ran, reason, adapter } = backend
  const outcome = await shown({ statistics, job, head: states.head }, options, {
    files: [basename(states.path)],
    backend: { asked, ran, reason, adapter },
  })
  // Their sum has been shown, and is where it was asked for.
  if (!isLeft(outcome)) await discard()
  return outcome
}

/** `--shard i/n` as a range of chunks. */
const chunksOf = (shard: string | undefined, count: number): Either<Problem, readonly [number, number]> => {
  if (shard === undefined) return right([0, count])
  const [i, n] = (/^(\d+)\/(\d+)$/.exec(shard) ?? []).slice(1).map(Number)
  return i !== undefined && n !== undefined && 1 <= i && i <= n && n <= count
    ? right(shardOf(count, i, n))
    : left(
        problem(
          'out-of-range',
          '--shard',
          `${shard} does not do`,
          `give i/n with i from 1 to n, and n at most ${count}`,
        ),
      )
}

interface MergeOptions {
  readonly out?: string
  readonly json?: true
  readonly quiet?: true
}

export const mergeCommand = (finish: (outcome: Outcome) => void): Command =>
  new Command('merge')
    .description('merge the statistics of shards of one file of hidden states, and show what follows from them')
    .argument('<files...>', 'files statistics.safetensors that `analyze --states --shard --out` wrote')
    .option('--out <folder>', 'also write states.json and statistics.safetensors there')
    .option('--json', 'print JSON in place of the table')
    .option('--quiet', 'print problems only')
    .action(async (files: readonly string[], options: MergeOptions) => finish(await runMerge(files, options)))

const runMerge = async (files: readonly string[], options: MergeOptions): Promise<Outcome> => {
  const folder = options.out === undefined ? right(undefined) : await checkFolder(options.out)
  if (isLeft(folder)) return folder
  let merged: StoredStatistics | undefined
  for (const file of files) {
    const stored = await loadStatistics(file)
    const both = isLeft(stored) || merged === undefined ? stored : mergedWith(merged, stored.right, file)
    if (isLeft(both)) return both
    merged = both.right
  }
  if (merged === undefined) throw new Error('merge: there are no files')
  return shown(merged, options, { files: files.map((file) => basename(file)), backend: undefined })
}

const mergedWith = (a: StoredStatistics, b: StoredStatistics, file: string): Either<Problem, StoredStatistics> => {
  if (a.job !== b.job)
    return left(
      problem('invalid-value', file, 'it is of another job than those before it', 'merge shards of one file of states'),
    )
  const statistics = mergeStatistics(a.statistics, b.statistics)
  return isLeft(statistics)
    ? left({ ...statistics.left, where: file })
    : right({ statistics: statistics.right, job: a.job, head: a.head ?? b.head })
}

/** Shows the figures, and writes them where they are to be. Status 1 where an identity or a bound does not hold. */
const shown = async (
  { statistics, job, head }: StoredStatistics,
  { out, json, quiet }: MergeOptions,
  { files, backend }: { readonly files: readonly string[]; readonly backend: StatesReport['backend'] },
): Promise<Outcome> => {
  if (head === undefined)
    return left(
      problem('missing-meaning', files.join(', '), 'there is no head in it', 'give at least one with its head'),
    )
  if (!statistics.chunks.some(({ weight }) => weight > 0))
    return left(problem('empty-input', files.join(', '), 'no context has a weight', 'give contexts that count'))
  const { dimension, vocabulary } = statistics.shape
  const report: StatesReport = {
    format: 'markovcat-states',
    version: statesVersion,
    source: { files, job, dimension, vocabulary, chunks: chunkRanges(statistics) },
    backend,
    figures: summarise(statistics, head),
    notComputed,
  }
  if (quiet !== true) console.log(json === true ? printStatesReport(report).trimEnd() : statesTable(report))
  if (out !== undefined) {
    const written = await writeTogether(out, { 'states.json': printStatesReport(report) })
    if (isLeft(written)) return written
    const path = join(out, 'statistics.safetensors')
    const saved = await saveStatistics(path, statistics, job, head)
    if (isLeft(saved)) return saved
    if (quiet !== true && json !== true) console.log(`\nwrote ${[...written.right, path].join(' and ')}`)
  }
  return right(holds(report) ? 0 : 1)
}

const holds = ({ figures }: StatesReport): boolean => {
  const { entropies, calibration, geometry, correlations } = figures
  const checked = [
    ...Object.values(entropies),
    calibration,
    geometry.hiddenDimension,
    geometry.rank,
    geometry.curvature,
    ...('missing' in correlations ? [] : [correlations.raw]),
    ...('missing' in correlations || correlations.prototypes === undefined ? [] : [correlations.prototypes]),
  ]
  return checked.every((figure) => figure.holds)
}
