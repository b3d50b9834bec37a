/**
 * Systems of linear equations in nonnegative unknowns over the integers, decided exactly: a solution, or why there is none.
 *
 * Phase one of the revised simplex method. The steepest unknown enters while steps make progress; after a step that makes none,
 * Bland's rule takes over until one does, so that no basis comes twice. The inverse of the basis is kept as integers over one
 * denominator (the adjugate over the determinant): a step divides exactly, and no fraction is ever reduced.
 *
 * Sources: R. Bland, "New finite pivoting rules for the simplex method" (1977); J. Edmonds, "Systems of distinct representatives and
 * linear algebra" (1967), for the integral pivots.
 */

/** The entries of a column that are not zero. */
export interface SparseColumn {
  readonly rows: readonly number[]
  readonly values: readonly bigint[]
}

/** A x = b, x >= 0: one column of A for each unknown. */
export interface LinearSystem {
  readonly columns: readonly SparseColumn[]
  readonly rightSide: readonly bigint[]
}

export type Feasibility =
  /** x = numerators / denominator, with a positive denominator. */
  | { readonly kind: 'feasible'; readonly numerators: readonly bigint[]; readonly denominator: bigint }
  /** Farkas's vector y: every entry of y A is at most zero, and y b is positive. */
  | { readonly kind: 'infeasible'; readonly multipliers: readonly bigint[] }

/**
 * A nonnegative solution of a system of equations, or a combination of the equations that no nonnegative unknowns can satisfy.
 *
 * Time grows with the number of pivots times rows^2; the numbers are minors of A and of (A, b), so short entries of A matter most.
 *
 * @example
 * // x + y = 1 and x - y = 3: the first less the second says 2 y = -2.
 * const columns = [{ rows: [0, 1], values: [1n, 1n] }, { rows: [0, 1], values: [1n, -1n] }]
 * linearFeasibility({ columns, rightSide: [1n, 3n] }) // => { kind: 'infeasible', multipliers: [-1n, 1n] }
 * linearFeasibility({ columns, rightSide: [3n, 1n] }) // => { kind: 'feasible', numerators: [4n, 2n], denominator: 2n }
 */
export const linearFeasibility = ({ columns, rightSide }: LinearSystem): Feasibility => {
  const rows = rightSide.length
  // Equations are turned so that the right side is nonnegative: it is the first basic solution, all in artificial unknowns.
  const signs = rightSide.map((value) => (value < 0n ? -1n : 1n))
  const turned = columns.map((column) => ({
    rows: column.rows,
    values: column.values.map((value, index) => value * signs[column.rows[index]!]!),
  }))
  const tableau = initialTableau(rightSide.map((value, row) => value * signs[row]!))

  let stalled = false
  while (tableau.shortfall > 0n) {
    const entering = enteringUnknown(tableau, turned, stalled)
    if (entering === -1)
      return {
        kind: 'infeasible',
        multipliers: primitive(tableau.multipliers.map((value, row) => value * signs[row]!)),
      }
    stalled = !pivot(tableau, turned[entering]!, entering)
  }
  const numerators = columns.map(() => 0n)
  for (let row = 0; row < rows; row++)
    if (tableau.basis[row]! >= 0) numerators[tableau.basis[row]!] = tableau.values[row]!
  return { kind: 'feasible', numerators, denominator: tableau.denominator }
}

/** All numbers are over the denominator. */
interface Tableau {
  /** The determinant of the basis, positive. */
  denominator: bigint
  /** The inverse of the basis, row-major. */
  readonly inverse: bigint[]
  /** The basic unknowns. */
  readonly values: bigint[]
  /** Which unknown is basic in each row; the artificial one of row i is i - rows, so that artificial ones come first. */
  readonly basis: number[]
  /** The sum of the inverse's rows of artificial unknowns: the dual solution. */
  readonly multipliers: bigint[]
  /** The sum of the artificial unknowns, which is to become zero. */
  shortfall: bigint
}

