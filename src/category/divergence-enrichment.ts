/**
 * Divergences on the morphisms of a Markov category, and the entropy and mutual information that each of them defines.
 *
 * Source: P. Perrone, "Markov categories and entropy" (2023).
 */
import type { MarkovStructure } from './markov-category.js'

/** A divergence on every hom-set: nonnegative, zero on equal morphisms, and never raised by composing both with one morphism. */
export interface DivergenceEnrichment<Mor> {
  readonly name: string
  /** D(f || g) of two morphisms with the same domain and codomain, from 0 to Infinity. */
  readonly divergence: (f: Mor, g: Mor) => number
  /**
   * Whether D(f ; h || g ; k) and D(f ⊗ h || g ⊗ k) are known to be at most D(f || g) + D(h || k), for all morphisms: whether D is an
   * enrichment in divergence spaces. False where it is refuted, and where it is not known.
   */
  readonly additive: boolean
}

/**
 * The entropy of a morphism by its definition: its divergence from determinism,
 * ```
 *              ┌─ X               ┌─[f]─ X
 *   D( A ─[f]──●       ‖    A ────●           )
 *              └─ X               └─[f]─ X
 * ```
 *
 * @example
 * const coin = { domain: [], codomain: [2], entries: Float64Array.of(0.5, 0.5) }
 * enrichedEntropy(FinStoch, finStochEnrichment(totalVariation))(coin) // => 0.5
 */
export const enrichedEntropy =
  <Obj, Mor>(
    {
      seq,
      par,
      copy,
      domain,
      codomain,
    }: Pick<MarkovStructure<Obj, Mor>, 'domain' | 'codomain' | 'seq' | 'par' | 'copy'>,
    { divergence }: DivergenceEnrichment<Mor>,
  ) =>
  (f: Mor): number =>
    divergence(seq(f, copy(codomain(f))), seq(copy(domain(f)), par(f, f)))

/**
 * The mutual information between the outputs of f : A -> X ⊗ Y by its definition: its divergence from independence given the input,
 * ```
 *            ┌─ X                ┌─[f]─┬─ X
 *   D( A ─[f]┤       ‖    A ─────●     └─●       )
 *            └─ Y                │     ┌─●
 *                                └─[f]─┴─ Y
 * ```
 *
 * @example
 * const same = { domain: [], codomain: [2, 2], entries: Float64Array.of(0.5, 0, 0, 0.5) }
 * enrichedInformation(FinStoch, finStochEnrichment(totalVariation))(same, [2], [2]) // => 0.5
 */
export const enrichedInformation =
  <Obj, Mor>(
    {
      seq,
      par,
      copy,
      discard,
      id,
      domain,
    }: Pick<MarkovStructure<Obj, Mor>, 'domain' | 'seq' | 'par' | 'copy' | 'discard' | 'id'>,
    { divergence }: DivergenceEnrichment<Mor>,
  ) =>
  (f: Mor, x: Obj, y: Obj): number => {
    const first = seq(f, par(id(x), discard(y)))
    const second = seq(f, par(discard(x), id(y)))
    return divergence(f, seq(copy(domain(f)), par(first, second)))
  }
