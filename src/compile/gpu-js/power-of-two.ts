/**
 * Exponents of two as inlined text: found by comparisons and applied by multiplications with literal powers of two, so that nothing is
 * rounded. On GPUs exp2 and log2 are approximations; on WebAssembly they are calls out of the kernel.
 */

const bits = [64, 32, 16, 8, 4, 2, 1]

/** A power of two as a literal of a number that is not whole by type. */
const literal = (power: number): string => {
  const value = 2 ** power
  return Number.isInteger(value) ? `${value}.0` : `${value}`
}

/**
 * Declares `name` = the exponent of two of a value that is not negative: from -126, which stands for all that is smaller, to 127, and 0
 * for 0. Where a GPU takes a number below 2^-126 for 0, so does this.
 */
export const exponentOfTwo = (value: string, name: string): readonly string[] => {
  const rest = `${name}m`
  return [
    `let ${rest} = ${value};`,
    `let ${name} = 0.0;`,
    // From [2^(1 - 2k), 2) to [2^(1 - k), 2), down to [1, 2).
    ...bits.map(
      (k) => `if (${rest} < ${literal(1 - k)}) { ${rest} = ${rest} * ${literal(k)}; ${name} = ${name} - ${k}.0; }`,
    ),
    ...bits.map(
      (k) => `if (${rest} >= ${literal(k)}) { ${rest} = ${rest} * ${literal(-k)}; ${name} = ${name} + ${k}.0; }`,
    ),
    `${name} = Math.max(-126.0, ${name});`,
    `if (${rest} == 0.0) { ${name} = 0.0; }`,
  ]
}

/**
 * Declares `first` and `second`, whose product is 2^-exponent for a whole number from -127 to 127: two factors, because 2^-127 is below
 * the numbers that every GPU keeps.
 */
export const inversePowerOfTwo = (exponent: string, first: string, second: string): readonly string[] => {
  const [rest, up, down] = [`${second}Rest`, `${second}Up`, `${second}Down`]
  return [
    `let ${rest} = Math.abs(${exponent});`,
    `let ${up} = 1.0;`,
    `let ${down} = 1.0;`,
    `let ${first} = 1.0;`,
    `if (${exponent} >= 64.0) { ${first} = ${literal(-64)}; }`,
    `if (${exponent} <= -64.0) { ${first} = ${literal(64)}; }`,
    ...bits.map((k) => {
      const lines = k === 64 ? '' : ` ${up} = ${up} * ${literal(k)}; ${down} = ${down} * ${literal(-k)};`
      return `if (${rest} >= ${k}.0) { ${rest} = ${rest} - ${k}.0;${lines} }`
    }),
    `const ${second} = ${exponent} < 0.0 ? ${up} : ${down};`,
  ]
}
