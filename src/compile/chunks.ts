/** Evaluations of parts of a batch, put together. */
import type { Evaluation, Output } from './evaluation.js'

/** One evaluation of all members; what ran is what ran last. */
export const concatenated = (parts: readonly Evaluation[]): Evaluation => {
  const last = parts[parts.length - 1]
  if (last === undefined) throw new Error('concatenated: a batch has at least one part')
  if (parts.length === 1) return last
  const all = (read: (part: Evaluation) => ArrayLike<number> | undefined): Float64Array => {
    const lists = parts.map((part) => read(part) ?? [])
    const entries = new Float64Array(lists.reduce((total, { length }) => total + length, 0))
    let at = 0
    for (const list of lists) {
      entries.set(Float64Array.from(list), at)
      at += list.length
    }
    return entries
  }
  const entriesOf = (output: Output | undefined): ArrayLike<number> | undefined =>
    output !== undefined && 'entries' in output ? output.entries : undefined
  const { distribution } = last
  return {
    ...last,
    batch: parts.reduce((total, { batch }) => total + batch, 0),
    outputs: last.outputs.map((output, port) =>
      'entries' in output ? { ...output, entries: all((part) => entriesOf(part.outputs[port])) } : output,
    ),
    distribution:
      distribution === undefined ? undefined : { ...distribution, entries: all((part) => part.distribution?.entries) },
    entropies: Object.fromEntries(
      Object.keys(last.entropies).map((name) => [
        name,
        all((part) => Object.entries(part.entropies).find(([other]) => other === name)?.[1]),
      ]),
    ),
    logProbability: last.logProbability === undefined ? undefined : all((part) => part.logProbability),
    evidence: last.evidence === undefined ? undefined : parts.flatMap(({ evidence }) => evidence ?? []),
  }
}
