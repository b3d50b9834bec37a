/** The text of a kernel. */
export const kernelText = (parameters: readonly string[], lines: readonly string[]): string =>
  `function(${parameters.join(', ')}) {\n${lines.map((line) => `  ${line}`).join('\n')}\n}`
