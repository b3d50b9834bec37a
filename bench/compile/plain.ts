/** The peers in plain JavaScript, tiled by hand: sixteen sums in registers, one operand in panels of four. */

/** Panels of four rows of a matrix[rows, inner]: for each four rows, their entries side by side along `inner`. */
const panels = (entries: Float32Array, rows: number, inner: number): Float32Array => {
  const packed = new Float32Array(Math.ceil(rows / 4) * 4 * inner)
  for (let row = 0; row < rows; row++) {
    const base = (row >> 2) * 4 * inner + (row & 3)
    for (let k = 0; k < inner; k++) packed[base + 4 * k] = entries[row * inner + k]!
  }
  return packed
}

/**
 * tile[16] = the products of four rows with four columns, of panels that begin at `p` and `q`; rows of the tile are those of the first.
 */
const multiplyTile = (
  a: Float32Array,
  p: number,
  b: Float32Array,
  q: number,
  inner: number,
  tile: Float64Array,
): void => {
  let [s00, s01, s02, s03] = [0, 0, 0, 0]
  let [s10, s11, s12, s13] = [0, 0, 0, 0]
  let [s20, s21, s22, s23] = [0, 0, 0, 0]
  let [s30, s31, s32, s33] = [0, 0, 0, 0]
  for (let k = 0; k < inner; k++, p += 4, q += 4) {
    const [b0, b1, b2, b3] = [b[q]!, b[q + 1]!, b[q + 2]!, b[q + 3]!]
    const a0 = a[p]!
    s00 += a0 * b0
    s01 += a0 * b1
    s02 += a0 * b2
    s03 += a0 * b3
    const a1 = a[p + 1]!
    s10 += a1 * b0
    s11 += a1 * b1
    s12 += a1 * b2
    s13 += a1 * b3
    const a2 = a[p + 2]!
    s20 += a2 * b0
    s21 += a2 * b1
    s22 += a2 * b2
    s23 += a2 * b3
    const a3 = a[p + 3]!
    s30 += a3 * b0
    s31 += a3 * b1
    s32 += a3 * b2
    s33 += a3 * b3
  }
  tile[0] = s00
  tile[1] = s01
  tile[2] = s02
  tile[3] = s03
  tile[4] = s10
  tile[5] = s11
  tile[6] = s12
  tile[7] = s13
  tile[8] = s20
  tile[9] = s21
  tile[10] = s22
  tile[11] = s23
  tile[12] = s30
  tile[13] = s31
  tile[14] = s32
  tile[15] = s33
}

/** a[n, n] b[n, n] for a multiple of four. */
export const tiledProduct = (a: Float32Array, b: Float32Array, n: number): Float32Array => {
  const transposed = new Float32Array(n * n)
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++) transposed[column * n + row] = b[row * n + column]!
  const [left, right] = [panels(a, n, n), panels(transposed, n, n)]
  const result = new Float32Array(n * n)
  const tile = new Float64Array(16)
  for (let row = 0; row < n; row += 4)
    for (let column = 0; column < n; column += 4) {
      multiplyTile(left, row * n, right, column * n, n, tile)
      for (let r = 0; r < 4; r++) for (let c = 0; c < 4; c++) result[(row + r) * n + column + c] = tile[4 * r + c]!
    }
  return result
}

/** The Shannon entropy of the softmax of each row of x weights^T + bias; logits of four rows by 256 are kept at a time. */
export const tiledEntropies = (
  x: Float32Array,
  weights: Float32Array,
  bias: Float32Array,
  { rows, inputs, outputs }: { readonly rows: number; readonly inputs: number; readonly outputs: number },
): Float32Array => {
  const [left, right] = [panels(x, rows, inputs), panels(weights, outputs, inputs)]
  const entropies = new Float32Array(rows)
  const tile = new Float64Array(16)
  const width = 256
  const logits = new Float64Array(4 * width)
  const [largest, total, energy] = [new Float64Array(4), new Float64Array(4), new Float64Array(4)]
  for (let row = 0; row < rows; row += 4) {
    largest.fill(-Infinity)
    total.fill(0)
    energy.fill(0)
    for (let block = 0; block < outputs; block += width) {
      const end = Math.min(outputs, block + width)
      for (let item = block; item < end; item += 4) {
        multiplyTile(left, row * inputs, right, item * inputs, inputs, tile)
        for (let r = 0; r < 4; r++)
          for (let c = 0; c < 4; c++) logits[r * width + item - block + c] = tile[4 * r + c]! + bias[item + c]!
      }
      for (let r = 0; r < 4; r++) {
        let top = largest[r]!
        for (let at = 0; at < end - block; at++) top = Math.max(top, logits[r * width + at]!)
        const shift = largest[r]! - top
        const shrink = Math.exp(shift)
        let e = total[r]! === 0 ? 0 : shrink * (energy[r]! + shift * total[r]!)
        let z = shrink * total[r]!
        for (let at = 0; at < end - block; at++) {
          const d = logits[r * width + at]! - top
          const weight = Math.exp(d)
          z += weight
          e += weight * d
        }
        largest[r] = top
        total[r] = z
        energy[r] = e
      }
    }
    for (let r = 0; r < 4; r++) entropies[row + r] = Math.log(total[r]!) - energy[r]! / total[r]!
  }
  return entropies
}
