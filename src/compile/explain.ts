/**
 * A plan as a table that people can read: the steps, the sizes of what they give, and what they are predicted to take.
 */
import { showWires, type Wires } from '../../dsl/object.js'
import { operationCount, type Operation, resultShape } from './operation.js'
import type { Answer, Plan, Source } from './plan.js'

/**
 * The steps of a plan, one a line, and its totals. Operations are predicted multiplications and additions; an exponential or a logarithm
 * counts as one.
 *
 * @example
 * const Bit = finite('Bit', 2)
 * const diagram = seq(box('coin', [], [Bit]), box('noise', [Bit], [Bit]))
 * const evaluator = toUnion(await compile(diagram, { coin: [[0.5, 0.5]], noise: [[0.9, 0.1], [0.2, 0.8]] }, { backend: 'cpu' }))
 * explainPlan(toUnion(evaluator.plan(1))).split('\n').length > 3 // => true
 */
export const explainPlan = (plan: Plan): string => {
  const { tensors, steps, loop } = plan
  const inside = (index: number): boolean => loop !== undefined && index >= loop.first && index <= loop.last
  const rows = steps.map(({ operation, operands, result }, index) => {
    const { rows: height, columns } = resultShape(operation)
    const times = inside(index) ? loop!.count : 1
    return [
      `${inside(index) ? '* ' : ''}t${result}`,
      `${operation.kind}(${operands.map((operand) => nameOf(tensors[operand]!.source, operand)).join(', ')})`,
      detailOf(operation),
      `${height} x ${columns}`,
      count(operationCount(operation) * times),
    ]
  })
  const head = ['result', 'operation', 'over', 'size', 'operations']
  const { answer, axes, exponents, contraction } = plan
  return [
    ...aligned([head, ...rows]),
    '',
    ...(loop === undefined
      ? []
      : [
          `* done ${count(loop.count)} times, once for each value of the sliced indices of sizes ${loop.sizes.join(', ')}`,
        ]),
    ...(contraction === undefined
      ? []
      : [
          `contraction of ${contraction.graph.factors.length} factors: ${contraction.order.strategy}, ` +
            `at most ${count(contraction.order.peak)} entries alive at once`,
        ]),
    answer === undefined ? 'every output is a value' : answered(answer, axes),
    ...(exponents.length === 0 ? [] : [`${exponents.length} results are scaled by powers of two`]),
    `${steps.length} steps for a batch of ${plan.batch}, ${count(plan.operations)} predicted operations, ` +
      `the largest tensor has ${count(plan.largest)} entries`,
  ].join('\n')
}

const answered = (answer: Answer, axes: Wires): string => {
  switch (answer.kind) {
    case 'joint':
      return `joint distribution of ${showWires(axes)} in t${answer.tensor}`
    case 'marginals':
      return `distributions of ${showWires(axes)} in ${answer.marginals.map(({ tensor }) => `t${tensor}`).join(', ')}`
    case 'most-likely':
      return `most likely values of ${showWires(axes)}, whose probability is in t${answer.largest.tensor}`
  }
}

const nameOf = (source: Source, tensor: number): string => {
  switch (source.kind) {
    case 'input':
      return `input ${source.port}`
    case 'parameter':
      return source.box.name
    case 'evidence':
      return `evidence ${source.port}`
    case 'one':
      return '1'
    case 'loop':
      return 'indices of the loop'
    case 'step':
      return `t${tensor}`
  }
}

const detailOf = (operation: Operation): string => {
  switch (operation.kind) {
    case 'contract':
      return operation.summed.length === 0
        ? 'nothing summed'
        : `${operation.reduction} over ${operation.summed.join(' x ')}`
    case 'affine':
      return `${operation.inputs} inputs, ${operation.activation}`
    case 'categorical-entropy':
      return operation.measure
    case 'exponent':
    case 'scale':
      return operation.group === 1 ? 'each row' : `groups of ${operation.group} rows`
    case 'log-sum-exp':
    case 'normalise':
      return `${operation.columns} columns`
    case 'embed':
      return `${operation.length} symbols`
    case 'concatenate':
    case 'gather':
      return ''
  }
}

const count = (value: number): string => value.toLocaleString('en-US')

/** Columns of one width each, the last two to the right. */
const aligned = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column >= 3 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
}
