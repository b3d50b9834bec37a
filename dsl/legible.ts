/**
 * Names and values from outside as they are shown in messages: on one line, and short however long they are.
 */
import type { Wires } from './object.js'

const mostCharacters = 60
const mostItems = 6

/** A text on one line: line breaks and other control characters are written as escapes, and a long text is cut. */
export const legible = (text: string): string => {
  const cut = text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text
  return cut.replace(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The first few items; and how many there are, if there are more. */
export const showSome = <A>(items: readonly A[], show: (item: A) => string, separator = ', '): string => {
  const shown = items.slice(0, mostItems).map(show)
  return (items.length <= mostItems ? shown : [...shown, `… (${items.length} in all)`]).join(separator)
}

/** An object by the names of its first few wires, I for the unit. */
export const showObject = (wires: Wires): string =>
  wires.length === 0 ? 'I' : showSome(wires, ({ name }) => legible(name), ' ⊗ ')

/** A value as what was found: a simple one as it is, any other by what it is. */
export const showFound = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return `the text '${legible(value)}'`
    case 'number':
    case 'boolean':
      return String(value)
    case 'undefined':
      return 'nothing'
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? `a list of ${value.length}` : 'an object'
    default:
      return `a ${typeof value}`
  }
}
