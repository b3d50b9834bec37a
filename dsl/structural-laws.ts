/**
 * The laws that hold on the nose once a diagram is a wiring graph, and which of them a written diagram makes use of.
 */
import type { Diagram, Program } from './diagram.js'

export type StructuralLaw =
  | 'associativity of ;'
  | 'associativity of the tensor'
  | 'identity'
  | 'unit of the tensor'
  | 'interchange'
  | 'swap is natural'
  | 'swap is involutive'
  | 'hexagon'
  | 'copy is coassociative'
  | 'copy is cocommutative'
  | 'copy is counital'
  | 'copy of a tensor'
  | 'discard of a tensor'
  | 'program notation'

/** Every structural law, in the order in which they are listed. */
export const structuralLaws: readonly StructuralLaw[] = [
  'associativity of ;',
  'associativity of the tensor',
  'identity',
  'unit of the tensor',
  'interchange',
  'swap is natural',
  'swap is involutive',
  'hexagon',
  'copy is coassociative',
  'copy is cocommutative',
  'copy is counital',
  'copy of a tensor',
  'discard of a tensor',
  'program notation',
]

/**
 * The structural laws that forget the way in which a diagram is written: those which its nodes give occasion for. Nested composites
 * need associativity, identities the unit laws, composites of tensors interchange, permutations symmetry, and copies the laws of a
 * comonoid; a program is read as the copies, discards and permutations that it abbreviates.
 */
export const lawsOfSyntax = (diagram: Diagram): readonly StructuralLaw[] => {
  const laws = new Set<StructuralLaw>()
  const counts = { copies: 0, discards: 0, permutations: 0 }
  const stack: Diagram[] = [diagram]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    switch (node.kind) {
      case 'box':
        break
      case 'identity':
        laws.add(node.inputs.length === 0 ? 'unit of the tensor' : 'identity')
        break
      case 'copy':
        counts.copies += 1
        if (node.inputs.length !== 1) laws.add('copy of a tensor')
        break
      case 'discard':
        counts.discards += 1
        if (node.inputs.length !== 1) laws.add('discard of a tensor')
        break
      case 'permute':
        if (isInOrder(node.order)) laws.add('identity')
        else counts.permutations += 1
        if (node.order.length > 2) laws.add('hexagon')
        break
      case 'seq': {
        const composes = node.parts.length > 1
        for (const part of node.parts) {
          if (part.kind === 'seq') laws.add('associativity of ;')
          if (part.kind === 'par' && part.parts.length > 1 && composes) laws.add('interchange')
          stack.push(part)
        }
        break
      }
      case 'par':
        if (node.parts.length === 0) laws.add('unit of the tensor')
        for (const part of node.parts) {
          if (part.kind === 'par') laws.add('associativity of the tensor')
          if (part.kind === 'seq' && node.parts.length > 1) laws.add('interchange')
          stack.push(part)
        }
        break
      case 'program':
        countProgram(node, counts)
        laws.add('program notation')
        for (const step of node.steps) stack.push(step.diagram)
        break
    }
  }
  if (counts.permutations > 0) laws.add('swap is natural')
  if (counts.permutations > 1) laws.add('swap is involutive')
  if (counts.copies > 1) laws.add('copy is coassociative')
  if (counts.copies > 0 && counts.permutations > 0) laws.add('copy is cocommutative')
  if (counts.copies > 0 && counts.discards > 0) laws.add('copy is counital')
  return structuralLaws.filter((law) => laws.has(law))
}

/** Some of the structural laws as one list, each once. */
export const unionOfLaws = (...lists: readonly (readonly StructuralLaw[])[]): readonly StructuralLaw[] =>
  structuralLaws.filter((law) => lists.some((list) => list.includes(law)))

interface Counts {
  copies: number
  discards: number
  permutations: number
}

/** A wire that is used n times is copied n - 1 times, or discarded; wires that are read out of order are permuted. */
const countProgram = ({ inputs, steps, returns }: Program, counts: Counts): void => {
  let numbers = inputs.length
  for (const { diagram } of steps) numbers += diagram.outputs.length
  const uses = new Int32Array(numbers)
  for (const list of [...steps.map(({ reads }) => reads), returns]) {
    for (const number of list) uses[number]! += 1
    if (list.some((number, at) => at > 0 && number < list[at - 1]!)) counts.permutations += 1
  }
  for (const count of uses) {
    if (count === 0) counts.discards += 1
    else counts.copies += count - 1
  }
}

const isInOrder = (order: readonly number[]): boolean => order.every((wire, place) => wire === place)
