/**
 * How much room a text takes, without a font at hand: in ems of a sans-serif face, and in columns of a terminal.
 */

/**
 * A name as it is drawn: control characters and lone surrogates, which no format can hold, are replaced by visible signs.
 *
 * @example
 * shownText('a\nb') // => 'a␊b'
 */
export const shownText = (name: string): string => {
  let shown = ''
  for (const character of name) {
    const code = character.codePointAt(0)!
    if (code < 0x20) shown += String.fromCodePoint(0x2400 + code)
    else if (code === 0x7f) shown += '\u2421'
    else if (invisible(code)) shown += '\ufffd'
    else shown += character
  }
  return shown
}

/** C1 controls, line separators, direction overrides, surrogates and code points that are no characters. */
const invisible = (code: number): boolean =>
  (code >= 0x80 && code < 0xa0) ||
  (code >= 0x2028 && code <= 0x202e) ||
  (code >= 0x2066 && code <= 0x2069) ||
  (code >= 0xd800 && code <= 0xdfff) ||
  code === 0xfeff ||
  (code & 0xfffe) === 0xfffe

/** A width, in ems, that the text does not exceed in the usual sans-serif faces: those of the widest of them, DejaVu Sans. */
export const emsOf = (text: string): number => {
  let ems = 0
  for (const character of text) ems += emOf(character)
  return ems
}

const emOf = (character: string): number => {
  const columns = columnsOfCharacter(character)
  if (columns !== 1) return columns === 0 ? 0 : 1.1
  const code = character.codePointAt(0)!
  if (code > 0x7e) return code < 0x250 ? 0.8 : 0.92
  if ("ijlI|'.,:;!`".includes(character)) return 0.4
  if ('frt()[]{}/\\- "'.includes(character)) return 0.48
  if ('mwMW%@'.includes(character)) return 1.03
  if (character >= 'A' && character <= 'Z') return 0.76
  if ('+=<>~^#&$'.includes(character)) return 0.86
  return 0.645
}

/** How many columns a text takes in a terminal. */
export const columnsOf = (text: string): number => {
  let columns = 0
  for (const character of text) columns += columnsOfCharacter(character)
  return columns
}

/** Two for the wide characters of East Asia and for pictographs, none for marks that combine with the character before. */
export const columnsOfCharacter = (character: string): 0 | 1 | 2 => {
  if (character <= '~') return 1
  if (combining.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

const combining = /^[\p{Mn}\p{Me}\p{Cf}\ufe00-\ufe0f]$/u
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u
