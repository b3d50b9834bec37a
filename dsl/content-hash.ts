/** A short name for what a diagram denotes. */
import type { Diagram } from './diagram.js'
import { murmurHash128 } from './murmur-hash.js'
import { canonicalKey } from './normal-form.js'

/**
 * The hash of what a diagram denotes in the free Markov category on its boxes: 32 hexadecimal digits that stay the same from one run,
 * one machine and one version to the next, so that they can name a file.
 *
 * Equal diagrams have equal hashes. That two others share one by accident has the odds of 2^-128; on purpose it can be brought about,
 * so compare keys, not hashes, of diagrams that are not trusted. MurmurHash3 (`x86_128`, seed 0) of the canonical key in UTF-8.
 *
 * @example
 * const A = finite('A', 2)
 * const f = box('f', [A], [A])
 * contentHash(seq(f, id(A))) === contentHash(f) // => true
 */
export const contentHash = (diagram: Diagram): string =>
  murmurHash128(new TextEncoder().encode(canonicalKey(diagram)))
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('')
