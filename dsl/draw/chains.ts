/**
 * Chains of nodes that straight edges join, placed as wholes.
 *
 * A chain has one place; its nodes keep their distances from it. Chains do not cross each other, so the relation "neighbours, and
 * before in the order of their layer" has no circles among them, and there are places at which all least distances are kept.
 */
import type { Placing } from './coordinates.js'

export interface Chains {
  readonly count: number
  /** The chain of each node, and the node's place relative to the chain's. */
  readonly chainOf: Int32Array
  readonly offset: Float64Array
  /** Chains that are neighbours in some layer: place[below] - place[above] >= distance; sorted by a topological order of `above`. */
  readonly above: Int32Array
  readonly below: Int32Array
  readonly distance: Float64Array
}

export const chainsOf = (placing: Placing): Chains => {
  const { graph, orders, distances, straightIn } = placing
  const chainOf = new Int32Array(graph.layerOf.length)
  const offset = new Float64Array(graph.layerOf.length)
  let count = 0
  for (const layer of orders)
    for (const node of layer) {
      const edge = straightIn[node]!
      if (edge === -1) chainOf[node] = count++
      else {
        const before = graph.edges.from[edge]!
        chainOf[node] = chainOf[before]!
        offset[node] = offset[before]! + placing.offset[edge]!
      }
    }

  const above: number[] = []
  const below: number[] = []
  const distance: number[] = []
  // Long neighbours meet in layer after layer: one pair is enough for as long as they stay neighbours.
  const latest = new Int32Array(count).fill(-1)
  orders.forEach((layer, index) => {
    for (let k = 0; k + 1 < layer.length; k++) {
      const [a, b] = [layer[k]!, layer[k + 1]!]
      const least = distances[index]![k]! + offset[a]! - offset[b]!
      const pair = latest[chainOf[a]!]!
      if (pair !== -1 && below[pair] === chainOf[b]) distance[pair] = Math.max(distance[pair]!, least)
      else {
        latest[chainOf[a]!] = above.length
        above.push(chainOf[a]!)
        below.push(chainOf[b]!)
        distance.push(least)
      }
    }
  })
  const order = topologicalOrder(count, above, below)
  return {
    count,
    chainOf,
    offset,
    above: order.map((pair) => above[pair]!),
    below: order.map((pair) => below[pair]!),
    distance: Float64Array.from(order, (pair) => distance[pair]!),
  }
}

/** The pairs in an order in which every pair comes after those whose `below` is its `above`. */
const topologicalOrder = (count: number, above: readonly number[], below: readonly number[]): Int32Array => {
  const start = new Int32Array(count + 1)
  const waiting = new Int32Array(count)
  for (const chain of above) start[chain + 1]! += 1
  for (const chain of below) waiting[chain]! += 1
  for (let chain = 0; chain < count; chain++) start[chain + 1]! += start[chain]!
  const next = start.slice()
  const pairsFrom = new Int32Array(above.length)
  above.forEach((chain, pair) => (pairsFrom[next[chain]!++] = pair))

  const order = new Int32Array(above.length)
  let done = 0
  const ready: number[] = []
  for (let chain = 0; chain < count; chain++) if (waiting[chain] === 0) ready.push(chain)
  for (let chain = ready.pop(); chain !== undefined; chain = ready.pop())
    for (let k = start[chain]!; k < start[chain + 1]!; k++) {
      const pair = pairsFrom[k]!
      order[done++] = pair
      waiting[below[pair]!]! -= 1
      if (waiting[below[pair]!] === 0) ready.push(below[pair]!)
    }
  if (done < above.length) throw new Error('layout: two straight wires cross, which their choice excludes')
  return order
}

/**
 * Draws chains to what they are connected to, and writes the places of their nodes, in multiples of the quantum.
 *
 * In every round a chain goes half of the way to where its edges end, and then chains that are too near to each other give way: the
 * mean of the places when only later chains do and when only earlier ones do, which keeps all distances as both of them do.
 */
export const drawChains = (
  { graph, weight, offset, quantum, straightIn }: Placing,
  chains: Chains,
  place: Float64Array,
  rounds: number,
): void => {
  const { edges } = graph
  const { count, chainOf } = chains
  const wanted = new Float64Array(count)
  const size = new Int32Array(count)
  for (let node = 0; node < place.length; node++) {
    wanted[chainOf[node]!]! += place[node]! - chains.offset[node]!
    size[chainOf[node]!]! += 1
  }
  for (let chain = 0; chain < count; chain++) wanted[chain]! /= size[chain]!
  let current = settle(chains, wanted)

  const between: number[] = []
  for (let edge = 0; edge < edges.count; edge++)
    if (straightIn[edges.to[edge]!] !== edge && chainOf[edges.from[edge]!] !== chainOf[edges.to[edge]!])
      between.push(edge)
  const pull = new Float64Array(count)
  const total = new Float64Array(count)
  for (let round = 0; round < rounds; round++) {
    pull.fill(0)
    total.fill(0)
    for (const edge of between) {
      const [from, to] = [edges.from[edge]!, edges.to[edge]!]
      const [a, b] = [chainOf[from]!, chainOf[to]!]
      const straight = offset[edge]! + chains.offset[from]! - chains.offset[to]!
      pull[a]! += weight[edge]! * (current[b]! - straight)
      pull[b]! += weight[edge]! * (current[a]! + straight)
      total[a]! += weight[edge]!
      total[b]! += weight[edge]!
    }
    // What is connected to nothing keeps to the middle.
    const middle = current.reduce((sum, value) => sum + value, 0) / Math.max(1, count)
    for (let chain = 0; chain < count; chain++)
      wanted[chain] = (current[chain]! + (total[chain] === 0 ? middle : pull[chain]! / total[chain]!)) / 2
    current = settle(chains, wanted)
  }
  // Distances are multiples of the quantum, so rounding keeps them.
  for (let node = 0; node < place.length; node++)
    place[node] = quantum * Math.round(current[chainOf[node]!]! / quantum) + chains.offset[node]!
}

/** Places near the wanted ones that keep all distances. */
const settle = ({ above, below, distance }: Chains, wanted: Float64Array): Float64Array => {
  const later = wanted.slice()
  const earlier = wanted.slice()
  for (let pair = 0; pair < above.length; pair++)
    later[below[pair]!] = Math.max(later[below[pair]!]!, later[above[pair]!]! + distance[pair]!)
  for (let pair = above.length - 1; pair >= 0; pair--)
    earlier[above[pair]!] = Math.min(earlier[above[pair]!]!, earlier[below[pair]!]! - distance[pair]!)
  return later.map((place, chain) => (place + earlier[chain]!) / 2)
}
