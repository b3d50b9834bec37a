/**
 * The last touch on the places across the flow: straight runs are moved, each as a whole, as far as their neighbours allow.
 */
import type { Placing } from './coordinates.js'

/** Moves every straight run towards what it is connected to, as far as its neighbours allow; whether any was moved. */
export const balance = (placing: Placing, place: Float64Array, backwards: boolean): boolean => {
  const { graph, orders, distances, offset, weight, straightIn, straightOut, quantum, nearlyStraight } = placing
  const { edges, layerOf, incoming, incomingStart, outgoing, outgoingStart } = graph
  const isStraight = (edge: number): boolean =>
    edge !== -1 && place[edges.to[edge]!]! === place[edges.from[edge]!]! + offset[edge]!
  const index = new Int32Array(layerOf.length)
  for (const layer of orders) for (let k = 0; k < layer.length; k++) index[layer[k]!] = k

  let moved = false
  const count = layerOf.length
  for (let at = 0; at < count; at++) {
    const head = backwards ? count - 1 - at : at
    // Runs are found at their first node.
    if (isStraight(straightIn[head]!)) continue
    let least = -Infinity
    let most = Infinity
    let pull = 0
    let total = 0
    const ends: { readonly distance: number; readonly value: number }[] = []
    const draw = (edge: number, distance: number, main: boolean): void => {
      pull += weight[edge]! * distance
      total += weight[edge]!
      // Main edges are made straight from afar, others only if they nearly are: a slight bend looks like a mistake.
      if (main || Math.abs(distance) <= nearlyStraight) ends.push({ distance, value: weight[edge]! * (main ? 4 : 1) })
    }
    for (let node = head; ;) {
      const layer = layerOf[node]!
      const order = orders[layer]!
      const k = index[node]!
      if (k > 0) least = Math.max(least, place[order[k - 1]!]! + distances[layer]![k - 1]! - place[node]!)
      if (k + 1 < order.length) most = Math.min(most, place[order[k + 1]!]! - distances[layer]![k]! - place[node]!)
      for (let e = incomingStart[node]!; e < incomingStart[node + 1]!; e++) {
        const edge = incoming[e]!
        if (edge === straightIn[node] && node !== head) continue
        draw(edge, place[edges.from[edge]!]! + offset[edge]! - place[node]!, edge === straightIn[node])
      }
      const onward = straightOut[node]!
      const goesOn = isStraight(onward)
      for (let e = outgoingStart[node]!; e < outgoingStart[node + 1]!; e++) {
        const edge = outgoing[e]!
        if (edge === onward && goesOn) continue
        draw(edge, place[edges.to[edge]!]! - offset[edge]! - place[node]!, edge === onward)
      }
      if (!goesOn) break
      node = edges.to[onward]!
    }
    const wanted = bestClosing(ends, least, most) ?? (total === 0 ? 0 : pull / total)
    const shift = quantum * Math.trunc(Math.max(least, Math.min(most, wanted)) / quantum)
    if (shift === 0) continue
    moved = true
    for (let node = head; ;) {
      // The edge onward is straight before the move, and must be looked at before its first node has moved.
      const onward = straightOut[node]!
      const goesOn = isStraight(onward)
      place[node]! += shift
      if (!goesOn) break
      node = edges.to[onward]!
    }
  }
  return moved
}

/** The shift that makes most of the edges at the ends of a run straight, if one makes more of them so than now. */
const bestClosing = (
  ends: readonly { readonly distance: number; readonly value: number }[],
  least: number,
  most: number,
): number | undefined => {
  const values = new Map<number, number>()
  for (const { distance, value } of ends) values.set(distance, (values.get(distance) ?? 0) + value)
  let best = 0
  let greatest = values.get(0) ?? 0
  for (const [distance, value] of values) {
    if (distance < least || distance > most) continue
    if (value > greatest || (value === greatest && Math.abs(distance) < Math.abs(best))) {
      best = distance
      greatest = value
    }
  }
  return greatest === 0 ? undefined : best
}
