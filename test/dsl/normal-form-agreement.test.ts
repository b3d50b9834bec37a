/**
 * `equal` against a decision by brute force that shares no code with it: boxes that nothing reads are deleted one at a time in a
 * random order, equal deterministic boxes are merged pair by pair, and what is left is compared by trying all bijections of boxes.
 */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  box,
  canonicalKey,
  type Box,
  dataOf,
  type Diagram,
  diagramOf,
  equal,
  finite,
  normalForm,
  par,
  type Program,
  seq,
  state,
} from '../../dsl/index.js'
import { diagrams, equalDiagrams, type Signature } from '../../laws/index.js'

const [A, B] = [finite('A', 2), finite('B', 2)]
const signature: Signature = [
  state('coin', [A]),
  box('noise', [A], [A]),
  box('pair', [A], [A, A]),
  box('join', [A, A], [A]),
  box('lamp', [], [A], { deterministic: true }),
  box('map', [A], [A], { deterministic: true }),
  box('both', [A, A], [A, A], { deterministic: true }),
  box('end', [A], []),
]
/** The same boxes as other records. */
const sameSignature: readonly Box[] = signature.map((generator) => ({ ...dataOf(generator) }) as Box)
