/** Hostile documents: whatever happens to a document, reading it never throws and never gives an ill-typed diagram. */
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { decodeDiagram, encodeDiagram, parseDiagram, printDiagram } from '../../dsl/codec/index.js'
import { showProblem } from '../../dsl/index.js'
import { mutated, mutations } from '../support/mutated-document.js'
import { randomDiagram } from '../support/random-diagram.js'
import { differenceOfTrees } from '../support/same-tree.js'
import { valueOf } from '../support/value-of.js'
import { faultInDiagram } from '../support/well-typed.js'

describe('a mutated document', () => {
  test('is a diagram or a located problem in one line', () => {
    const counts = { accepted: 0, 'wire-mismatch': 0, malformed: 0 }
    fc.assert(
      fc.property(randomDiagram(), mutations, (diagram, list) => {
        const document = mutated(encodeDiagram(diagram), list)
        const result = decodeDiagram(document)
        if (isLeft(result)) {
          const { kind, where, what, remedy } = result.left
          expect(['malformed', 'wire-mismatch']).toContain(kind)
          counts[kind === 'wire-mismatch' ? kind : 'malformed'] += 1
          expect(where).toMatch(/^(document|wire \d+|node \d+)(, .+)?$/u)
          for (const text of [where, what, remedy]) expect(text).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u)
          expect(showProblem(result.left).length).toBeLessThan(2000)
          return
        }
        counts.accepted += 1
        expect(faultInDiagram(result.right)).toBeUndefined()
        expect(differenceOfTrees(valueOf(parseDiagram(printDiagram(result.right))), result.right)).toBeUndefined()
      }),
      { numRuns: 10_000 },
    )
    expect(counts.accepted).toBeGreaterThan(500)
    expect(counts['wire-mismatch']).toBeGreaterThan(200)
    expect(counts.malformed).toBeGreaterThan(3000)
  })
})
