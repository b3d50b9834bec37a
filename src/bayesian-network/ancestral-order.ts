/**
 * The order of the arrows: variables after those that they depend on.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

/** A variable with the names of those that it depends on. */
export interface Dependent {
  readonly name: string
  readonly parents: readonly string[]
}

/**
 * The numbers of the variables, each after its parents and otherwise as they were declared; or, where there is no such order, the
 * numbers of some that form a circle, each a parent of the next and the last a parent of the first.
 */
export const ancestralOrder = (variables: readonly Dependent[]): Either<readonly number[], readonly number[]> => {
  const numbers = new Map(variables.map(({ name }, number) => [name, number]))
  const order: number[] = []
  const state = new Uint8Array(variables.length)
  const [open, done] = [1, 2]
  // A stack of its own: chains may be deeper than the call stack.
  const stack: { readonly number: number; next: number }[] = []
  for (let start = 0; start < variables.length; start++) {
    if (state[start] !== done) stack.push({ number: start, next: 0 })
    for (let top = stack[stack.length - 1]; top !== undefined; top = stack[stack.length - 1]) {
      state[top.number] = open
      const name = variables[top.number]!.parents[top.next]
      if (name === undefined) {
        state[top.number] = done
        order.push(top.number)
        stack.pop()
        continue
      }
      top.next += 1
      const parent = numbers.get(name)
      if (parent === undefined) throw new Error(`ancestralOrder: '${name}' is no variable`)
      if (state[parent] === open) {
        const path = stack.map(({ number }) => number)
        return left(path.slice(path.indexOf(parent)).reverse())
      }
      if (state[parent] !== done) stack.push({ number: parent, next: 0 })
    }
  }
  return right(order)
}
