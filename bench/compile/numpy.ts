/** Peers in Python: programs with numpy, each in a process of its own, with one thread of OpenBLAS and a clock of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import type { Contender, Peer } from './contest.js'

/** An array that a program is given as `arrays[k]`, in float32. */
export interface Given {
  readonly dimensions: readonly number[]
  readonly entries: ArrayLike<number>
}

export interface PythonProgram {
  /** Of the row in a table; the program may add to it by setting `note`. */
  readonly name: string
  readonly arrays: readonly Given[]
  /** Python that defines `work()`; what it gives is checked, and a list of arrays is one array after another. */
  readonly text: string
}

const harness = (folder: string, { arrays, text }: PythonProgram): string => `
import sys, time, base64
try:
    import numpy as np
except ImportError:
    sys.exit('there is no numpy (Debian: python3-numpy libopenblas0)')
data = np.fromfile(${JSON.stringify(join(folder, 'arrays'))}, dtype=np.float32)
arrays, at = [], 0
for shape in ${JSON.stringify(arrays.map(({ dimensions }) => dimensions))}:
    size = int(np.prod(shape))
    arrays.append(data[at:at + size].reshape(shape).copy())
    at += size
note = 'numpy ' + np.__version__
${text}
result = work()
parts = result if isinstance(result, (list, tuple)) else [result]
result = np.concatenate([np.asarray(part, dtype=np.float64).ravel() for part in parts])
print(note, flush=True)
for line in sys.stdin:
    count = int(line)
    if count == 0:
        print(base64.b64encode(result.tobytes()).decode(), flush=True)
        continue
    start = time.perf_counter()
    for _ in range(count):
        work()
    print(1000 * (time.perf_counter() - start), flush=True)
`

/** A program as a contender, or why it does not run. */
export const pythonPeer = async (program: PythonProgram): Promise<Peer> => {
  const { name, arrays } = program
  const folder = mkdtempSync(join(tmpdir(), 'markovcat-bench-'))
  const lengths = arrays.map((array) => array.entries.length)
  const entries = new Float32Array(lengths.reduce((sum, length) => sum + length, 0))
  arrays.reduce((at, array) => {
    entries.set(array.entries, at)
    return at + array.entries.length
  }, 0)
  writeFileSync(join(folder, 'arrays'), entries)
  writeFileSync(join(folder, 'program.py'), harness(folder, program))
  const child = spawn('python3', [join(folder, 'program.py')], {
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      said += error.message
      resolve()
    })
    child.on('close', () => {
      resolve()
    })
  }).then(() => {
    rmSync(folder, { recursive: true })
    return undefined
  })
  // Writing to a process that has ended is told by its missing answer.
  child.stdin.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<string> => {
    const line = await lines.next()
    if (line.done === true) {
      await ended
      throw new Error(said.trim().split('\n').at(-1) ?? 'it ended')
    }
    return line.value
  }
  const ask = (count: number): Promise<string> => {
    child.stdin.write(`${count}\n`)
    return answer()
  }
  try {
    const note = await answer()
    const contender: Contender = {
      name: `${name} (${note})`,
      run: async () => new Float64Array(new Uint8Array(Buffer.from(await ask(0), 'base64')).buffer),
      times: async (count) => Number(await ask(count)),
      stop: async () => {
        child.stdin.end()
        await ended
      },
    }
    return contender
  } catch (error) {
    return { name, why: error instanceof Error ? error.message : String(error) }
  }
}

/** Factors of a sum of products, by the numbers of their arrays and the names of their indices. */
export interface Einsum {
  readonly name: string
  readonly arrays: readonly Given[]
  readonly operands: readonly Operand[]
  /** For each sum that is wanted: which operands it is of, and the indices that are left. One run does them all. */
  readonly sums: readonly { readonly operands: readonly number[]; readonly output: readonly number[] }[]
}
export interface Operand {
  readonly array: number
  readonly indices: readonly number[]
  /** Where an index is known, its value: the array is read there at each run. */
  readonly at: ReadonlyMap<number, number>
}

/** numpy einsum along the path that opt_einsum finds, found once; where there is no opt_einsum, along numpy's own. */
export const einsumPeer = ({ name, arrays, operands, sums }: Einsum): Promise<Peer> => {
  const free = ({ indices, at }: Operand): readonly number[] => indices.filter((index) => !at.has(index))
  const read = ({ array, indices, at }: Operand): string =>
    at.size === 0 ? `arrays[${array}]` : `arrays[${array}][${indices.map((index) => at.get(index) ?? ':').join(', ')}]`
  const text = `
operands = lambda: [${operands.map(read).join(', ')}]
indices = ${JSON.stringify(operands.map(free))}
sums = ${JSON.stringify(sums.map((sum) => [sum.operands, sum.output]))}
shapes = [operand.shape for operand in operands()]
try:
    import opt_einsum as oe
    note = 'opt_einsum ' + oe.__version__ + ', ' + note
    def term(indices): return ''.join(oe.get_symbol(index) for index in indices)
    def expression(chosen, output):
        equation = ','.join(term(indices[k]) for k in chosen) + '->' + term(output)
        found = oe.contract_expression(equation, *[shapes[k] for k in chosen], optimize='auto-hq' if len(chosen) <= 128 else 'greedy')
        return lambda given: found(*given)
except ImportError:
    note = "numpy's own greedy path, " + note
    def expression(chosen, output):
        used = sorted(set(index for k in chosen for index in indices[k]))
        if len(used) > 52 or len(chosen) > 60:
            sys.exit('numpy alone takes at most 52 indices, and there is no opt_einsum (pip install opt_einsum)')
        letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
        def term(indices): return ''.join(letters[used.index(index)] for index in indices)
        equation = ','.join(term(indices[k]) for k in chosen) + '->' + term(output)
        given = operands()
        path = np.einsum_path(equation, *[given[k] for k in chosen], optimize='greedy')[0]
        return lambda given: np.einsum(equation, *given, optimize=path)
expressions = [(chosen, expression(chosen, output)) for chosen, output in sums]
def work():
    given = operands()
    return [contract([given[k] for k in chosen]) for chosen, contract in expressions]`
  return pythonPeer({ name, arrays, text })
}
