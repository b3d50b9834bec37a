/**
 * The matches of a pattern by trial, from the definition: the target is an occurrence in a context after some deterministic boxes of
 * the occurrence have been drawn a second time for its surroundings. Exponential; for small diagrams.
 */
import { generatorKey, type NormalForm } from '../../dsl/normal-form.js'

export const bruteForceMatches = (target: NormalForm, pattern: NormalForm): readonly (readonly number[])[] => {
  const found: (readonly number[])[] = []
  const extend = (boxes: readonly number[]): void => {
    if (boxes.length === pattern.boxes.length) {
      if (fits(target, pattern, boxes) && hasContext(target, pattern, boxes)) found.push(boxes)
      return
    }
    target.boxes.forEach((_, box) => {
      if (!boxes.includes(box)) extend([...boxes, box])
    })
  }
  extend([])
  return found
}

/** Generators agree, and each wire of the pattern is sent to one wire. */
const fits = (target: NormalForm, pattern: NormalForm, boxes: readonly number[]): boolean => {
  const images = new Map<number, number>()
  return pattern.boxes.every((ours, part) => {
    const theirs = target.boxes[boxes[part]!]!
    if (generatorKey(ours.box) !== generatorKey(theirs.box)) return false
    ours.box.outputs.forEach((_, port) => images.set(ours.firstOutput + port, theirs.firstOutput + port))
    return ours.inputs.every((wire, port) => {
      const image = theirs.inputs[port]!
      if (!images.has(wire)) images.set(wire, image)
      return images.get(wire) === image
    })
  })
}

/** A place outside the pattern's own wires that reads a wire of the occurrence: which part gives it, and who reads it. */
interface Use {
  readonly part: number
  readonly wire: number
  readonly reader: Reader
}
type Reader =
  | { readonly kind: 'outside'; readonly box: number }
  | { readonly kind: 'output' }
  /** A part of the occurrence, at an input of the pattern. */
  | { readonly kind: 'part'; readonly part: number }
  /** The second drawing of a part. */
  | { readonly kind: 'second'; readonly part: number }

const hasContext = (target: NormalForm, pattern: NormalForm, boxes: readonly number[]): boolean => {
  const giver = new Map<number, { readonly part: number; readonly wire: number }>()
  pattern.boxes.forEach(({ box, firstOutput }, part) =>
    box.outputs.forEach((_, port) =>
      giver.set(target.boxes[boxes[part]!]!.firstOutput + port, { part, wire: firstOutput + port }),
    ),
  )
  const uses: Use[] = []
  const use = (image: number, reader: Reader): void => {
    const given = giver.get(image)
    if (given !== undefined) uses.push({ ...given, reader })
  }
  target.boxes.forEach(({ inputs }, box) => {
    const part = boxes.indexOf(box)
    if (part === -1) inputs.forEach((wire) => use(wire, { kind: 'outside', box }))
    else
      inputs.forEach((image, port) => {
        if (pattern.boxes[part]!.inputs[port]! < pattern.inputCount) use(image, { kind: 'part', part })
        use(image, { kind: 'second', part })
      })
  })
  target.outputs.forEach((wire) => use(wire, { kind: 'output' }))

  const doubled = pattern.boxes.flatMap(({ box }, part) => (box.deterministic ? [part] : []))
  const choices = 2 ** (doubled.length + uses.length)
  for (let choice = 0; choice < choices; choice++) {
    const exists = (part: number): boolean => doubled.includes(part) && ((choice >> doubled.indexOf(part)) & 1) === 1
    const second = (index: number): boolean => ((choice >> (doubled.length + index)) & 1) === 1
    if (isContext(target, pattern, boxes, uses, exists, second)) return true
  }
  return false
}

/** Whether the occurrence is one once some parts are drawn twice and some places read the second drawing. */
const isContext = (
  target: NormalForm,
  pattern: NormalForm,
  boxes: readonly number[],
  uses: readonly Use[],
  exists: (part: number) => boolean,
  second: (index: number) => boolean,
): boolean => {
  const edges = new Map<string, string[]>()
  const join = (from: string, to: string): void => {
    edges.set(from, [...(edges.get(from) ?? []), to])
  }
  for (const [index, { part, wire, reader }] of uses.entries()) {
    if (reader.kind === 'second' && !exists(reader.part)) continue
    const fromSecond = second(index)
    if (fromSecond && !exists(part)) return false
    if (!fromSecond && (reader.kind === 'part' || !pattern.outputs.includes(wire))) return false
    if (reader.kind === 'output') continue
    const to =
      reader.kind === 'outside' ? `outside ${reader.box}` : reader.kind === 'part' ? 'inside' : `second ${reader.part}`
    join(fromSecond ? `second ${part}` : 'inside', to)
  }
  target.boxes.forEach(({ inputs }, box) => {
    const part = boxes.indexOf(box)
    inputs.forEach((wire) => {
      const producer = target.boxes.findIndex(
        ({ box: generator, firstOutput }) => wire >= firstOutput && wire < firstOutput + generator.outputs.length,
      )
      if (producer === -1 || boxes.includes(producer)) return
      join(`outside ${producer}`, part === -1 ? `outside ${box}` : 'inside')
      if (part !== -1 && exists(part)) join(`outside ${producer}`, `second ${part}`)
    })
  })
  const seen = new Set<string>()
  const stack = [...(edges.get('inside') ?? [])]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node === 'inside') return false
    if (seen.has(node)) continue
    seen.add(node)
    stack.push(...(edges.get(node) ?? []))
  }
  return true
}
