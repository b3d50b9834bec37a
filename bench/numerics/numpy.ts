/** The same sums in numpy, float32, a chunk at a time from the same file: with as many threads as its BLAS takes. */

/** Python that is given the path of a file and the length of a chunk, and prints its seconds, peak megabytes and mean NLL as JSON. */
export const numpyPass = `
import json, resource, struct, sys, time
import numpy as np
path, length = sys.argv[1], int(sys.argv[2])
with open(path, 'rb') as file:
    size = struct.unpack('<Q', file.read(8))[0]
    header = json.loads(file.read(size))
types = {'F16': np.float16, 'F32': np.float32, 'F64': np.float64, 'I32': np.int32}
def tensor(name):
    entry = header[name]
    start, shape = 8 + size + entry['data_offsets'][0], tuple(entry['shape'])
    return np.memmap(path, types[entry['dtype']], 'r', start, shape)
hidden, targets = tensor('hidden'), tensor('next_tokens')
head, bias = np.float32(tensor('head.weight')), np.float32(tensor('head.bias'))
n, d = hidden.shape
v = head.shape[0]
start = time.perf_counter()
sums = dict(nll=0., entropies=np.zeros(4), targets=np.zeros(v), predictions=np.zeros(v), hidden=np.zeros(d),
    second=np.zeros((d, d)), target=np.zeros((v, d)), shuffled=np.zeros((v, d)), prediction=np.zeros((v, d)),
    mean=np.zeros((d, d)))
generator = np.random.default_rng(1)
for at in range(0, n, length):
    h, w = np.float32(hidden[at:at + length]), np.array(targets[at:at + length])
    z = h @ head.T + bias
    z -= z.max(1, keepdims=True)
    q = np.exp(z)
    total = q.sum(1, keepdims=True)
    q /= total
    rows = np.arange(len(w))
    sums['nll'] += float((np.log(total[:, 0]) - z[rows, w]).sum(dtype=np.float64))
    root = np.sqrt(q)
    bhattacharyya = (q * root).sum(1)
    sums['entropies'] += [(-(q * (z - np.log(total))).sum(1)).sum(dtype=np.float64), (1 - (q * q).sum(1)).sum(dtype=np.float64),
        (1 - bhattacharyya).sum(dtype=np.float64), (-2 * np.log(bhattacharyya)).sum(dtype=np.float64)]
    sums['targets'] += np.bincount(w, minlength=v)
    sums['predictions'] += q.sum(0)
    sums['hidden'] += h.sum(0)
    sums['second'] += h.T @ h
    np.add.at(sums['target'], w, h)
    np.add.at(sums['shuffled'], generator.permutation(w), h)
    sums['prediction'] += q.T @ h
    m = q @ head
    sums['mean'] += m.T @ m
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(dict(contexts=n, seconds=seconds, peak=peak, nll=sums['nll'] / n)))
`
