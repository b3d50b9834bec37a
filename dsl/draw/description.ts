/**
 * What a drawing shows, in words.
 */
import type { Layout, PlacedBox } from './layout.js'

const mostNames = 12

/** One sentence for the boxes, one for the wiring, and one on how to read it. */
export const describe = ({ direction, boxes, dots, grounds, labels }: Layout): string => {
  const names = (kind: 'input' | 'output'): string => {
    const texts = labels.filter((label) => label.kind === kind).map(({ text }) => text)
    return texts.length === 0 ? '' : ` ${list(texts)}`
  }
  const sentences = [
    `A string diagram with ${count(boxes.length, 'box', 'boxes')}, ${count(dots.length, 'copy', 'copies')} and ${count(grounds.length, 'discard', 'discards')}.`,
    ...(boxes.length === 0 ? [] : [`Boxes: ${list(boxes.map(boxName))}.`]),
    `Wires run ${direction === 'left-to-right' ? 'from left to right' : 'from bottom to top'}` +
      `${names('input') === '' ? '' : `, in from${names('input')}`}${names('output') === '' ? '' : `, out to${names('output')}`}.`,
    'Boxes with round corners are deterministic, those with sharp corners are not; a double outline contains a diagram; pointed boxes are states or effects; dots copy a wire, and three bars discard it.',
  ]
  return sentences.join(' ')
}

const boxName = ({ name, deterministic, composite, shape }: PlacedBox): string => {
  const kind = [
    ...(deterministic ? ['deterministic'] : []),
    ...(composite ? ['composite'] : []),
    ...(shape === 'rectangle' ? [] : [shape]),
  ]
  return kind.length === 0 ? name : `${name} (${kind.join(' ')})`
}

const count = (number: number, one: string, many: string): string =>
  number === 0 ? `no ${many}` : `${number} ${number === 1 ? one : many}`

const list = (texts: readonly string[]): string =>
  texts.length <= mostNames
    ? texts.join(', ')
    : `${texts.slice(0, mostNames).join(', ')} and ${texts.length - mostNames} more`
