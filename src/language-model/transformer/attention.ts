/**
 * Causal attention: each head mixes the values of the places up to its own, by the softmax of the scaled products of query and keys.
 *
 * Source: A. Vaswani et al., "Attention Is All You Need" (2017); keys and values shared by several heads: J. Ainslie et al., "GQA" (2023).
 */
import { type Matrix, matrix } from '../../linear-algebra/matrix.js'

export interface HeadCounts {
  readonly heads: number
  readonly keyValueHeads: number
}

/** Rows are the places of all sequences, one sequence of `length` after another. */
export interface AttentionInputs {
  /** rows x (heads s). */
  readonly query: Matrix
  /** rows x (key-value heads s). */
  readonly key: Matrix
  readonly value: Matrix
}

export interface Attention {
  /** sequences x heads x length x length: what a place gives to each place up to its own; zero beyond. */
  readonly probabilities: Float64Array
  /** rows x (heads s). */
  readonly output: Matrix
}

/** Calls for each sequence and head with the columns where its query and its key begin, its first row, and its first probability. */
const forEachHead = (
  { heads, keyValueHeads }: HeadCounts,
  { query }: AttentionInputs,
  length: number,
  visit: (firstRow: number, queryAt: number, keyAt: number, probabilityAt: number) => void,
): void => {
  const size = query.columns / heads
  for (let firstRow = 0; firstRow < query.rows; firstRow += length)
    for (let head = 0; head < heads; head++)
      visit(
        firstRow,
        head * size,
        Math.floor((head * keyValueHeads) / heads) * size,
        (firstRow * heads + head * length) * length,
      )
}

export const attend = (counts: HeadCounts, inputs: AttentionInputs, length: number): Attention => {
  const { query, key, value } = inputs
  const size = query.columns / counts.heads
  const scale = 1 / Math.sqrt(size)
  const probabilities = new Float64Array(query.rows * counts.heads * length)
  const output = matrix(query.rows, query.columns)
  forEachHead(counts, inputs, length, (firstRow, queryAt, keyAt, probabilityAt) => {
    for (let place = 0; place < length; place++) {
      const from = (firstRow + place) * query.columns + queryAt
      const row = probabilityAt + place * length
      let largest = -Infinity
      for (let other = 0; other <= place; other++) {
        const at = (firstRow + other) * key.columns + keyAt
        let product = 0
        for (let k = 0; k < size; k++) product += query.entries[from + k]! * key.entries[at + k]!
        const score = product * scale
        probabilities[row + other] = score
        if (score > largest) largest = score
      }
      let sum = 0
      for (let other = 0; other <= place; other++)
        sum += probabilities[row + other] = Math.exp(probabilities[row + other]! - largest)
      for (let other = 0; other <= place; other++) {
        const share = (probabilities[row + other]! /= sum)
        const at = (firstRow + other) * value.columns + keyAt
        for (let k = 0; k < size; k++) output.entries[from + k]! += share * value.entries[at + k]!
      }
    }
  })
  return { probabilities, output }
}

/** The gradients of query, key and value from that of the output. */
export const attendBack = (
  counts: HeadCounts,
  inputs: AttentionInputs,
  { probabilities }: Attention,
  length: number,
  toOutput: Matrix,
): AttentionInputs => {
  const { query, key, value } = inputs
  const size = query.columns / counts.heads
  const scale = 1 / Math.sqrt(size)
  const to = {
    query: matrix(query.rows, query.columns),
    key: matrix(key.rows, key.columns),
    value: matrix(value.rows, value.columns),
  }
  const slopes = new Float64Array(length)
  forEachHead(counts, inputs, length, (firstRow, queryAt, keyAt, probabilityAt) => {
    for (let place = 0; place < length; place++) {
      const from = (firstRow + place) * query.columns + queryAt
      const row = probabilityAt + place * length
      let mean = 0
      for (let other = 0; other <= place; other++) {
        const at = (firstRow + other) * value.columns + keyAt
        const share = probabilities[row + other]!
        let product = 0
        for (let k = 0; k < size; k++) {
          const slope = toOutput.entries[from + k]!
          product += slope * value.entries[at + k]!
          to.value.entries[at + k]! += share * slope
        }
        slopes[other] = product
        mean += share * product
      }
      for (let other = 0; other <= place; other++) {
        const toScore = probabilities[row + other]! * (slopes[other]! - mean) * scale
        const at = (firstRow + other) * key.columns + keyAt
        for (let k = 0; k < size; k++) {
          to.query.entries[from + k]! += toScore * key.entries[at + k]!
          to.key.entries[at + k]! += toScore * query.entries[from + k]!
        }
      }
    }
  })
  return to
}
