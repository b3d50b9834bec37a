import { forward } from '../../src/language-model/forward.js'
import type { Law } from '../../src/language-model/law.js'
import type { LawModel, LawModels } from '../../src/language-model/law-model.js'
import { shuffleTargets } from '../../src/language-model/shuffled-targets.js'
import { type Checkpoint, train } from '../../src/language-model/train.js'
import { shapeOf } from './language-model.js'
import { valueOf } from './value-of.js'

/** A small network trained on a law, before its training, and trained on shuffled targets. */
export const trainedModels = async ({ kernel }: Law, hidden: number, steps: number): Promise<LawModels> => {
  const shape = shapeOf(kernel, 4, 16, hidden)
  const settings = { steps, seed: 3, checkpoints: 2, learningRate: 0.02 }
  const at = ({ parameters }: Checkpoint): LawModel => ({
    head: parameters,
    ...forward(parameters, shape, kernel.contexts),
  })
  const [untrained, trained] = valueOf(await train(kernel, shape, settings)).map(at)
  const [, shuffled] = valueOf(await train(shuffleTargets(kernel, 3), shape, settings)).map(at)
  return { trained: trained!, untrained: untrained!, shuffled: shuffled! }
}

/** The same model with other hidden states, under its own head. */
export const withHidden = (model: LawModel, hidden: Float64Array): LawModel => ({ ...model, hidden })
