/** The published Bayesian networks beside the project, where they are there. */
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export const networkFolder = '../shared/data/bif'
export const networksAreThere = existsSync(networkFolder)

export const bifOf = (name: string): string =>
  gunzipSync(readFileSync(`${networkFolder}/${name}.bif.gz`)).toString('utf8')
