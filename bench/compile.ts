/**
 * How fast compiled diagrams are, beside programs that do the same work on the same numbers.
 *
 *     npm run bench -- [--table a,b,...] [--runs N] [--json FILE]
 *
 * Every time is a measurement: the median of some rounds, all contenders in turn, on the machine as it is. Every result is compared with a
 * float64 reference; a row whose numbers are wrong makes the status 1. Peers that are not installed are named with the reason.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'

import { callSections } from './compile/calls.js'
import { combSections } from './compile/comb.js'
import { type Section, sectionText, wrongRows } from './compile/contest.js'
import { gridSections } from './compile/grid.js'
import { headSections } from './compile/head.js'
import { networkSections } from './compile/networks.js'
import { productSections } from './compile/products.js'

interface Table {
  readonly key: string
  readonly title: string
  readonly sections: (rounds: number) => Promise<readonly Section[]>
}

const tables: readonly Table[] = [
  { key: 'a', title: 'Comb: a hidden Markov model, the law of its last observation', sections: combSections },
  { key: 'b', title: 'Grids: the law of the last corner', sections: gridSections },
  { key: 'c', title: 'Bayesian networks: all single marginals', sections: networkSections },
  { key: 'd', title: 'Language-model head', sections: headSections },
  { key: 'e', title: 'Products of stochastic matrices', sections: productSections },
  { key: 'f', title: 'One call', sections: callSections },
]

const stop = (what: string): never => {
  console.error(`bench: ${what}`)
  process.exit(2)
}

const options = (() => {
  try {
    return parseArgs({
      options: {
        table: { type: 'string', default: tables.map(({ key }) => key).join(',') },
        runs: { type: 'string', default: '7' },
        json: { type: 'string' },
      },
    }).values
  } catch (error) {
    return stop(error instanceof Error ? error.message : String(error))
  }
})()
const rounds = Number(options.runs)
if (!Number.isInteger(rounds) || rounds < 1) stop(`--runs is a whole number of at least 1, not '${options.runs}'`)
const chosen = options.table
  .split(',')
  .map(
    (key) =>
      tables.find((table) => table.key === key) ??
      stop(`there is no table '${key}': ${tables.map((each) => each.key).join(', ')}`),
  )

console.log(
  `markovcat: measurements, medians of ${rounds} rounds; node ${process.version}, ${availableParallelism()} processors, ${cpus()[0]?.model ?? ''}`,
)
const done: { readonly key: string; readonly title: string; readonly sections: readonly Section[] }[] = []
for (const { key, title, sections } of chosen) {
  console.log(`\n(${key}) ${title}`)
  const measured = await sections(rounds)
  for (const section of measured) console.log(`\n${sectionText(section)}`)
  done.push({ key, title, sections: measured })
}
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(done, undefined, 2)}\n`)
const wrong = done.flatMap(({ sections }) => sections.flatMap(wrongRows))
if (wrong.length > 0) {
  console.error(`\nwrong numbers:\n${wrong.join('\n')}`)
  process.exitCode = 1
}
