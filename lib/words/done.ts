/**
 * What the form before this page did, in words: the page is opened with `?fatto=<code>`.
 * @returns undefined for no code and for any that is not in the page's own list, those that every object inherits too
 */
export const doneInWords = (
  sentences: Readonly<Record<string, string>>,
  code: string | string[] | undefined,
): string | undefined =>
  typeof code === 'string' && Object.hasOwn(sentences, code) ? sentences[code] : undefined
