/** The content hash: the published hash of the canonical key, the same from version to version. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { contentHash } from '../../dsl/content-hash.js'
import { box, canonicalKey, copy, type Diagram, discard, finite, id, par, seq, state, swap } from '../../dsl/index.js'
import { murmurHash128 } from '../../dsl/murmur-hash.js'
import { equalDiagrams, type Signature } from '../../laws/index.js'

const [A, B] = [finite('A', 2), finite('B', ['x', 'y', 'z'])]
const f = box('f', [A], [A])
const u = box('u', [A], [A], { deterministic: true })

describe('MurmurHash3 x86_128', () => {
  test('passes the verification of SMHasher', () => {
    // The hash of the hashes of [], [0], [0, 1], ..., each with the seed 256 - length; all lengths of the last block occur.
    const hashes = new DataView(new ArrayBuffer(256 * 16))
    for (let length = 0; length < 256; length++)
      murmurHash128(
        Uint8Array.from({ length }, (_, k) => k),
        256 - length,
      ).forEach((word, place) => hashes.setUint32(16 * length + 4 * place, word, true))
    expect(murmurHash128(new Uint8Array(hashes.buffer))[0]).toBe(0xb3ece62a)
  })

  test('does not depend on where the bytes lie in their buffer', () => {
    const text = new TextEncoder().encode('?The quick brown fox jumps over the lazy dog')
    expect(murmurHash128(text.subarray(1))).toEqual(murmurHash128(text.slice(1)))
  })
})

describe('contentHash', () => {
  test.each<[string, Diagram, string]>([
    ['the unit', id(), '70c36b91f1b928d368237486c00223f0'],
    ['an identity', id(A), 'c5d7267893d15da5a788969edbf4548c'],
    ['a swap', swap(A, B), '23be1c2f001efa2396bccb82fbdb45db'],
    ['a box', f, '5c958175bf1ab1e248033f14bb5269c7'],
    ['a deterministic box that is copied', seq(u, copy(A)), '1d1735a43cab0854f00151ba8395eb7d'],
    ['a chain of 1,000', seq(f, ...new Array<typeof f>(999).fill(f)), '041808ec3e6a86322817d1c2802168db'],
    ['a name outside of ASCII', state('\u2297 \ud83c\udfb2 \ud800', [B]), '3c5709ec9b3a08a443baad0b35ed7005'],
    ['a box that contains a diagram', box('twice', [A], [A], { body: seq(f, f) }), '3b4b4d6101586b626e1ed18dbabf61db'],
  ])('of %s is pinned: it may be stored', (_, diagram, hash) => {
    expect(contentHash(diagram)).toBe(hash)
  })

  test('equal diagrams have equal hashes', () => {
    expect(contentHash(seq(copy(A), par(u, seq(u, f, discard(A)))))).toBe(contentHash(u))
    fc.assert(
      fc.property(equalDiagrams(signature, [A], [B, A]), ([left, right]) => {
        expect(contentHash(left)).toBe(contentHash(right))
      }),
      { numRuns: 200 },
    )
  })

  test('10,000 different diagrams have different hashes', () => {
    const hashes = new Set<string>()
    const keys = new Set<string>()
    for (let number = 0; number < 10_000; number++) {
      // The binary digits of the number, as a word in f and u.
      const word = [...number.toString(2)].map((digit) => (digit === '0' ? f : u))
      const diagram = seq(id(A), ...word)
      hashes.add(contentHash(diagram))
      keys.add(canonicalKey(diagram))
    }
    expect([keys.size, hashes.size]).toEqual([10_000, 10_000])
  })
})

const signature: Signature = [
  state('coin', [A]),
  box('noise', [A], [B]),
  box('map', [A], [B], { deterministic: true }),
  box('choose', [B, A], [A], { deterministic: true }),
]
