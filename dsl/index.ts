/** markovcat/dsl: the language of typed string diagrams. */
export * from './object.js'
export * from './problem.js'
export type {
  Box,
  Copy,
  Diagram,
  Discard,
  Identity,
  Parallel,
  Permute,
  Program,
  ProgramStep,
  Sequential,
} from './diagram.js'
export type { Generator } from './diagram.js'
export { apply, type Applicable, dataOf, type Variable, type VariablesOf } from './application.js'
export { marginal, project } from './marginal.js'
export type { PlacesOf, WiresAt } from './places.js'
export { program } from './program.js'
export { box, copy, discard, id, par, permute, seq, state, swap } from './diagram.js'
export { type Composite, fold, type Fold, type Leaf } from './fold.js'
export { diagramOf, open, type Opens, type WiredBox, type Wiring, wiringOf } from './wiring.js'
export { canonicalKey, equal, type NormalForm, normalForm } from './normal-form.js'
export * from './drawing/index.js'
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
