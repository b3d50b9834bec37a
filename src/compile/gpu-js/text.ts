import type { Reduction } from '../operation.js'

/** The text of a kernel. */
export const kernelText = (parameters: readonly string[], lines: readonly string[]): string =>
  `function(${parameters.join(', ')}) {\n${lines.map((line) => `  ${line}`).join('\n')}\n}`

/** Takes one more product into a sum or a maximum. */
export const accumulated = (reduction: Reduction, total: string, product: string): string =>
  reduction === 'sum' ? `${total} += ${product};` : `${total} = Math.max(${total}, ${product});`
