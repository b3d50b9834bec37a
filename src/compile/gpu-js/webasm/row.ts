/** Products with one number a cell, those of a row side by side. */
import type { Kernel } from '../kernel.js'
import { accumulated, kernelText } from '../text.js'
import { finishLines } from './finish.js'
import { coefficientOf, type Factor, parametersOf, type Product, rowPlace, simplified } from './product.js'
import { type Reader, stepsOf, summation } from './summation.js'
import { decodeRow, nextMultipleOfFour, plus, productOf, sumOf, times, wholeNumbers } from './text.js'

/** The cells of one number, those of a row side by side: slower, but read back in whole rows, and stored once. */
export const rowKernel = (given: Product): Kernel => {
  const product = simplified(given)
  const { sizes, columns, reduction, left, right, addend, normaliser } = product
  const rows = productOf(sizes)
  const stride = nextMultipleOfFour(columns)
  const names = sizes.map((_, index) => `i${index}`)
  const column = sizes.length
  const placeOf = (factor: Factor): string =>
    sumOf([
      ...rowPlace(factor, names),
      factor.panels?.index === column
        ? `(this.thread.x >> 2) * ${4 * factor.panels.summed} + (this.thread.x & 3)`
        : times(coefficientOf(factor, column), 'this.thread.x'),
    ])
  const reader = (factor: Factor, name: string): Reader => ({
    name,
    places: [`p${name}`],
    offsets: [0],
    steps: stepsOf(factor, product),
    isShared: true,
    lines: [...wholeNumbers(`p${name}`), `p${name} = ${placeOf(factor)};`],
  })
  const readers: readonly [Reader, Reader] = [reader(left, 'a'), reader(right, 'b')]
  const lines = [
    ...(rows === 1
      ? names.flatMap((name) => [...wholeNumbers(name), `${name} = 0;`])
      : decodeRow('this.thread.y', sizes, names)),
    ...readers.flatMap(({ lines }) => lines),
    `let s0 = ${addend === undefined ? '0.0' : `c[${placeOf(addend)}]`};`,
    ...summation(
      product.summed,
      readers,
      ([a, b]) => [accumulated(reduction, 's0', `a[${plus('pa', a)}] * b[${plus('pb', b)}]`)],
      4,
    ),
    ...finishLines(product, 's0', 'result', sumOf(normaliser === undefined ? [] : rowPlace(normaliser, names))),
    'return result;',
  ]
  return {
    source: kernelText(parametersOf(product), lines),
    output: rows === 1 ? [stride] : [stride, rows],
    result: { kind: 'matrix', layout: { stride: given.columns === 1 ? 1 : stride } },
  }
}
