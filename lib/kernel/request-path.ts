/** The header that tells a page its own address (lib/entry/page-headers.ts): Next gives it only to code in the browser. */
export const PATH_HEADER = 'x-refettorio-path'
