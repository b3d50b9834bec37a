/** Diagrams as JSON and back. */
export { decodeDiagram, parseDiagram } from './decode.js'
export type { DiagramDocument, NodeDocument, WireDocument } from './document.js'
export { encodeDiagram, printDiagram } from './encode.js'
