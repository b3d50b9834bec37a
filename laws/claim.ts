/**
 * What a law says about one case.
 *
 * A claim keeps its two sides apart instead of deciding between them, so that a counterexample shows both. Sides are computed on
 * demand: a broken category may throw.
 */
export type Claim<Obj, Mor> =
  | { readonly kind: 'equal'; readonly left: () => Mor; readonly right: () => Mor }
  | { readonly kind: 'different'; readonly left: () => Mor; readonly right: () => Mor }
  | { readonly kind: 'same-objects'; readonly left: () => readonly Obj[]; readonly right: () => readonly Obj[] }
  | { readonly kind: 'same-truth'; readonly left: () => boolean; readonly right: () => boolean }
  | { readonly kind: 'implies'; readonly left: () => boolean; readonly right: () => boolean }
  /** The first number is no larger than the second, up to a rounding budget. */
  | { readonly kind: 'at-most'; readonly left: () => number; readonly right: () => number; readonly budget: number }
  /** The category's own `validate` accepts the morphism. */
  | { readonly kind: 'valid'; readonly morphism: () => Mor }
  /** There is no such morphism: the attempt throws. */
  | { readonly kind: 'rejected'; readonly morphism: () => Mor }
  /** The law is about cases in which the hypothesis holds; other cases say nothing. */
  | { readonly kind: 'provided'; readonly hypothesis: () => boolean; readonly claim: Claim<Obj, Mor> }
