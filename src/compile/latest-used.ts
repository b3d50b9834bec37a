/** What was made for a key, as long as it is among the latest that were used; what falls out is handed to `release`. */
export interface LatestUsed<Key, Kept> {
  readonly get: (key: Key, make: () => Kept) => Kept
  readonly clear: () => void
}

export const latestUsed = <Key, Kept>(most: number, release: (kept: Kept) => void): LatestUsed<Key, Kept> => {
  // A map goes through its keys in the order in which they were set.
  const kept = new Map<Key, Kept>()
  let latest: Key | undefined
  return {
    get: (key, make) => {
      const same = latest === key ? kept.get(key) : undefined
      if (same !== undefined) return same
      latest = key
      const known = kept.get(key) ?? make()
      kept.delete(key)
      kept.set(key, known)
      if (kept.size > most) {
        const [oldest] = kept
        if (oldest !== undefined) {
          kept.delete(oldest[0])
          release(oldest[1])
        }
      }
      return known
    },
    clear: () => {
      for (const each of kept.values()) release(each)
      kept.clear()
    },
  }
}
