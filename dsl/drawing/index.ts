/** Drawing: one layout, several printers. */
export { drawSvg, type SvgOptions } from './svg.js'
export { drawText, type TextOptions } from './text.js'
export type { Direction, Layout, LayoutOptions, WireStyle } from './layout.js'
