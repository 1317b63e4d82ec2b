/**
 * What the form before this page did: the page is opened with `?fatto=<code>`.
 * @returns undefined for no code and for any that is not in the page's own list, those that every object inherits too
 */
export const doneInWords = <Sentence extends string>(
  sentences: Readonly<Record<string, Sentence>>,
  code: string | string[] | undefined,
): Sentence | undefined =>
  typeof code === 'string' && Object.hasOwn(sentences, code) ? sentences[code] : undefined
