/**
 * Computations that ask for their matrix products instead of doing them: whoever runs one decides how its products are made, in float64
 * here and now, or by kernels.
 */
import { type Matrix, transpose } from '../linear-algebra/matrix.js'
import { productTransposed } from '../linear-algebra/product-transposed.js'

/** A B^T is wanted. */
export interface ProductRequest {
  readonly left: Matrix
  readonly right: Matrix
}

/** A computation that yields its products and goes on with each result. */
export type WithProducts<A> = Generator<ProductRequest, A, Matrix>

/** A B^T. */
export function* timesTransposed(left: Matrix, right: Matrix): WithProducts<Matrix> {
  return yield { left, right }
}

/** Runs a computation with float64 products. */
export const inFloat64 = <A>(computation: WithProducts<A>): A => {
  let state = computation.next()
  while (state.done !== true) state = computation.next(productTransposed(state.value.left, state.value.right))
  return state.value
}

/** Runs a computation with products that are made elsewhere. */
export const withProductsOf = async <A>(
  computation: WithProducts<A>,
  product: (request: ProductRequest) => Matrix | Promise<Matrix>,
): Promise<A> => {
  let state = computation.next()
  while (state.done !== true) state = computation.next(await product(state.value))
  return state.value
}

/** Y = X W^T, for rows x and a linear map with one row of W for each output. */
export const linearMap = timesTransposed

/** From dL/dY of Y = X W^T: adds dL/dW to `gradient` and gives dL/dX. */
export function* linearMapBack(
  toOutputs: Matrix,
  inputs: Matrix,
  weights: Matrix,
  gradient: Matrix,
): WithProducts<Matrix> {
  addTo(gradient.entries, (yield* timesTransposed(transpose(toOutputs), transpose(inputs))).entries)
  return yield* timesTransposed(toOutputs, transpose(weights))
}

/** target += source. */
export const addTo = (target: Float64Array, source: Float64Array): void => {
  for (let index = 0; index < target.length; index++) target[index]! += source[index]!
}

/** target += the sum of the rows: the way back to a bias. */
export const addRowsTo = (target: Float64Array, { columns, entries }: Matrix): void => {
  for (let start = 0; start < entries.length; start += columns)
    for (let column = 0; column < columns; column++) target[column]! += entries[start + column]!
}
