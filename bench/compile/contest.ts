/** Contenders that do the same work, timed in turn, so that whatever else the machine does falls on all of them. */
import { median } from '../language/measure.js'
import { table } from '../language/table.js'

/** What a run gives: one array, or several in order. */
export type Given = ArrayLike<number> | readonly ArrayLike<number>[]

/** Something that is timed: what it gives is checked. */
export interface Contender {
  readonly name: string
  readonly run: () => Promise<Given> | Given
  /** Runs so many times and gives the milliseconds that took, for what has a clock of its own; otherwise `run` is timed. */
  readonly times?: (count: number) => Promise<number>
  readonly stop: () => Promise<void>
}

/** A peer that does not take part, and why. */
export interface Absent {
  readonly name: string
  readonly why: string
}
export type Peer = Contender | Absent

export interface Contest {
  readonly title: string
  /** The first of them is what the others are compared with. */
  readonly peers: readonly Peer[]
  /** What each must give, and how far an entry may be from that, as a fraction of the largest entry. */
  readonly reference: Given
  readonly bound: number
  /** Multiplications and additions of one run, where they are the same for all. */
  readonly operations?: number
}

/** Measurements, but for the difference, which is exact. */
export interface Figure {
  readonly name: string
  /** Milliseconds of wall time of a run: the median of the rounds, and the shortest. */
  readonly time: number
  readonly best: number
  /** The median time as a multiple of that of the first contender. */
  readonly ratio: number
  /** The largest difference from the reference, as a fraction of its largest entry. */
  readonly difference: number
}

export interface Section {
  readonly title: string
  readonly figures: readonly Figure[]
  readonly absent: readonly Absent[]
  readonly bound: number
  readonly operations: number | undefined
  readonly notes: readonly string[]
}

/** Short runs are repeated until a round takes as many milliseconds as this. */
const shortestRound = 10

const isAbsent = (peer: Peer): peer is Absent => 'why' in peer
const isContender = (peer: Peer): peer is Contender => !isAbsent(peer)

/** The times of all contenders in `rounds` rounds, after a first run that is checked and rounds that warm up. */
export const contest = async (
  { title, peers, reference, bound, operations }: Contest,
  rounds: number,
): Promise<Section> => {
  const contenders = peers.filter(isContender)
  const differences: number[] = []
  const counts: number[] = []
  for (const contender of contenders) {
    differences.push(largestDifference(await contender.run(), reference))
    counts.push(await repetitions(contender))
  }
  const times = contenders.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (const [place, contender] of contenders.entries())
      times[place]!.push((await timed(contender, counts[place]!)) / counts[place]!)
  for (const { stop } of contenders) await stop()
  const first = median(times[0]!)
  return {
    title,
    figures: contenders.map(({ name }, place) => {
      const time = median(times[place]!)
      return {
        name,
        time,
        best: Math.min(...times[place]!),
        ratio: time / first,
        difference: differences[place]!,
      }
    }),
    absent: peers.filter(isAbsent),
    bound,
    operations,
    notes: [],
  }
}

/** How often a contender runs in a round; on the way there it is warmed up. */
const repetitions = async (contender: Contender): Promise<number> => {
  let count = 1
  for (;;) {
    const time = await timed(contender, count)
    if (time >= shortestRound) return count
    count = Math.ceil(count * Math.min(8, Math.max(1.5, (1.2 * shortestRound) / Math.max(time, 1e-3))))
  }
}

const timed = async ({ run, times }: Contender, count: number): Promise<number> => {
  if (times !== undefined) return times(count)
  const start = performance.now()
  for (let k = 0; k < count; k++) {
    const given = run()
    if (given instanceof Promise) await given
  }
  return performance.now() - start
}

/** NaN where there is one, or where there are more or fewer entries. */
const largestDifference = (given: Given, reference: Given): number => {
  const [found, wanted] = [partsOf(given), partsOf(reference)].map((parts) =>
    Float64Array.from(parts.flatMap((part) => Array.from(part))),
  )
  if (found!.length !== wanted!.length) return Number.NaN
  let [largest, difference] = [0, 0]
  wanted!.forEach((entry, at) => {
    largest = Math.max(largest, Math.abs(entry))
    difference = Math.max(difference, Math.abs(found![at]! - entry))
  })
  return difference / largest
}

const partsOf = (given: Given): readonly ArrayLike<number>[] => (isParts(given) ? given : [given])
const isParts = (given: Given): given is readonly ArrayLike<number>[] => typeof given[0] === 'object'

/** The rows of a section whose numbers are wrong. */
export const wrongRows = ({ title, figures, bound }: Section): readonly string[] =>
  figures.flatMap(({ name, difference }) =>
    difference <= bound ? [] : [`${title}: ${name}: off by ${difference}, and the bound is ${bound}`],
  )

/** The figures as text. */
export const sectionText = ({ title, figures, absent, bound, operations, notes }: Section): string =>
  [
    title,
    table(
      ['', 'median', 'best', ...(operations === undefined ? [] : ['GFLOP/s']), 'ratio', 'difference'],
      figures.map(({ name, time, best, ratio, difference }) => [
        name,
        duration(time),
        duration(best),
        ...(operations === undefined ? [] : [(operations / time / 1e6).toFixed(2)]),
        ratio.toFixed(2),
        `${difference.toExponential(1)}${difference <= bound ? '' : ' WRONG'}`,
      ]),
    ),
    ...absent.map(({ name, why }) => `absent: ${name}: ${why}`),
    ...notes,
    `ratio: times the first row; difference: from the float64 reference, at most ${bound} of its largest entry`,
  ].join('\n')

/** Milliseconds as text, with their unit. */
export const duration = (milliseconds: number): string => {
  if (milliseconds < 1) return `${(1000 * milliseconds).toPrecision(3)} us`
  return milliseconds < 1000 ? `${milliseconds.toPrecision(3)} ms` : `${(milliseconds / 1000).toPrecision(3)} s`
}
