/**
 * The measures that a layout is made of: pixels for pictures, characters for text.
 */

export interface Metrics {
  /** A width that the text surely fits into. */
  readonly textWidth: (text: string) => number
  readonly textHeight: number
  /** Between two ports of a box. */
  readonly portGap: number
  /** Across a wire that passes a layer. */
  readonly wireHeight: number
  /** Between two neighbours of a layer. */
  readonly itemGap: number
  /** Left and right of a box's name. */
  readonly boxPadding: number
  readonly boxHeight: number
  /** How much longer and higher a triangle is than a box with the same name. */
  readonly triangleStretch: number
  readonly labelGap: number
  /** How far the middle of a label is above its wire. */
  readonly labelRise: number
  /** Before a dot or a ground. */
  readonly dotSpace: number
  readonly groundSize: number
  /** The length in which a wire moves across by a distance. */
  readonly bendLength: (fall: number) => number
  /** Levels nearer than this look like one. */
  readonly near: number
  /** Between two wires that turn. */
  readonly channel: number
  readonly margin: number
}

/** Characters that are wide in nearly every font; others are taken as 0.6 of the font's size, a little more than the average. */
const wide = /[mwMW@%—…\u2E80-\uD7FF\uF900-\uFAFF\uFF00-\uFF60\u{1F300}-\u{1FAFF}]/u

/** The measures of pictures, for a font of 13 pixels without serifs. */
export const pictureMetrics: Metrics = {
  textWidth: (text) => Array.from(text).reduce((sum, character) => sum + (wide.test(character) ? 12.5 : 7.6), 0),
  textHeight: 15,
  portGap: 26,
  wireHeight: 12,
  itemGap: 16,
  boxPadding: 12,
  boxHeight: 34,
  triangleStretch: 1.5,
  labelGap: 6,
  labelRise: 9,
  dotSpace: 8,
  groundSize: 12,
  bendLength: (fall) => (fall < 0.5 ? 16 : Math.min(120, 28 + fall * 0.45)),
  near: 4,
  channel: 10,
  margin: 10,
}

/** The measures of text: one character is one by one. */
export const textMetrics: Metrics = {
  textWidth: (text) => Array.from(text).length,
  textHeight: 1,
  portGap: 2,
  wireHeight: 2,
  itemGap: 0,
  boxPadding: 1,
  boxHeight: 1,
  triangleStretch: 1,
  labelGap: 1,
  labelRise: 0,
  dotSpace: 2,
  groundSize: 0,
  bendLength: () => 2,
  near: 0.5,
  channel: 2,
  margin: 0,
}
