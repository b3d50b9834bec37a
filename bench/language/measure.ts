/** What is measured of a workload: times, and the memory of a process that does it once. */
import { isLeft } from 'fp-ts/lib/Either.js'

import { encodeDiagram, parseDiagram, decodeDiagram, printDiagram } from '../../dsl/codec/index.js'
import { contentHash } from '../../dsl/content-hash.js'
import { canonicalKey, drawSvg, equal, normalForm, wiringOf } from '../../dsl/index.js'
import { comb, oneByOne, type Workload } from './workloads.js'

export const operations = [
  'build',
  'wiringOf',
  'normalForm',
  'canonicalKey',
  'contentHash',
  'equal',
  'encode',
  'print',
  'parse',
  'decode',
] as const
export type Operation = (typeof operations)[number]
/** Milliseconds of wall time. */
export type Times = Readonly<Record<Operation, number>>

/** Bytes a box. */
export interface Memory {
  /** What the diagram takes once it is built. */
  readonly diagram: number
  /** How far the process grew while it built the diagram and its equal, compared them, and went to JSON and back. */
  readonly peak: number
}

const clock = <A>(run: () => A): { readonly value: A; readonly time: number } => {
  const start = performance.now()
  const value = run()
  return { value, time: performance.now() - start }
}

const collectGarbage = (): void => {
  if (globalThis.gc === undefined) throw new Error('the measuring process must be started with --expose-gc')
  globalThis.gc()
}

/** The times of one run, after a collection of garbage before each. */
const once = ({ build, buildOther }: Workload, boxes: number): Times => {
  const time = <A>(run: () => A): { readonly value: A; readonly time: number } => {
    collectGarbage()
    return clock(run)
  }
  const built = time(() => build(boxes))
  const diagram = built.value
  const wiring = time(() => wiringOf(diagram))
  const form = time(() => normalForm(diagram))
  const key = time(() => canonicalKey(diagram))
  const hash = time(() => contentHash(diagram))
  const other = buildOther(boxes)
  const compared = time(() => equal(diagram, other))
  if (!compared.value) throw new Error('the two diagrams of a workload must be equal')
  const encoded = time(() => encodeDiagram(diagram))
  const printed = time(() => printDiagram(diagram))
  const parsed = time(() => parseDiagram(printed.value))
  const decoded = time(() => decodeDiagram(encoded.value))
  if (isLeft(parsed.value) || isLeft(decoded.value)) throw new Error('a document must read as it was written')
  return {
    build: built.time,
    wiringOf: wiring.time,
    normalForm: form.time,
    canonicalKey: key.time,
    contentHash: hash.time,
    equal: compared.time,
    encode: encoded.time,
    print: printed.time,
    parse: parsed.time,
    decode: decoded.time,
  }
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

/** The medians of some runs at each size, the sizes in turn; a small run before them warms the process up. */
export const timesOf = (workload: Workload, sizes: readonly number[], runs: number): readonly Times[] => {
  once(workload, 5_000)
  const measured = Array.from({ length: runs }, () => sizes.map((size) => once(workload, size)))
  return sizes.map((_, at) => {
    const cell = (operation: Operation): number => median(measured.map((run) => run[at]![operation]))
    return {
      build: cell('build'),
      wiringOf: cell('wiringOf'),
      normalForm: cell('normalForm'),
      canonicalKey: cell('canonicalKey'),
      contentHash: cell('contentHash'),
      equal: cell('equal'),
      encode: cell('encode'),
      print: cell('print'),
      parse: cell('parse'),
      decode: cell('decode'),
    }
  })
}

/** The memory of a run, of a process that has done nothing before. */
export const memoryOf = (workload: Workload, boxes: number): Memory => {
  once(workload, 100)
  collectGarbage()
  const used = process.memoryUsage().heapUsed
  const peak = process.resourceUsage().maxRSS
  const diagram = workload.build(boxes)
  collectGarbage()
  const held = process.memoryUsage().heapUsed - used
  once({ ...workload, build: () => diagram }, boxes)
  return { diagram: held / boxes, peak: (1024 * (process.resourceUsage().maxRSS - peak)) / boxes }
}

/** The tasks of the comparison, in milliseconds. */
export const ownFigures = (
  { boxes, drawn }: { readonly boxes: number; readonly drawn: number },
  runs: number,
): { readonly build: number; readonly equality: number; readonly drawing: number } => {
  const [left, right] = [comb(boxes), comb(boxes)]
  const small = comb(drawn)
  const cell = (task: () => unknown): number => median(Array.from({ length: runs }, () => clock(task).time))
  return {
    build: cell(() => oneByOne(boxes)),
    equality: cell(() => equal(left, right)),
    drawing: cell(() => drawSvg(small)),
  }
}
