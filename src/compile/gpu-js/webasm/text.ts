/**
 * Text of kernels for WebAssembly.
 *
 * What gpu.js makes of a kernel there: four neighbouring `this.thread.x` run together in one vector, what depends on `this.thread.y`,
 * `this.thread.z` and loop counters alone is one number for the four. A read at a place that is the same for the four is one load; any
 * other is four loads and some twenty instructions.
 *
 * A local declared as `let i = 0` is a float in the instructions although it only counts: each read at such a place then pays for a
 * rounding with its checks, more than for all the rest. Declared from `this.output.x`, and incremented somewhere, it is a whole number.
 */

/** Declares locals that hold whole numbers, exactly and in integer registers; each must be assigned before it is read. */
export const wholeNumbers = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `let ${name} = this.output.x; ${name}++;`)

/** `name[place + offset]` as a place. */
export const plus = (place: string, offset: number): string => {
  if (offset === 0) return place
  return offset > 0 ? `${place} + ${offset}` : `${place} - ${-offset}`
}

/** A multiple of an expression in whole numbers; undefined where it is nothing. */
export const times = (factor: number, name: string): string | undefined => {
  if (factor === 0) return undefined
  return factor === 1 ? name : `${name} * ${factor}`
}

/** A sum of what there is of the terms. */
export const sumOf = (terms: readonly (string | undefined)[]): string =>
  terms.filter((term) => term !== undefined).join(' + ') || '0'

/** Moves a place; nothing where it stays. */
export const advance = (name: string, by: number): readonly string[] => {
  if (by === 0) return []
  return [by > 0 ? `${name} += ${by};` : `${name} -= ${-by};`]
}

/** Bounds a whole number. It is not assigned the bound itself: as a literal of its own that would be a float. */
export const noMoreThan = (name: string, most: number): string =>
  `if (${name} > ${most}) { ${name} -= ${name} - ${most}; }`

export const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`)

/** Lines done `count` times. Loops have literal bounds: gpu.js cuts others short. */
export const repeat = (counter: string, count: number, lines: readonly string[]): readonly string[] => {
  if (count <= 0 || lines.length === 0) return []
  if (count === 1) return lines
  return [`for (let ${counter} = 0; ${counter} < ${count}; ${counter}++) {`, ...indented(lines), '}']
}

export const productOf = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1)

export const nextMultipleOfFour = (size: number): number => 4 * Math.ceil(size / 4)

/** From here on a quotient of whole numbers in float32 may be off by one. */
const exactQuotients = 2 ** 24

/**
 * The row-major indices of a row, as whole numbers `names`; `row` is a whole number, or `this.thread.y`.
 *
 * They are declared here, and so is a rest for each but the last.
 */
export const decodeRow = (row: string, sizes: readonly number[], names: readonly string[]): readonly string[] => {
  const rows = productOf(sizes)
  const lines: string[] = []
  let [rest, stride] = [row, rows]
  sizes.forEach((size, place) => {
    stride /= size
    const name = names[place]!
    lines.push(...wholeNumbers(name))
    if (size === 1) lines.push(`${name} = 0;`)
    else if (stride === 1) lines.push(`${name} = ${rest};`)
    else if (Number.isInteger(Math.log2(stride))) {
      // Bits are several times as fast as a quotient, which goes through floats.
      const next = `${name}Rest`
      lines.push(
        ...wholeNumbers(next),
        `${name} = ${rest} >> ${Math.log2(stride)};`,
        `${next} = ${rest} & ${stride - 1};`,
      )
      rest = next
    } else {
      const next = `${name}Rest`
      lines.push(
        ...wholeNumbers(next),
        `${name} = Math.floor(${rest} / ${stride});`,
        `${next} = ${rest} - ${name} * ${stride};`,
      )
      if (rows >= exactQuotients)
        lines.push(
          `if (${next} < 0) { ${name} -= 1; ${next} += ${stride}; }`,
          `if (${next} > ${stride - 1}) { ${name} += 1; ${next} -= ${stride}; }`,
        )
      rest = next
    }
  })
  return lines
}
