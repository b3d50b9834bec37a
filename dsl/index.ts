/** markovcat/dsl: the language of typed string diagrams. */
export * from './object.js'
export * from './problem.js'
export type {
  Box,
  Copy,
  Diagram,
  Discard,
  Generator,
  Identity,
  Parallel,
  Permute,
  Program,
  ProgramStep,
  Sequential,
} from './diagram.js'
export { apply, type Applicable, dataOf, type Variable, type VariablesOf } from './application.js'
export { marginal, project } from './marginal.js'
export type { PlacesOf, WiresAt } from './places.js'
export { program } from './program.js'
export { box, copy, discard, id, par, permute, seq, state, swap } from './diagram.js'
export { type Composite, fold, type Fold, type Leaf } from './fold.js'
export { diagramOf, open, type Opens, type WiredBox, type Wiring, wiringOf } from './wiring.js'
export { canonicalKey, equal, type NormalForm, normalForm } from './normal-form.js'
export {
  type Direction,
  type DrawOptions,
  drawSvg,
  drawText,
  drawTikz,
  drawTypst,
  layout,
  type Layout,
  type LayoutOptions,
  type SvgOptions,
  type TextOptions,
  type WireStyle,
} from './draw/index.js'
export { bloom, type Bloom } from './bloom.js'
export {
  impliedIndependences,
  type Independence,
  type IndependenceOptions,
  largestIndependenceSearch,
  showIndependence,
} from './independence.js'
export { outputPorts, type OutputReference } from './output-port.js'
export {
  type Connected,
  type PathStep,
  separated,
  type Separated,
  type Separation,
  type SeparationQuestion,
  type SeveredEnd,
  showPath,
} from './separation.js'
export {
  checkedBox,
  checkedFinite,
  checkedPar,
  checkedPermute,
  checkedProgram,
  checkedReal,
  checkedSeq,
  checkedSequence,
} from './checked.js'
export { type DiagramDocument, decodeDiagram, encodeDiagram, parseDiagram, printDiagram } from './codec/index.js'
export { contentHash } from './content-hash.js'
export { type Difference, explain, type Explanation } from './explain.js'
export { showExplanation } from './show-explanation.js'
export { type AxiomDirection, type Derivation, type DerivationStep, showDerivation } from './derivation.js'
export { derive, type DeriveOptions } from './derive.js'
export { checkDerivation } from './check-derivation.js'
export { type Match, matches } from './match.js'
export { type Equation, equation, rewrite, rewriteAll, type RewriteAllOptions } from './rewrite.js'
