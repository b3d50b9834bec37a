/**
 * Disintegration as an equation: a joint state on X ⊗ Y is its marginal on X followed by a conditional, with X copied.
 *
 * The equation is a rewriting rule. Used from left to right inside a larger diagram it opens the joint state, so that what does not
 * depend on Y loses it by the axioms alone; from right to left it closes it again. Run it after a build:
 * `node dist/examples/disintegration.js`.
 */
import { pathToFileURL } from 'node:url'

import { isLeft } from 'fp-ts/lib/Either.js'

import {
  box,
  type Diagram,
  drawText,
  equal,
  finite,
  normalForm,
  type Problem,
  program,
  showProblem,
  state,
} from '../dsl/index.js'
import { equation, rewrite } from '../dsl/index.js'
import { distance, FinStoch, interpret, type Rows } from '../src/index.js'

// Wires: who is ill, what the test says, what the doctor does.
const Illness = finite('Illness', ['ill', 'well'])
const Test = finite('Test', ['positive', 'negative', 'unclear'])
const Course = finite('Course', ['treat', 'wait'])

// Boxes.
const survey = state('survey', [Illness, Test])
const prevalence = state('prevalence', [Illness])
const testing = box('testing', [Illness], [Test])
const course = box('course', [Test], [Course])
const recovery = box('recovery', [Illness, Course], [Illness])

export const disintegration = equation(
  'the survey is disintegrated',
  survey,
  program([], () => {
    const [illness] = prevalence()
    const [test] = testing(illness)
    return [illness, test]
  }),
)

/** The diagrams in which the survey stands: a clinic that looks at the test, and a census that does not. */
export const clinic = program([], () => {
  const [illness, test] = survey()
  const [decided] = course(test)
  const [after] = recovery(illness, decided)
  return [illness, after]
})
export const census = program([], () => {
  const [illness] = survey()
  return [illness]
})

/** The joint distribution that was counted, in 64ths: the first three for the ill. */
const counted = [
  [6 / 64, 1 / 64, 1 / 64],
  [7 / 64, 42 / 64, 7 / 64],
]
const total = (row: readonly number[]): number => row.reduce((sum, weight) => sum + weight, 0)

/** A matrix for each box; the right side has the meaning of the left one because it is computed from it. */
export const meanings: Readonly<Record<string, Rows>> = {
  survey: [counted.flat()],
  prevalence: [counted.map(total)],
  testing: counted.map((row) => row.map((weight) => weight / total(row))),
  course: [
    [0.9, 0.1],
    [0.1, 0.9],
    [0.5, 0.5],
  ],
  recovery: [
    [0.25, 0.75],
    [0.75, 0.25],
    [0.125, 0.875],
    [0.0625, 0.9375],
  ],
}

const show = (title: string, diagram: Diagram): void => console.log(`\n${title}\n\n${drawText(diagram)}`)
const orExit = <A>(result: { _tag: 'Left'; left: Problem } | { _tag: 'Right'; right: A }): A => {
  if (!isLeft(result)) return result.right
  console.error(showProblem(result.left))
  process.exit(1)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  show('The clinic, with the joint state of a survey:', clinic)
  const opened = orExit(rewrite(clinic, disintegration))
  show('With the survey disintegrated:', opened)
  const [before, after] = [clinic, opened].map((diagram) => orExit(interpret(FinStoch, meanings)(diagram)))
  console.log(`\nWhat both mean in FinStoch:\n${FinStoch.show(after!)}`)
  console.log(
    `distance of the two meanings, largest total variation of a row (identity, 0 but for rounding): ${distance(before!, after!)}`,
  )

  const joined = equation('and back', disintegration.rhs, disintegration.lhs)
  const closed = orExit(rewrite(opened, joined))
  console.log(`\nRewritten from right to left it is the clinic again (identity, decided): ${equal(closed, clinic)}`)

  const marginal = orExit(rewrite(census, disintegration))
  show('The census discards the test; with the survey disintegrated only its marginal is left:', marginal)
  const left = normalForm(marginal).boxes.map(({ box: { name } }) => name)
  console.log(`boxes that are left (identity, decided): ${left.join(', ')}`)
}
