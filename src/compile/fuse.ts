/**
 * Softmax heads as steps of their own: affine map, log-sum-exp, softmax and entropies become steps that read x and the weights, so that
 * the logits are never stored, and the softmax only where it is wanted or read.
 *
 * The logits are computed anew in each such step. On a processor that is still faster than to store them and read them again.
 */
import type { KernelStep, Operation } from './operation.js'

interface OperationStep {
  readonly operation: Operation
  readonly operands: readonly number[]
  readonly result: number
}

/** A head in a plan: the results of its affine map and of the two steps that make its softmax. */
interface Head {
  /** x, weights, bias. */
  readonly operands: readonly number[]
  readonly size: { readonly rows: number; readonly inputs: number; readonly outputs: number }
  readonly logits: number
  readonly normaliser: number
  readonly softmax: number
}

/** The steps with every head fused that can be; `wanted` are the tensors that are asked for. */
export const fuseHeads = (steps: readonly OperationStep[], wanted: readonly number[]): readonly KernelStep[] => {
  const made = new Map(steps.map((step) => [step.result, step]))
  const readers = new Map<number, readonly OperationStep[]>()
  for (const step of steps)
    for (const operand of step.operands) readers.set(operand, [...(readers.get(operand) ?? []), step])
  const readersOf = (tensor: number): readonly OperationStep[] => readers.get(tensor) ?? []

  const bySoftmax = new Map<number, Head>()
  const byNormaliser = new Map<number, Head>()
  const logits = new Set<number>()
  for (const step of steps) {
    const head = headOf(step, made)
    const isWhole =
      head !== undefined &&
      !wanted.includes(head.logits) &&
      readersOf(head.logits).every(({ result }) => result === head.softmax || result === head.normaliser)
    if (!isWhole) continue
    bySoftmax.set(head.softmax, head)
    byNormaliser.set(head.normaliser, head)
    logits.add(head.logits)
  }

  const isEntropyOf = (head: Head, { operation }: OperationStep): boolean =>
    operation.kind === 'categorical-entropy' && operation.rows === head.size.rows && operation.group === 1
  const isStored = (head: Head): boolean =>
    wanted.includes(head.softmax) || readersOf(head.softmax).some((step) => !isEntropyOf(head, step))
  const isNormaliserKept = (head: Head): boolean =>
    isStored(head) ||
    wanted.includes(head.normaliser) ||
    readersOf(head.normaliser).some(({ result }) => result !== head.softmax)

  return steps.flatMap((step): readonly KernelStep[] => {
    const { operation, operands, result } = step
    if (logits.has(result)) return []
    const normalised = byNormaliser.get(result)
    if (normalised !== undefined) {
      if (!isNormaliserKept(normalised)) return []
      const { size, operands: head } = normalised
      return [{ operation: { kind: 'affine-log-sum-exp', ...size }, operands: head, result }]
    }
    const softmax = bySoftmax.get(result)
    if (softmax !== undefined) {
      if (!isStored(softmax)) return []
      const { size, operands: head, normaliser } = softmax
      return [{ operation: { kind: 'affine-softmax', ...size }, operands: [...head, normaliser], result }]
    }
    const read = operation.kind === 'categorical-entropy' ? bySoftmax.get(operands[0]!) : undefined
    if (operation.kind !== 'categorical-entropy' || read === undefined || !isEntropyOf(read, step)) return [step]
    const { size, operands: head } = read
    return [{ operation: { kind: 'affine-entropy', measure: operation.measure, ...size }, operands: head, result }]
  })
}

/** The head that ends in a step, if it is the softmax of an affine map. A softmax of one outcome is left as it is. */
const headOf = (step: OperationStep, made: ReadonlyMap<number, OperationStep>): Head | undefined => {
  const [logits, normaliser] = step.operands
  if (step.operation.kind !== 'normalise' || logits === undefined || normaliser === undefined) return undefined
  const affine = made.get(logits)
  const logSumExp = made.get(normaliser)
  if (affine?.operation.kind !== 'affine' || affine.operation.activation !== 'identity') return undefined
  if (logSumExp?.operation.kind !== 'log-sum-exp' || logSumExp.operands[0] !== logits) return undefined
  const { rows, inputs, outputs } = affine.operation
  if (outputs === 1) return undefined
  return {
    operands: affine.operands,
    size: { rows, inputs, outputs },
    logits,
    normaliser,
    softmax: step.result,
  }
}
