/** A model as the figures of a law see it: its head, and what it makes of all contexts. */
import type { ForwardPass } from './forward.js'
import type { Head } from './head-divergence.js'

export interface LawModel extends ForwardPass {
  readonly head: Head
}

/** The model at the end of its training, before it, and the same trained on shuffled targets. */
export interface LawModels {
  readonly trained: LawModel
  readonly untrained: LawModel
  readonly shuffled: LawModel
}

/** One thing for each of the three. */
export const ofModels = <A>(
  { trained, untrained, shuffled }: LawModels,
  of: (model: LawModel) => A,
): { readonly trained: A; readonly untrained: A; readonly shuffled: A } => ({
  trained: of(trained),
  untrained: of(untrained),
  shuffled: of(shuffled),
})
