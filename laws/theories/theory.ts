/**
 * A theory: laws that belong together, on top of the theories that they presuppose.
 */
import type { Law } from '../law.js'

export interface Theory {
  readonly name: string
  readonly parents: readonly Theory[]
  /** Its own laws, without those of its parents. */
  readonly laws: readonly Law[]
}

/** The laws of a theory and of all its ancestors, each once, ancestors first. */
export const lawsOf = (theory: Theory): readonly Law[] => [
  ...new Set([...theory.parents.flatMap((parent) => lawsOf(parent)), ...theory.laws]),
]
