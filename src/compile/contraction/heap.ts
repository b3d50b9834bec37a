/** A priority queue; among items of the same priority the one that was put in first comes out first. */
export interface PriorityQueue<A> {
  readonly push: (priority: number, item: A) => void
  /** The item of lowest priority, taken out; undefined when there is none. */
  readonly pop: () => A | undefined
}

/** An empty priority queue: a binary heap. */
export const priorityQueue = <A>(): PriorityQueue<A> => {
  const items: A[] = []
  const priorities: number[] = []
  const serials: number[] = []
  let serial = 0
  const isBefore = (i: number, j: number): boolean =>
    priorities[i]! < priorities[j]! || (priorities[i] === priorities[j] && serials[i]! < serials[j]!)
  const swap = (i: number, j: number): void => {
    ;[items[i], items[j]] = [items[j]!, items[i]!]
    ;[priorities[i], priorities[j]] = [priorities[j]!, priorities[i]!]
    ;[serials[i], serials[j]] = [serials[j]!, serials[i]!]
  }
  return {
    push: (priority, item) => {
      let at = items.push(item) - 1
      priorities.push(priority)
      serials.push(serial++)
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (!isBefore(at, parent)) break
        swap(at, parent)
        at = parent
      }
    },
    pop: () => {
      if (items.length === 0) return undefined
      swap(0, items.length - 1)
      const item = items.pop()
      priorities.pop()
      serials.pop()
      for (let at = 0; ;) {
        const [left, right] = [2 * at + 1, 2 * at + 2]
        let least = at
        if (left < items.length && isBefore(left, least)) least = left
        if (right < items.length && isBefore(right, least)) least = right
        if (least === at) return item
        swap(at, least)
        at = least
      }
    },
  }
}
