/**
 * Bottom-up traversal of a diagram with a stack of its own: diagrams may be deeper than the call stack. A program is traversed as the
 * composites that it abbreviates.
 */
import { dataOf } from './application.js'
import { desugar } from './desugar.js'
import type { Diagram, Parallel, Program, Sequential } from './diagram.js'

export type Composite = Sequential | Parallel
export type Leaf = Exclude<Diagram, Composite | Program>

export interface Fold<A> {
  readonly leaf: (node: Leaf) => A
  /** The value of a composite after one more of its parts, from left to right; `before` is undefined at the first part. */
  readonly join: (node: Composite, before: A | undefined, part: A) => A
  /** The value of a composite without parts. */
  readonly empty: (node: Composite) => A
}

/**
 * The value of a diagram from the values of its parts.
 *
 * @example
 * const A = finite('A', 2)
 * const count = { leaf: () => 1, join: (_: unknown, before = 0, part: number) => before + part, empty: () => 0 }
 * fold(seq(id(A), copy(A), discard(A, A)), count) // => 3
 */
export const fold = <A>(diagram: Diagram, { leaf, join, empty }: Fold<A>): A => {
  const stack: { readonly node: Composite; next: number; value: A | undefined }[] = []
  let node: Diagram | undefined = dataOf(diagram)
  for (;;) {
    let value: A | undefined
    if (node.kind === 'program') node = desugar(node)
    if (node.kind === 'seq' || node.kind === 'par') stack.push({ node, next: 0, value: undefined })
    else value = leaf(node)
    // Climb while composites are complete, then step down into the next part.
    for (;;) {
      const frame = stack[stack.length - 1]
      if (frame === undefined) {
        if (value === undefined) throw new Error('fold: a leaf has no value')
        return value
      }
      if (value !== undefined) frame.value = join(frame.node, frame.value, value)
      node = frame.node.parts[frame.next]
      if (node !== undefined) {
        frame.next += 1
        break
      }
      stack.pop()
      value = frame.value ?? empty(frame.node)
    }
  }
}
