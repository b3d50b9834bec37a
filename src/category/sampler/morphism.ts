/**
 * The morphisms of the sampler category: diagrams whose boxes carry what they sample.
 *
 * A box is named by what it samples, so that the equality of diagrams, which looks at names and types, identifies exactly the boxes
 * that sample alike. Composition refers to its parts, and costs the same however large they are.
 */
import type { Box, Diagram } from '../../../dsl/diagram.js'
import { generatorKey, type NormalForm, normalForm } from '../../../dsl/normal-form.js'
import { wiringOf } from '../../../dsl/wiring.js'
import type { Wires } from '../../../dsl/object.js'
import type { CheckedMeaning, LabelledMeaning, SampledFunction } from './meaning.js'

/** A box that carries what it samples. */
export interface SamplerBox extends Box {
  readonly meaning: CheckedMeaning
}

/** A diagram, all of whose boxes are sampler boxes; `Sampler.read` and the operations of `Sampler` make nothing else. */
export interface SamplerMorphism {
  readonly diagram: Diagram
}

export const samplerBox = (
  { label, deterministic, meaning }: LabelledMeaning,
  inputs: Wires,
  outputs: Wires,
): SamplerBox => ({ kind: 'box', name: label, deterministic, inputs, outputs, meaning })

export const isSamplerBox = (box: Box): box is SamplerBox => 'meaning' in box

/** What a box samples. */
export const meaningOf = (box: Box): CheckedMeaning => {
  if (!isSamplerBox(box))
    throw new Error(
      `Sampler: box '${box.name}' carries nothing to sample; make morphisms with Sampler.read or interpret`,
    )
  return box.meaning
}

/** The normal form of a morphism, in which equal morphisms are the same: boxes by place, in an order of evaluation. */
export const formOf = ({ diagram }: SamplerMorphism): NormalForm => {
  requireOneFunctionAName(diagram)
  return normalForm(diagram)
}

/** Functions are compared by name, so that two of one name and type would be taken for each other: that throws. */
export const requireOneFunctionAName = (...diagrams: readonly Diagram[]): void => {
  const named = new Map<string, SampledFunction['sample']>()
  for (const diagram of diagrams)
    for (const { box } of wiringOf(diagram).boxes) {
      const meaning = meaningOf(box)
      if (meaning.kind !== 'function') continue
      const key = generatorKey(box)
      const earlier = named.get(key)
      if (earlier !== undefined && earlier !== meaning.sample)
        throw new Error(
          `Sampler: two different functions are named '${meaning.name}'; give each a name of its own, or use one and the same record`,
        )
      named.set(key, meaning.sample)
    }
}
