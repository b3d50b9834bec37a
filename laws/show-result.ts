/**
 * The result of a check as text for people.
 */
import type { Diagram } from '../dsl/diagram.js'
import { drawText } from '../dsl/draw/index.js'
import type { Counterexample, LawResult } from './check.js'

/**
 * A result as text: one line if the law passed, otherwise the law, both sides, what the variables stand for, and how to see it again.
 */
export const showLawResult = (result: LawResult): string => {
  switch (result.kind) {
    case 'passed':
      return `${result.law.group} ${result.law.name}: passed, ${result.runs} cases`
    case 'failed':
      return showCounterexample(result.counterexample)
    case 'undecided':
      return `${result.law.group} ${result.law.name}: not decided in ${result.category}; ${result.reason}`
  }
}

/** A counterexample as text: the law, both sides drawn and evaluated, what the variables stand for, and how to see it again. */
export const showCounterexample = (counterexample: Counterexample): string => {
  const { name, group, statement, quantifier, category, left, right, where, diagrams } = counterexample
  const { seed, path, runs, shrinks } = counterexample
  const head = `${group} ${name} does not hold in ${category}`
  if (quantifier === 'some')
    return [head, field('law', statement), `no case in ${runs} satisfies it; seed ${seed}`].join('\n')
  return [
    head,
    field('law', statement),
    ...side('left', diagrams?.left, left),
    ...side('right', diagrams?.right, right),
    ...where.map((binding, index) => field(index === 0 ? 'where' : '', `${binding.name} = ${binding.value}`)),
    `found in case ${runs}, made smaller ${shrinks} times; to see it again: seed ${seed}, path '${path}'`,
  ].join('\n')
}

/** A side of a law: its drawing where it is a diagram, and its value. */
const side = (label: string, diagram: Diagram | undefined, value: string): readonly string[] => {
  const drawing = diagram === undefined ? '' : drawText(diagram)
  return drawing.trim() === '' ? [field(label, value)] : [field(label, drawing), field('=', value)]
}

const field = (label: string, text: string): string =>
  text
    .split('\n')
    .map((line, index) => `  ${(index === 0 ? label : '').padEnd(6)} ${line}`.trimEnd())
    .join('\n')