const initialTableau = (rightSide: readonly bigint[]): Tableau => {
  const rows = rightSide.length
  const inverse = new Array<bigint>(rows * rows).fill(0n)
  for (let row = 0; row < rows; row++) inverse[row * rows + row] = 1n
  return {
    denominator: 1n,
    inverse,
    values: [...rightSide],
    basis: rightSide.map((_, row) => row - rows),
    multipliers: rightSide.map(() => 1n),
    shortfall: rightSide.reduce((sum, value) => sum + value, 0n),
  }
}

/** A row of a flat matrix times a column. */
const product = (entries: readonly bigint[], start: number, { rows, values }: SparseColumn): bigint => {
  let sum = 0n
  for (let index = 0; index < rows.length; index++) {
    const entry = entries[start + rows[index]!]!
    if (entry !== 0n) sum += entry * values[index]!
  }
  return sum
}

/** An unknown that lowers the shortfall as it grows: the one of the steepest descent, or the first; -1 where there is none. */
const enteringUnknown = ({ multipliers }: Tableau, columns: readonly SparseColumn[], first: boolean): number => {
  let [entering, steepest] = [-1, 0n]
  for (let unknown = 0; unknown < columns.length; unknown++) {
    const descent = product(multipliers, 0, columns[unknown]!)
    if (descent <= steepest) continue
    entering = unknown
    steepest = descent
    if (first) break
  }
  return entering
}

/** Makes an unknown basic; whether the shortfall fell. */
const pivot = (tableau: Tableau, column: SparseColumn, entering: number): boolean => {
  const { inverse, values, basis, multipliers, denominator } = tableau
  const rows = values.length
  const direction = basis.map((_, row) => product(inverse, row * rows, column))
  const gain = product(multipliers, 0, column)
  const leaving = leavingRow(values, direction, basis)
  const divisor = direction[leaving]!
  const progress = values[leaving]! > 0n

  // Every row but the leaving one loses its multiple of that row; each division is exact.
  const swept = (entry: bigint, factor: bigint, other: bigint): bigint =>
    factor === 0n || other === 0n
      ? entry === 0n
        ? entry
        : (entry * divisor) / denominator
      : (entry * divisor - factor * other) / denominator
  const start = leaving * rows
  for (let row = 0; row < rows; row++) {
    if (row === leaving) continue
    const factor = direction[row]!
    for (let other = 0; other < rows; other++)
      inverse[row * rows + other] = swept(inverse[row * rows + other]!, factor, inverse[start + other]!)
    values[row] = swept(values[row]!, factor, values[leaving]!)
  }
  for (let other = 0; other < rows; other++)
    multipliers[other] = swept(multipliers[other]!, gain, inverse[start + other]!)
  tableau.shortfall = swept(tableau.shortfall, gain, values[leaving]!)
  tableau.denominator = divisor
  basis[leaving] = entering
  return progress
}

/** The first basic unknown to reach zero as the entering one grows; of several, the one of the least number. */
const leavingRow = (values: readonly bigint[], direction: readonly bigint[], basis: readonly number[]): number => {
  let leaving = -1
  for (let row = 0; row < values.length; row++) {
    if (direction[row]! <= 0n) continue
    if (leaving === -1) {
      leaving = row
      continue
    }
    const [left, right] = [values[row]! * direction[leaving]!, values[leaving]! * direction[row]!]
    if (left < right || (left === right && basis[row]! < basis[leaving]!)) leaving = row
  }
  if (leaving === -1) throw new Error('linearFeasibility: a sum of nonnegative unknowns falls without end')
  return leaving
}

/** The same direction in the least whole numbers. */
const primitive = (vector: readonly bigint[]): readonly bigint[] => {
  const common = vector.reduce(greatestCommonDivisor, 0n)
  return common === 0n ? vector : vector.map((value) => value / common)
}

/** The greatest common divisor, not negative. */
export const greatestCommonDivisor = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}
