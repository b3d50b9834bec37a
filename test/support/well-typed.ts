/**
 * Well-typedness of a diagram from its definition, for data of any origin: knows the field names of the language and nothing of its
 * constructors. Also looks for what plain data do not have: prototypes of their own, other fields, holes in lists.
 */

/** The first fault of a diagram, or undefined if it is a diagram. */
export const faultInDiagram = (root: unknown): string | undefined => {
  const done = new Set<unknown>()
  const stack: unknown[] = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (done.has(node)) continue
    done.add(node)
    const fault = faultInNode(node, (part) => stack.push(part))
    if (fault !== undefined) return fault
  }
  return root === undefined ? 'nothing' : undefined
}

const faultInNode = (node: unknown, visit: (part: unknown) => void): string | undefined => {
  const fields = plainFields(node)
  if (fields === undefined) return 'a node is no plain record'
  const [inputs, outputs] = [plainList(fields['inputs']), plainList(fields['outputs'])]
  if (inputs === undefined || outputs === undefined) return 'a boundary is no plain list'
  for (const wire of [...inputs, ...outputs]) if (!isWire(wire)) return 'a boundary holds what is no wire'
  const others = Object.keys(fields)
    .filter((key) => !['kind', 'inputs', 'outputs'].includes(key))
    .sort()
    .join()
  switch (fields['kind']) {
    case 'box': {
      if (typeof fields['name'] !== 'string' || typeof fields['deterministic'] !== 'boolean') return 'box: name or flag'
      if (others === 'deterministic,name') return undefined
      if (others !== 'body,deterministic,name') return `box: fields ${others}`
      const body = boundaryOf(fields['body'])
      visit(fields['body'])
      return body !== undefined && same(body.inputs, inputs) && same(body.outputs, outputs) ? undefined : 'box: body'
    }
    case 'identity':
      return others === '' && same(inputs, outputs) ? undefined : 'identity'
    case 'copy':
      return others === '' && same([...inputs, ...inputs], outputs) ? undefined : 'copy'
    case 'discard':
      return others === '' && outputs.length === 0 ? undefined : 'discard'
    case 'permute': {
      const order = plainList(fields['order'])
      if (others !== 'order' || order === undefined || order.length !== inputs.length) return 'permute: order'
      for (let place = 0; place < inputs.length; place++)
        if (order.filter((given) => given === place).length !== 1) return `permute: ${place} is not there once`
      return same(
        order.map((place) => inputs[Number(place)]),
        outputs,
      )
        ? undefined
        : 'permute: outputs'
    }
    case 'seq':
    case 'par': {
      const parts = plainList(fields['parts'])
      if (others !== 'parts' || parts === undefined) return 'composite: parts'
      parts.forEach(visit)
      const boundaries = parts.map(boundaryOf)
      if (fields['kind'] === 'par')
        return same(
          boundaries.flatMap((part) => part?.inputs ?? [undefined]),
          inputs,
        ) &&
          same(
            boundaries.flatMap((part) => part?.outputs ?? [undefined]),
            outputs,
          )
          ? undefined
          : 'par: boundary'
      let wires = inputs
      for (const part of boundaries) {
        if (part === undefined || !same(wires, part.inputs)) return 'seq: parts do not fit'
        wires = part.outputs
      }
      return parts.length > 0 && same(wires, outputs) ? undefined : 'seq: boundary'
    }
    case 'program': {
      const [steps, returns] = [plainList(fields['steps']), plainList(fields['returns'])]
      if (others !== 'returns,steps' || steps === undefined || returns === undefined) return 'program: fields'
      const wires = [...inputs]
      for (const entry of steps) {
        const step = plainFields(entry)
        const reads = plainList(step?.['reads'])
        const boundary = boundaryOf(step?.['diagram'])
        if (step === undefined || Object.keys(step).sort().join() !== 'diagram,reads') return 'program: step'
        if (reads === undefined || boundary === undefined || !reads.every((read) => isIndex(read, wires.length)))
          return 'program: reads'
        if (
          !same(
            reads.map((read) => wires[Number(read)]),
            boundary.inputs,
          )
        )
          return 'program: a step takes other wires'
        visit(step['diagram'])
        for (const wire of boundary.outputs) wires.push(wire)
      }
      if (!returns.every((wire) => isIndex(wire, wires.length))) return 'program: returns'
      return same(
        returns.map((wire) => wires[Number(wire)]),
        outputs,
      )
        ? undefined
        : 'program: outputs'
    }
    default:
      return `no kind of node: ${String(fields['kind'])}`
  }
}

const isWire = (value: unknown): boolean => {
  const wire = plainFields(value)
  if (wire === undefined || typeof wire['name'] !== 'string') return false
  const keys = Object.keys(wire).sort().join()
  switch (wire['kind']) {
    case 'finite': {
      const elements = plainList(wire['elements'])
      if (keys !== 'elements,kind,name') return false
      return elements === undefined
        ? isCount(wire['elements'])
        : elements.every((element, at) => typeof element === 'string' && elements.indexOf(element) === at)
    }
    case 'real':
      return keys === 'dimension,kind,name' && isCount(wire['dimension'])
    case 'sequence':
      return (
        keys === 'kind,length,name,symbols' &&
        isCount(wire['length']) &&
        isWire(wire['symbols']) &&
        plainFields(wire['symbols'])?.['kind'] === 'finite'
      )
    default:
      return false
  }
}

const isCount = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value % 1 === 0
const isIndex = (value: unknown, below: number): boolean => isCount(value) && Number(value) < below

/** Wires are the same if they are written the same; the fields are of one order, which keys() shows. */
const same = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((wire, at) => wire === b[at] || textOf(wire) === textOf(b[at]))
const textOf = (wire: unknown): string =>
  JSON.stringify(wire, ['kind', 'name', 'elements', 'dimension', 'symbols', 'length'])

const boundaryOf = (
  node: unknown,
): { readonly inputs: readonly unknown[]; readonly outputs: readonly unknown[] } | undefined => {
  const fields = plainFields(node)
  const [inputs, outputs] = [plainList(fields?.['inputs']), plainList(fields?.['outputs'])]
  return inputs === undefined || outputs === undefined ? undefined : { inputs, outputs }
}

const plainFields = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
    ? Object.fromEntries(Object.entries(value))
    : undefined

const plainList = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype && Object.keys(value).length === value.length
    ? value
    : undefined
