/** The tasks that DisCoPy is timed on, its reference figures, and its figures in this run where Python has it. */
import { spawnSync } from 'node:child_process'

/** Times in milliseconds; Infinity for what was stopped. */
export interface Peer {
  readonly build: number
  readonly equality: number
  readonly drawing: number
}

export const peerSizes = { boxes: 1_000, drawn: 500 } as const

/** Reference figures, measured elsewhere, on another machine; the drawing was stopped after a minute. */
export const referencePeer: Peer = { build: 290, equality: 40_000, drawing: Infinity }

/** Each task in a process of its own, so that a task that is stopped does not take the others with it. */
const preamble = `
import time
from discopy.markov import Ty, Box, Copy, Diagram, Id
x = Ty('x')
f, g = Box('f', x, x), Box('g', x, x)
def timed(task):
    start = time.perf_counter()
    task()
    print(1000 * (time.perf_counter() - start))
def comb(boxes):
    whole = Id(x)
    for k in range(boxes // 2):
        emitted = Id(x ** k)
        whole = whole >> emitted @ Copy(x) >> emitted @ f @ g
    return whole
`

const tasks = {
  build: `
def task():
    whole = f
    for _ in range(${peerSizes.boxes - 1}):
        whole = whole >> f
timed(task)`,
  equality: `
left, right = comb(${peerSizes.boxes}), comb(${peerSizes.boxes})
def task():
    assert left.to_hypergraph() == right.to_hypergraph()
timed(task)`,
  drawing: `
import matplotlib
matplotlib.use('svg')
whole = comb(${peerSizes.drawn})
timed(lambda: whole.draw(path='/dev/null', format='svg', show=False))`,
} as const

/** DisCoPy's times in this run, or why there are none. */
export const livePeer = (): Peer | string => {
  if (spawnSync('python3', ['-c', 'import discopy']).status !== 0)
    return 'not measured, python3 does not find the package discopy'
  return { build: timeOf(tasks.build), equality: timeOf(tasks.equality), drawing: timeOf(tasks.drawing) }
}

const timeOf = (task: string): number => {
  const { status, stdout, stderr, error } = spawnSync('python3', ['-c', preamble + task], {
    encoding: 'utf8',
    timeout: 120_000,
  })
  if (error !== undefined) return Infinity
  if (status !== 0) throw new Error(`DisCoPy failed\n${stderr}`)
  return Number(stdout.trim())
}
