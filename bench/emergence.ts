/**
 * Does the alignment of hidden states with the operators of the data emerge in training, and does it stay?
 *
 * The table of section 3 of the specification's mathematics, made anew: `--row A,B` for some rows, `--seeds`, `--steps`, `--text FILE` for
 * another text than Moby-Dick. Scores are measurements, beside their chance and shuffled targets; residuals are of identities.
 */
import { parseArgs } from 'node:util'

import {
  dirichletControl,
  entropyIdentity,
  type Finding,
  type FindingSettings,
  pillaiOfPairs,
  selfAlignmentTrap,
  usableSurplusTable,
} from './emergence/findings.js'
import { rowText } from './emergence/print.js'
import { ridgeTable } from './emergence/ridge.js'
import { curveRows, runRow } from './emergence/rows.js'
import { readText } from './emergence/texts.js'
import { table } from './language/table.js'

/** The rows that are no curves, with their seeds. */
const findings: Readonly<Record<string, readonly [(settings: FindingSettings) => Promise<Finding>, number]>> = {
  ridge: [ridgeTable, 3],
  F4: [selfAlignmentTrap, 3],
  F5: [dirichletControl, 2],
  F6: [entropyIdentity, 2],
  F7: [pillaiOfPairs, 2],
  F8: [usableSurplusTable, 5],
}

const { values: options } = parseArgs({
  options: {
    row: { type: 'string' },
    seeds: { type: 'string' },
    steps: { type: 'string' },
    text: { type: 'string' },
  },
})

const count = (name: string, value: string | undefined): number | undefined => {
  if (value === undefined) return undefined
  const number = Number(value)
  if (!(Number.isInteger(number) && number >= 1))
    throw new Error(`--${name} ${value}: give a whole number of at least 1`)
  return number
}

const main = async (): Promise<void> => {
  const [seeds, steps] = [count('seeds', options.seeds), count('steps', options.steps)]
  const text = readText(options.text)
  const wanted = options.row?.split(',')
  const names = [...curveRows.map(({ name }) => name), ...Object.keys(findings)]
  const unknown = wanted?.find((name) => !names.some((known) => known === name))
  if (unknown !== undefined) throw new Error(`--row ${unknown}: give some of ${names.join(',')}`)
  const onProgress = (what: string): void => void process.stderr.write(`${what}\n`)
  for (const row of curveRows.filter(({ name }) => wanted === undefined || wanted.includes(name))) {
    const result = await runRow(row, {
      text,
      onProgress,
      ...(seeds === undefined ? {} : { seeds }),
      ...(steps === undefined ? {} : { steps }),
    })
    console.log(rowText(result, seeds ?? row.seeds, steps ?? row.steps))
  }
  for (const [name, [make, usual]] of Object.entries(findings)) {
    if (wanted !== undefined && !wanted.includes(name)) continue
    const { title, head, rows } = await make({
      text,
      seeds: seeds ?? usual,
      onProgress,
      ...(steps === undefined ? {} : { steps }),
    })
    console.log(`${title}\n\n${table(head, rows)}\n`)
  }
}

await main()
