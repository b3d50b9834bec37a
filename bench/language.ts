/**
 * How the language scales: diagrams of 100,000 boxes, and the same tasks at 1,000 boxes beside DisCoPy.
 *
 * Every number is a measurement: wall times in seconds, each the median of three runs after a warm-up, each workload in a process of
 * its own.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { livePeer, type Peer, peerSizes, referencePeer } from './language/discopy.js'
import { type Memory, memoryOf, operations, ownFigures, type Times, timesOf } from './language/measure.js'
import { seconds, table } from './language/table.js'
import { type Workload, workloads } from './language/workloads.js'
import { typeCheckFigures } from './language/type-check.js'

const boxes = 100_000
const runs = 3

const main = (): void => {
  console.log(
    `A. ${boxes.toLocaleString('en')} boxes: seconds (measurement, median of ${runs}, node ${process.version})\n`,
  )
  const figures = workloads.map(({ name }) => {
    process.stderr.write(`${name} ...\n`)
    const [half, whole] = inProcess<readonly [Times, Times]>('times', name)
    return { name, half, whole, memory: inProcess<Memory>('memory', name) }
  })
  console.log(
    table(
      ['', ...operations],
      figures.map(({ name, whole }) => [name, ...operations.map((operation) => seconds(whole[operation]))]),
    ),
  )
  console.log(`\nB. Growth: time at ${boxes.toLocaleString('en')} boxes / time at half as many; linear is 2\n`)
  console.log(
    table(
      ['', ...operations],
      figures.map(({ name, half, whole }) => [
        name,
        ...operations.map((operation) => (whole[operation] / half[operation]).toFixed(2)),
      ]),
    ),
  )
  console.log('\nC. Memory: bytes a box, of the diagram, and of the whole run at its peak (growth of the process)\n')
  console.log(
    table(
      ['', 'diagram', 'peak'],
      figures.map(({ name, memory }) => [name, memory.diagram.toFixed(0), memory.peak.toFixed(0)]),
    ),
  )

  console.log('\nD. Beside DisCoPy: seconds\n')
  const live = livePeer()
  const own = ownFigures(peerSizes, runs)
  const row = (task: string, of: (peer: Peer) => number | undefined, ours: number): readonly string[] => [
    task,
    seconds(ours),
    ...[referencePeer, live].map((peer) => {
      const time = typeof peer === 'string' ? undefined : of(peer)
      return time === undefined ? '-' : time > 60_000 ? '> 60' : seconds(time)
    }),
  ]
  console.log(
    table(
      ['', 'markovcat', 'DisCoPy (reference figures, measured elsewhere)', 'DisCoPy (this run)'],
      [
        row(`build ${peerSizes.boxes} boxes, one by one`, ({ build }) => build, own.build),
        row(`equality with copies, ${peerSizes.boxes} boxes`, ({ equality }) => equality, own.equality),
        row(`svg of a comb of ${peerSizes.drawn} boxes`, ({ drawing }) => drawing, own.drawing),
      ],
    ),
  )
  if (typeof live === 'string') console.log(`\nDisCoPy, this run: ${live}`)

  const types = typeCheckFigures(runs)
  console.log(
    `\nE. Type check of two programs of 200 boxes: ${seconds(types.time)} s, ${types.instantiations.toLocaleString('en')} instantiations (median of ${runs}, the library itself not counted)`,
  )
}

/** A measurement in a process of its own. */
const inProcess = <A>(what: 'times' | 'memory', workload: string): A => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', fileURLToPath(import.meta.url), what, workload],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`${what} of '${workload}' failed\n${stderr}`)
  return JSON.parse(stdout)
}

const named = (name: string | undefined): Workload => {
  const workload = workloads.find((candidate) => candidate.name === name)
  if (workload === undefined) throw new Error(`there is no workload '${name}'`)
  return workload
}

const [, , what, workload] = process.argv
if (what === 'times') console.log(JSON.stringify(timesOf(named(workload), [boxes / 2, boxes], runs)))
else if (what === 'memory') console.log(JSON.stringify(memoryOf(named(workload), boxes)))
else main()
