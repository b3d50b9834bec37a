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

/** A width, in ems, that the text does not exceed in the usual sans-serif faces; DejaVu Sans is the widest of them. */
export const emsOf = (text: string): number => {
  let ems = 0
  for (const character of text) ems += emOf(character)
  return ems
}

/** Advance widths, in hundredths of an em, of the characters from space to tilde: the larger of DejaVu Sans and Arial. */
const advances =
  '32,41,46,84,64,96,78,28,40,40,50,84,32,37,32,34,64,64,64,64,64,64,64,64,64,64,34,34,84,84,84,56,' +
  '102,69,69,73,78,67,62,78,76,30,50,67,56,87,75,79,67,79,73,67,62,74,69,99,69,67,69,40,34,40,84,56,' +
  '50,62,64,55,64,62,36,64,64,28,28,58,28,98,64,62,64,64,42,53,40,64,60,82,60,60,53,64,34,64,84'
const asciiEms: readonly number[] = advances.split(',').map((hundredths) => Number(hundredths) / 100)

const emOf = (character: string): number => {
  const columns = columnsOfCharacter(character)
  if (columns !== 1) return columns === 0 ? 0 : 1.1
  const code = character.codePointAt(0)!
  return asciiEms[code - 0x20] ?? (code < 0x250 ? 0.8 : code < 0x2190 ? 0.9 : 1)
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
