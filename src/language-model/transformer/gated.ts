/**
 * The gate of a SwiGLU layer: silu(gate) times up, silu(x) = x / (1 + e^-x).
 *
 * Source: N. Shazeer, "GLU Variants Improve Transformer" (2020).
 */
import { type Matrix, matrix } from '../../linear-algebra/matrix.js'

export const gated = (gate: Matrix, up: Matrix): Matrix =>
  matrix(
    gate.rows,
    gate.columns,
    gate.entries.map((x, index) => (x / (1 + Math.exp(-x))) * up.entries[index]!),
  )

/** The gradients of gate and up from that of their product. */
export const gatedBack = (
  gate: Matrix,
  up: Matrix,
  toProduct: Matrix,
): { readonly toGate: Matrix; readonly toUp: Matrix } => {
  const { rows, columns } = gate
  const [toGate, toUp] = [matrix(rows, columns), matrix(rows, columns)]
  for (let index = 0; index < gate.entries.length; index++) {
    const x = gate.entries[index]!
    const logistic = 1 / (1 + Math.exp(-x))
    const slope = toProduct.entries[index]!
    toUp.entries[index] = slope * x * logistic
    toGate.entries[index] = slope * up.entries[index]! * logistic * (1 + x * (1 - logistic))
  }
  return { toGate, toUp }
}
