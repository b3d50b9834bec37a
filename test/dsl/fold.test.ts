import { describe, expect, test } from 'vitest'

import {
  box,
  copy,
  type Diagram,
  discard,
  finite,
  fold,
  type Fold,
  id,
  par,
  permute,
  program,
  seq,
} from '../../dsl/index.js'

const A = finite('A', 2)
const f = box('f', [A], [A])

/** The term as text: leaves by name, brackets as they are. */
const term: Fold<string> = {
  leaf: (node) => (node.kind === 'box' ? node.name : node.kind),
  join: ({ kind }, before, part) => (before === undefined ? `${kind}(${part}` : `${before} ${part}`),
  empty: ({ kind }) => `${kind}(`,
}

const count: Fold<number> = { leaf: () => 1, join: (_, before = 0, part) => before + part, empty: () => 0 }

describe('fold', () => {
  test.each<[string, Diagram]>([
    ['f', f],
    ['identity', id()],
    ['seq(f', seq(f)],
    ['seq(copy par(f discard', seq(copy(A), par(f, discard(A)))],
    ['par(', par()],
    ['seq(par( par( identity', seq(par(), par(), id())],
    ['seq(seq(f f permute', seq(seq(f, f), permute([A], [0]))],
    ['seq(f seq(f permute', seq(f, seq(f, permute([A], [0])))],
  ])('%s', (text, diagram) => expect(fold(diagram, term)).toBe(text))

  test('joins from left to right, each part once', () => {
    const seen: string[] = []
    fold<string>(seq(par(box('a', [], [A]), box('b', [], [A])), par(box('c', [A], []), box('d', [A], []))), {
      leaf: (node) => (node.kind === 'box' ? node.name : ''),
      join: ({ kind }, before, part) => {
        seen.push(`${kind} ${before ?? '-'} ${part}`)
        return `${before ?? ''}${part}`
      },
      empty: () => '',
    })
    expect(seen).toEqual(['par - a', 'par a b', 'seq - ab', 'par - c', 'par c d', 'seq ab cd'])
  })

  test('a program is the composites that it abbreviates', () => {
    const twice = program([A], (a) => {
      const [b] = f(a)
      return [b, a, b]
    })
    // Whatever they are, there is one box in them, and the leaves are those of the language.
    const boxes: Fold<number> = { ...count, leaf: (node) => (node.kind === 'box' ? 1 : 0) }
    expect(fold(twice, boxes)).toBe(1)
  })

  test('values may be null', () => {
    expect(fold<null>(seq(f, f), { leaf: () => null, join: () => null, empty: () => null })).toBeNull()
  })

  test('a leaf without a value is an error of the program', () => {
    expect(() => fold<undefined>(f, { leaf: () => undefined, join: () => undefined, empty: () => undefined })).toThrow(
      'fold: a leaf has no value',
    )
  })

  test.each(['left', 'right', 'flat'] as const)('100,000 boxes, %s', (shape) => {
    let chain: Diagram = f
    if (shape === 'flat') chain = seq(f, ...new Array<typeof f>(99_999).fill(f))
    else for (let k = 1; k < 100_000; k++) chain = shape === 'left' ? seq(chain, f) : seq(f, chain)
    expect(fold(chain, count)).toBe(100_000)
  })
})
