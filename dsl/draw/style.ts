/**
 * What a drawing can be asked to look like, and the measures that it is laid out with.
 *
 * The layout speaks of two axes, whatever the direction: `along` the flow of the wires, and `across` it.
 */
import { columnsOf, emsOf } from './text-width.js'

export type Direction = 'left-to-right' | 'bottom-to-top'
export type WireStyle = 'curved' | 'orthogonal'

export interface LayoutOptions {
  /** Where the inputs are and where the wires run to; left to right by default. */
  readonly direction?: Direction
  /** Curved wires (the default), or horizontal and vertical lines with rounded corners. */
  readonly wires?: WireStyle
  /** Whether wires, inputs and outputs carry their names; they do by default. */
  readonly labels?: boolean
}

export interface DrawOptions extends LayoutOptions {
  /** What the drawing is called: its accessible name in SVG, a comment in TeX and Typst, the first line of a text. */
  readonly title?: string
  /** What a reader who does not see it should know; by default what it shows. */
  readonly description?: string
}

/** Lengths, in the unit of the drawing; every one of them is a multiple of `quantum`, and so is every position. */
export interface Measures {
  readonly direction: Direction
  readonly wires: WireStyle
  readonly labels: boolean
  readonly quantum: number
  /** The size of a box's name, and of a wire's. */
  readonly nameWidth: (text: string) => number
  readonly nameHeight: number
  readonly labelWidth: (text: string) => number
  readonly labelHeight: number
  /** Between a box's name and its sides, in the direction of reading and across it. */
  readonly namePadding: number
  readonly nameMargin: number
  /** The least size of a box in the direction of reading. */
  readonly boxWidth: number
  /** Between two ports of a box, and from the last to the corner of the box. */
  readonly portSpacing: number
  readonly portMargin: number
  /** Between two boxes of a layer, two wires, a box and a wire. */
  readonly boxSeparation: number
  readonly wireSeparation: number
  readonly boxWireSeparation: number
  /** Between a label and the wire that it stands beside, between two labels, and from a label to what is before and after it. */
  readonly labelGap: number
  readonly labelSeparation: number
  readonly labelPadding: number
  /** Labels interrupt their wires instead of standing beside them. */
  readonly labelsInline: boolean
  /** Between the end of a wire and the name of the input or output there. */
  readonly boundaryGap: number
  /** The straight piece of a wire at a box, and the least length of a wire between two layers. */
  readonly stub: number
  readonly layerGap: number
  readonly dotRadius: number
  readonly groundDepth: number
  readonly groundHalfWidth: number
  /** Between a ground and what comes after it. */
  readonly groundGap: number
  /** Between the trunks of orthogonal wires. */
  readonly trackSpacing: number
  /** The least distance of two parallel pieces of orthogonal wires. */
  readonly clearance: number
  readonly cornerRadius: number
  readonly boxCornerRadius: number
  /** Boxes of at most one input and one output are one line of text. */
  readonly singleLine: boolean
  readonly margin: number
}

export const nameFontSize = 14
export const labelFontSize = 12

/** Up to a multiple of two units, so that halves are multiples of the quantum. */
const even = (length: number): number => 2 * Math.ceil(length / 2)

/** Measures of pictures; the unit is the CSS pixel, three quarters of a point. */
export const pictureMeasures = ({
  direction = 'left-to-right',
  wires = 'curved',
  labels = true,
}: LayoutOptions): Measures => ({
  direction,
  wires,
  labels,
  quantum: 0.5,
  nameWidth: (text) => even(emsOf(text) * nameFontSize),
  nameHeight: 18,
  labelWidth: (text) => even(emsOf(text) * labelFontSize),
  labelHeight: 14,
  namePadding: 11,
  nameMargin: 6,
  boxWidth: 36,
  portSpacing: 26,
  portMargin: 15,
  boxSeparation: 18,
  wireSeparation: 26,
  boxWireSeparation: 11,
  labelGap: 4,
  labelSeparation: 5,
  labelPadding: 7,
  labelsInline: false,
  boundaryGap: 7,
  stub: 12,
  layerGap: 28,
  dotRadius: 3.5,
  groundDepth: 9,
  groundHalfWidth: 8,
  groundGap: 8,
  trackSpacing: 12,
  clearance: 9,
  cornerRadius: 6,
  boxCornerRadius: 9,
  singleLine: false,
  margin: 14,
})

/** Measures of text; the unit is the character cell. */
export const textMeasures = ({ labels = true }: LayoutOptions): Measures => ({
  direction: 'left-to-right',
  wires: 'orthogonal',
  labels,
  quantum: 1,
  nameWidth: columnsOf,
  nameHeight: 0,
  labelWidth: columnsOf,
  labelHeight: 0,
  namePadding: 2,
  nameMargin: 0,
  boxWidth: 3,
  portSpacing: 1,
  portMargin: 1,
  boxSeparation: 1,
  wireSeparation: 1,
  boxWireSeparation: 1,
  labelGap: 0,
  labelSeparation: 0,
  labelPadding: 3,
  labelsInline: true,
  boundaryGap: 1,
  stub: 2,
  layerGap: 2,
  dotRadius: 0,
  groundDepth: 1,
  groundHalfWidth: 0,
  groundGap: 1,
  trackSpacing: 2,
  clearance: 1,
  cornerRadius: 0,
  boxCornerRadius: 0,
  singleLine: true,
  margin: 0,
})
