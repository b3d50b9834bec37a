import fc from 'fast-check'
import { expect, it } from 'vitest'

import { matrix, matrixProduct, transpose } from '../../../src/linear-algebra/matrix.js'
import { productTransposed } from '../../../src/linear-algebra/product-transposed.js'

const size = fc.integer({ min: 0, max: 11 })

it('is the product with the transpose, at every size', () => {
  fc.assert(
    fc.property(size, fc.oneof(size, fc.integer({ min: 250, max: 600 })), size, fc.integer(), (n, k, m, seed) => {
      const entries = (count: number, offset: number) =>
        Float64Array.from({ length: count }, (_, index) => Math.sin(1.7 * index + offset + (seed % 1000)))
      const [a, b] = [matrix(n, k, entries(n * k, 0)), matrix(m, k, entries(m * k, 1))]
      const [product, expected] = [productTransposed(a, b), matrixProduct(a, transpose(b))]
      expect([product.rows, product.columns]).toEqual([n, m])
      product.entries.forEach((value, index) => {
        expect(Math.abs(value - expected.entries[index]!)).toBeLessThan(1e-13 * Math.max(1, k))
      })
    }),
  )
})

it('gives equal rows for equal rows, bit for bit, wherever they are', () => {
  // 7 rows: four in a tile, three one by one; 600 columns: three parts.
  const row = Float64Array.from({ length: 600 }, (_, index) => Math.sin(1.7 * index))
  const equal = matrix(
    7,
    600,
    Float64Array.from({ length: 7 * 600 }, (_, index) => row[index % 600]!),
  )
  const other = matrix(
    5,
    600,
    Float64Array.from({ length: 5 * 600 }, (_, index) => Math.cos(0.3 * index)),
  )
  const { entries } = productTransposed(equal, other)
  for (let i = 1; i < 7; i++) expect(entries.slice(5 * i, 5 * i + 5)).toEqual(entries.slice(0, 5))
})

it('refuses rows of different lengths', () => {
  expect(() => productTransposed(matrix(1, 2), matrix(1, 3))).toThrow('rows of 2 entries meet rows of 3')
})
