/**
 * The paths of the wires: pieces that join ports, copies, discards and the boundary.
 */
import { type Bundle, type BundleRoute, bundlesOf, type Columns, isStraight, straightLength } from './columns.js'
import { kindOf, type LayeredGraph } from './layering.js'
import type { Nodes } from './nodes.js'
import type { FlowPoint } from './shapes.js'
import type { Measures } from './style.js'

/** What a piece of wire joins, by the number of it. */
export type WireEnd =
  | { readonly kind: 'input'; readonly input: number }
  | { readonly kind: 'output'; readonly output: number }
  | { readonly kind: 'box'; readonly box: number; readonly port: number }
  | { readonly kind: 'copy'; readonly dot: number }
  | { readonly kind: 'discard'; readonly ground: number }

export type FlowStep =
  | { readonly kind: 'line'; readonly to: FlowPoint }
  | { readonly kind: 'curve'; readonly first: FlowPoint; readonly second: FlowPoint; readonly to: FlowPoint }

export interface FlowPath {
  readonly wire: number
  readonly from: WireEnd
  readonly to: WireEnd
  readonly start: FlowPoint
  readonly steps: readonly FlowStep[]
}

export interface FlowMark {
  readonly wire: number
  readonly at: FlowPoint
}

export interface FlowRoutes {
  readonly paths: readonly FlowPath[]
  readonly dots: readonly FlowMark[]
  readonly grounds: readonly FlowMark[]
}

/** A path that is being drawn. */
interface Pen {
  readonly from: WireEnd
  readonly start: FlowPoint
  readonly steps: readonly FlowStep[]
}

export const routeWires = (
  graph: LayeredGraph,
  nodes: Nodes,
  place: Float64Array,
  columns: Columns,
  measures: Measures,
): FlowRoutes => {
  const { wiring, edges, layerOf, firstBox, firstOutput, producer } = graph
  const paths: FlowPath[] = []
  const dots: FlowMark[] = []
  const grounds: FlowMark[] = []

  const finish = (wire: number, pen: Pen, to: WireEnd): void => {
    const steps = rounded(pen.start, pen.steps, measures.cornerRadius)
    paths.push({ wire, from: pen.from, to, start: pen.start, steps })
  }
  /** A dot at which a pen stops, and which other pens start from. */
  const dotAt = (wire: number, pen: Pen, at: FlowPoint): Pen => {
    const dot = dots.length
    dots.push({ wire, at })
    finish(wire, lineTo(pen, at), { kind: 'copy', dot })
    return { from: { kind: 'copy', dot }, start: at, steps: [] }
  }
  /** Follows an edge to a box or an output and finishes there; a passing wire is drawn on later. */
  const arrive = (wire: number, pen: Pen, edge: number): { readonly pen: Pen; readonly node: number } | undefined => {
    const node = edges.to[edge]!
    const here = place[node]! + nodes.toOffset(edge)
    if (kindOf(graph, node) === 'passing') return { pen, node }
    const end: WireEnd =
      node < firstOutput
        ? { kind: 'box', box: node - firstBox, port: edges.toPort[edge]! }
        : { kind: 'output', output: node - firstOutput }
    finish(wire, lineTo(pen, { along: columns.startOf(node), across: here }), end)
    return undefined
  }

  // The bundles of a node are found once, and handed to its wires in turn.
  for (let node = 0; node < firstOutput; node++) {
    const bundles = new Map(
      bundlesOf(graph, nodes, place, node).map((bundle) => [edges.wire[bundle.edges[0]!]!, bundle] as const),
    )
    const box = wiring.boxes[node - firstBox]
    const first = box === undefined ? node : box.firstOutput
    const count = box === undefined ? 1 : box.box.outputs.length
    for (let port = 0; port < count; port++) {
      const wire = first + port
      const offset = node < firstBox ? 0 : nodes.boxes[node - firstBox]!.outputs[port]!
      const start: FlowPoint = { along: columns.endOf(producer[wire]!), across: place[node]! + offset }
      let pen: Pen | undefined = {
        from: node < firstBox ? { kind: 'input', input: node } : { kind: 'box', box: node - firstBox, port },
        start,
        steps: [],
      }
      let bundle = bundles.get(wire)
      if (bundle === undefined) {
        const length = straightLength(wire, nodes, measures) - measures.groundDepth - measures.groundGap
        const at: FlowPoint = { along: start.along + length, across: start.across }
        finish(wire, lineTo(pen, at), { kind: 'discard', ground: grounds.length })
        grounds.push({ wire, at })
        continue
      }
      for (let at = node; pen !== undefined && bundle !== undefined;) {
        const { routeStart, routeEnd } = columns.gaps[layerOf[at]!]!
        const route = columns.routes.get(bundle.edges[0]!)
        const branches: readonly Branch[] = isStraight(bundle)
          ? [{ pen, edge: bundle.edges[0]! }]
          : route === undefined
            ? curvedBranches(pen, bundle, routeStart, routeEnd, (drawn, place) => dotAt(wire, drawn, place))
            : orthogonalBranches(pen, bundle, route, 2 * measures.dotRadius + 1, (drawn, place) =>
                dotAt(wire, drawn, place),
              )
        pen = undefined
        for (const branch of branches) {
          const onward = arrive(wire, branch.pen, branch.edge)
          if (onward === undefined) continue
          pen = onward.pen
          at = onward.node
        }
        bundle = pen === undefined ? undefined : bundlesOf(graph, nodes, place, at)[0]
        if (pen !== undefined && bundle !== undefined)
          pen = lineTo(pen, { along: columns.gaps[layerOf[at]!]!.routeStart, across: bundle.source })
      }
    }
  }
  return { paths, dots, grounds }
}

