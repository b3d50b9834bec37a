/** The plan of a diagram, as `compile` makes it. */
import type { Either } from 'fp-ts/lib/Either.js'

import { type Diagram, normalForm, type Problem } from '../../dsl/index.js'
import type { CategoricalEntropyName } from '../../src/information/categorical-entropy.js'
import type { NumericMeanings } from '../../src/compile/meaning.js'
import type { Plan } from '../../src/compile/plan.js'
import { checkMeanings, planOf, type PlanOptions } from '../../src/compile/plan-of.js'
import { valueOf } from './value-of.js'

export const planFor = (
  diagram: Diagram,
  meanings: NumericMeanings,
  batchSize: number,
  measures: readonly CategoricalEntropyName[] = [],
  options: PlanOptions = {},
): Either<Problem, Plan> => {
  const form = normalForm(diagram)
  const task = { form, meanings: valueOf(checkMeanings(form, meanings)), batchSize, measures, observed: [] }
  return planOf({ ...task, question: 'joint', varying: new Set() }, options)
}
