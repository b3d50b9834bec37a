/** Drawing: one layout, four printers. */
export { drawSvg, type SvgOptions } from './svg.js'
export { drawText, type TextOptions } from './text.js'
export { drawTikz, type TikzOptions } from './tikz.js'
export { drawTypst, type TypstOptions } from './typst.js'
export { type Direction, type Layout, layout, type LayoutOptions, type WireStyle } from './layout.js'
export { type Metrics, pictureMetrics, textMetrics } from './metrics.js'