interface Branch {
  readonly pen: Pen
  readonly edge: number
}
type Dot = (pen: Pen, at: FlowPoint) => Pen

/** Draws a line, or makes the last one longer: the paths of long wires must not grow with every layer. */
const lineTo = ({ from, start, steps }: Pen, to: FlowPoint): Pen => {
  const last = steps[steps.length - 1]
  const here = last?.to ?? start
  if (to.along === here.along && to.across === here.across) return { from, start, steps }
  const before = steps[steps.length - 2]?.to ?? start
  const longer = last?.kind === 'line' && inLine(before, here, to)
  return { from, start, steps: [...(longer ? steps.slice(0, -1) : steps), { kind: 'line', to }] }
}

/** One curve for each edge; with several edges, from a dot where the curves start. */
const curvedBranches = (
  pen: Pen,
  { edges, source, targets }: Bundle,
  start: number,
  end: number,
  dot: Dot,
): readonly Branch[] => {
  const from: FlowPoint = { along: start, across: source }
  const origin = edges.length === 1 ? lineTo(pen, from) : dot(pen, from)
  return edges.map((edge, index) => {
    const target = targets[index]!
    const to: FlowPoint = { along: end, across: target }
    if (target === source) return { pen: lineTo(origin, to), edge }
    const middle = (start + end) / 2
    const first: FlowPoint = { along: middle, across: source }
    const second: FlowPoint = { along: middle, across: target }
    return { pen: { ...origin, steps: [...origin.steps, { kind: 'curve', first, second, to }] }, edge }
  })
}

/** A trunk across the flow, with a dot wherever three pieces meet. */
const orthogonalBranches = (
  pen: Pen,
  { edges, source, targets }: Bundle,
  { along, detour }: BundleRoute,
  closeDots: number,
  dot: Dot,
): readonly Branch[] => {
  let origin = pen
  let lane = source
  if (detour !== undefined) {
    origin = lineTo(lineTo(origin, { along: detour.along, across: lane }), { along: detour.along, across: detour.lane })
    lane = detour.lane
  }
  origin = lineTo(origin, { along, across: lane })
  const sorted = edges.map((edge, index) => ({ edge, target: targets[index]! })).sort((a, b) => a.target - b.target)
  // Two dots must not touch: a lane that leaves close to where the wire arrives has the dot of both.
  const close = sorted.find(({ target }) => Math.abs(target - lane) < closeDots)
  if (close !== undefined && sorted.length > 1) lane = close.target
  const above = sorted.filter(({ target }) => target < lane).reverse()
  const level = sorted.filter(({ target }) => target === lane)
  const below = sorted.filter(({ target }) => target > lane)
  const meeting = Number(above.length > 0) + Number(level.length > 0) + Number(below.length > 0)
  if (meeting > 1) origin = dot(origin, { along, across: lane })
  const branches: Branch[] = level.map(({ edge }) => ({ pen: origin, edge }))
  for (const side of [above, below]) {
    let trunk = origin
    side.forEach(({ edge, target }, index) => {
      const at: FlowPoint = { along, across: target }
      trunk = index + 1 < side.length ? dot(trunk, at) : lineTo(trunk, at)
      branches.push({ pen: trunk, edge })
    })
  }
  return branches
}

/** The same path with round corners where lines meet. */
const rounded = (start: FlowPoint, steps: readonly FlowStep[], radius: number): readonly FlowStep[] => {
  if (radius === 0) return steps
  const smooth: FlowStep[] = []
  let here = start
  steps.forEach((step, index) => {
    const next = steps[index + 1]
    if (step.kind === 'line' && next?.kind === 'line') {
      const room = Math.min(radius, distance(here, step.to) / 2, distance(step.to, next.to) / 2)
      const into = towards(step.to, here, room)
      const out = towards(step.to, next.to, room)
      // A quarter of a circle, as nearly as a cubic curve can be one.
      const first = towards(into, step.to, 0.5523 * room)
      const second = towards(out, step.to, 0.5523 * room)
      smooth.push({ kind: 'line', to: into }, { kind: 'curve', first, second, to: out })
      here = out
    } else {
      smooth.push(step)
      here = step.to
    }
  })
  return smooth
}

const inLine = (a: FlowPoint, b: FlowPoint, c: FlowPoint): boolean =>
  (a.along === b.along && b.along === c.along) || (a.across === b.across && b.across === c.across)

const distance = (a: FlowPoint, b: FlowPoint): number => Math.hypot(a.along - b.along, a.across - b.across)

const towards = (from: FlowPoint, to: FlowPoint, length: number): FlowPoint => {
  const whole = distance(from, to)
  const part = whole === 0 ? 0 : length / whole
  return { along: from.along + part * (to.along - from.along), across: from.across + part * (to.across - from.across) }
}
