/** Contenders timed in turn, so that whatever else the machine does falls on all of them. */
import { median } from '../language/measure.js'
import { table } from '../language/table.js'
import type { Contender } from './peers.js'

export interface Figure {
  readonly name: string
  /** The median wall time in milliseconds, and the shortest. */
  readonly time: number
  readonly best: number
  /** The greatest difference from the first contender, of the largest entry of its result. */
  readonly difference: number
}

/** The times of all contenders, each run `runs` times after a first that is not counted. */
export const contest = async (contenders: readonly Contender[], runs: number): Promise<readonly Figure[]> => {
  const results: Float32Array[] = []
  for (const { run } of contenders) results.push(Float32Array.from(await run()))
  const times = contenders.map((): number[] => [])
  for (let round = 0; round < runs; round++)
    for (const [place, { run }] of contenders.entries()) {
      const start = performance.now()
      await run()
      times[place]!.push(performance.now() - start)
    }
  for (const { stop } of contenders) await stop()
  const [reference] = results
  const scale = reference!.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0)
  return contenders.map(({ name }, place) => ({
    name,
    time: median(times[place]!),
    best: Math.min(...times[place]!),
    difference:
      reference!.reduce((most, entry, at) => Math.max(most, Math.abs(entry - results[place]![at]!)), 0) / scale,
  }))
}

/** Times, speeds, and each time as a multiple of that of the first contender. */
export const contestTable = (figures: readonly Figure[], operations: number): string =>
  table(
    ['', 'median ms', 'best ms', 'GFLOP/s', 'times the first', 'difference'],
    figures.map(({ name, time, best, difference }) => [
      name,
      time.toFixed(1),
      best.toFixed(1),
      (operations / time / 1e6).toFixed(2),
      (time / figures[0]!.time).toFixed(2),
      difference.toExponential(1),
    ]),
  )
